"""One dull maker per record: valid, published, nothing random; a test states what it needs."""

from itertools import count
from typing import Any

from cities.models import (
    Acceptance,
    Agreement,
    AgreementTitle,
    Authority,
    Citation,
    City,
    CityName,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.publishing import Publication

_numbers = count(1)


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    defaults = {
        "slug": f"source-{number}",
        "title": f"Source {number}",
        "kind": "press",
        "grade": "press",
        "publication": Publication.PUBLISHED,
    }
    return Source.objects.create(**defaults | fields)


def make_city(slug: str | None = None, **fields: Any) -> City:
    slug = slug or f"place-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "name": slug.replace("-", " ").title(),
        "kind": "city",
        "country": "US",
        "publication": Publication.PUBLISHED,
    }
    return City.objects.create(**defaults | fields)


def home() -> City:
    """Lansing: the same place however often it is asked for."""
    return City.objects.filter(slug="lansing").first() or make_city("lansing")


def make_type(slug: str = "sister-city", **fields: Any) -> RelationshipType:
    """A type; the same one again for the same slug."""
    found = RelationshipType.objects.filter(slug=slug).first()
    if found:
        return found
    name = slug.replace("-", " ").capitalize()
    defaults = {
        "slug": slug,
        "name": name,
        "name_plural": f"{name} (plural)",
        "definition": f"What a {name} is.",
        "rank": RelationshipType.objects.count() + 1,
    }
    return RelationshipType.objects.create(**defaults | fields)


def make_organization(slug: str | None = None, **fields: Any) -> Organization:
    slug = slug or f"body-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "name": slug.replace("-", " ").title(),
        "classification": "council",
        "publication": Publication.PUBLISHED,
    }
    return Organization.objects.create(**defaults | fields)


def make_authority(organization: Organization, **fields: Any) -> Authority:
    return Authority.objects.create(
        **{"organization": organization, "place": home(), "since": "1900"} | fields
    )


def make_relationship(partner: City | None = None, **fields: Any) -> Relationship:
    partner = partner or make_city()
    defaults = {
        "home": home(),
        "partner": partner,
        "slug": f"lansing-{partner.slug}",
        "publication": Publication.PUBLISHED,
    }
    return Relationship.objects.create(**defaults | fields)


def make_entry(relationship: Relationship, kind: str, on: str, **fields: Any) -> Entry:
    """A published line, accepted unless it says why it is not preferred, with one source."""
    cited = fields.pop("source", None)
    defaults = {
        "relationship": relationship,
        "line": relationship.entries.count() + 1,
        "kind": kind,
        "on": on,
        "publication": Publication.PUBLISHED,
        "acceptance": Acceptance.CLAIMED
        if fields.get("why_not_preferred")
        else Acceptance.ACCEPTED,
    }
    entry = Entry.objects.create(**defaults | fields)
    Citation.objects.create(entry=entry, source=cited or make_source())
    return entry


def make_tie(slug: str | None = None, since: str = "1969-10-01", **fields: Any) -> Relationship:
    """A published relationship with a place, active since a day."""
    kind = fields.pop("type", None) or make_type()
    relationship = make_relationship(make_city(slug), **fields)
    make_entry(relationship, "signed", since, type=kind)
    return relationship


def make_agreement(relationship: Relationship, **fields: Any) -> Agreement:
    defaults = {
        "slug": f"agreement-{next(_numbers)}",
        "kind": "agreement",
        "publication": Publication.PUBLISHED,
    }
    agreement = Agreement.objects.create(**defaults | fields)
    agreement.relationships.add(relationship)
    return agreement


def make_name(city: City, text: str, **fields: Any) -> CityName:
    return CityName.objects.create(
        **{"city": city, "text": text, "language": "ja", "kind": "native"} | fields
    )


def make_succession(predecessor: City, successor: City, **fields: Any) -> Succession:
    defaults = {
        "predecessor": predecessor,
        "successor": successor,
        "kind": "split_into",
        "source": fields.pop("source", None) or make_source(),
    }
    return Succession.objects.create(**defaults | fields)


def make_full_tie(slug: str | None = None, *, parts: int = 1) -> Relationship:
    """A published tie with something, or `parts` of it, wherever a page or the API shows any.

    Its line 3 is a claim; the source of the claim stands behind much else.
    """
    council = make_organization(place=home(), source=make_source())
    make_authority(council, until="2100", basis="The charter.", source=make_source())
    place = make_city(
        slug,
        country="JP",
        subdivision="JP-25",
        part_of=make_city(kind="prefecture", country="JP"),
        latitude="35.018",
        longitude="135.855",
        geography_source=make_source(),
        population=345_000,
        population_year=2020,
        population_scope="city",
        population_source=make_source(),
    )
    tie = make_relationship(place, lead_commissioner="A Commissioner", story="A story.")
    make_entry(tie, "signed", "1969-10-01", type=make_type(), decided_by=council)
    source = make_source(publisher="A publisher", dated="1969")
    for number in range(parts):
        make_name(place, f"大津{number}", source=source)
        make_city(part_of=place, country="JP")
        make_succession(place, make_city(country="JP"), on="2012~")
        make_succession(make_city(country="JP"), place)
        body = make_organization(place=place, source=source)
        make_authority(body, place=place, basis="A rule.", source=source)
        make_entry(tie, "reaffirmed", "2019~", decided_by=council, partner=make_city(country="JP"))
        make_entry(tie, "concluded", "1968", why_not_preferred="Only a year.", source=source)
        disputed = make_entry(tie, "noted", "2020")
        Citation.objects.create(entry=disputed, source=source, role="disputes", says="Not so.")
        make_entry(
            tie,
            "visited",
            "2021",
            publication=Publication.WITHDRAWN,
            withdrawn_on="2022-01-01",
            withdrawn_because="It was another place.",
        )
        agreement = make_agreement(tie, signed_on="1969-10-01")
        agreement.documents.add(source)
        AgreementTitle.objects.create(agreement=agreement, language="ja", text="姉妹都市")
        Signatory.objects.create(agreement=agreement, name="A Mayor", office="Mayor")
    return tie
