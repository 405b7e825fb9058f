"""One dull maker per record: valid, published, nothing random; a test states what it needs."""

from datetime import timedelta
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
    CitySummary,
    Entry,
    FormerCountry,
    Organization,
    Population,
    Register,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.records.countries import GONE
from cities.records.folding import plain
from cities.records.publishing import Publication
from exchanges.models import (
    AwardCategory,
    AwardKind,
    Exchange,
    ExchangeRole,
    Funding,
    PopulationBand,
    Program,
    ProgramRole,
)
from resolutions.course import VOTED
from resolutions.models import (
    Action,
    ActionCitation,
    Attendance,
    Ballot,
    Effect,
    Meeting,
    Member,
    Minutes,
    NumberingScheme,
    Office,
    OtherNumber,
    Relation,
    Reply,
    Resolution,
    Seat,
    Statement,
    Term,
    Text,
    VoteRequirement,
)
from tests.remembered import remembered

_numbers = count(1)


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    defaults = {
        "slug": f"source-{number}",
        "title": f"Source {number}",
        "kind": "press",
        "reliability": "press",
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
    city = defaults | fields
    there = {name: city.get(name, "") for name in ("country", "subdivision")}
    taken = City.objects.filter(plain_name=plain(city["name"]), **there).exists()
    return City.objects.create(**{"is_another_place": taken} | city)


def home() -> City:
    """Lansing: the same place however often it is asked for."""
    found = City.objects.filter(slug="lansing").first()
    return found or make_city("lansing", subdivision="US-MI")


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
    slug = slug or f"organization-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "name": slug.replace("-", " ").title(),
        "classification": "council",
        "publication": Publication.PUBLISHED,
    }
    return Organization.objects.create(**defaults | fields)


def make_register(**fields: Any) -> Register:
    """Lansing’s register, maintained by its commission; `fields` are those of the commission."""
    name = "Lansing Regional Sister Cities Commission"
    maintainer = make_organization("lrscc", name=name, classification="commission", **fields)
    return Register.objects.create(home=home(), maintainer=maintainer)


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
        "number": relationship.entries.count() + 1,
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


@remembered
def make_partnership(
    slug: str | None = None, since: str = "1969-10-01", **fields: Any
) -> Relationship:
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


def make_population(city: City, count: int = 345_000, **fields: Any) -> Population:
    defaults = {"scope": "city", "on": "2020", "source": fields.pop("source", None)}
    defaults["source"] = defaults["source"] or make_source()
    return Population.objects.create(**{"city": city, "count": count} | defaults | fields)


def make_former_country(city: City, **fields: Any) -> FormerCountry:
    defaults = {"country": "SUHH", "until": "1991-12-26"}
    return FormerCountry.objects.create(**{"city": city} | defaults | fields)


def make_summary(city: City, language: str = "ja", **fields: Any) -> CitySummary:
    defaults = {"text": "湖のほとりの町。", "written_by": "The office"}
    return CitySummary.objects.create(**{"city": city, "language": language} | defaults | fields)


def make_succession(predecessor: City, successor: City, **fields: Any) -> Succession:
    defaults = {
        "predecessor": predecessor,
        "successor": successor,
        "kind": "split_into",
        "source": fields.pop("source", None) or make_source(),
    }
    return Succession.objects.create(**defaults | fields)


@remembered
def make_full_partnership(slug: str | None = None, *, parts: int = 1) -> Relationship:
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
    )
    relationship = make_relationship(place, lead_commissioner="A Commissioner", story="A story.")
    make_entry(relationship, "signed", "1969-10-01", type=make_type(), decided_by=council)
    source = make_source(publisher="A publisher", dated="1969")
    for number in range(parts):
        make_name(place, f"大津{number}", source=source)
        make_summary(place, f"ja-{number:03}")
        make_population(place, on=str(2020 - number))
        make_former_country(place, country=GONE[number], source=source)
        relationship.other_records.add(make_source())
        make_city(part_of=place, country="JP")
        make_succession(place, make_city(country="JP"), on="2012~")
        make_succession(make_city(country="JP"), place)
        organization = make_organization(place=place, source=source)
        make_authority(organization, place=place, basis="A rule.", source=source)
        make_entry(
            relationship,
            "reaffirmed",
            "2019~",
            decided_by=council,
            partner=make_city(country="JP"),
        )
        make_entry(
            relationship, "concluded", "1968", why_not_preferred="Only a year.", source=source
        )
        disputed = make_entry(relationship, "noted", "2020")
        Citation.objects.create(entry=disputed, source=source, role="disputes", says="Not so.")
        make_entry(
            relationship,
            "visited",
            "2021",
            publication=Publication.WITHDRAWN,
            withdrawn_on="2022-01-01",
            withdrawn_because="It was another place.",
        )
        agreement = make_agreement(relationship, signed_on="1969-10-01")
        agreement.documents.add(source)
        AgreementTitle.objects.create(agreement=agreement, language="ja", text="姉妹都市")
        Signatory.objects.create(agreement=agreement, name="A Mayor", office="Mayor")
    return relationship


# --- councils and what they decided -------------------------------------------------------


def council() -> Organization:
    """Lansing’s Council: the same however often it is asked for."""
    found = Organization.objects.filter(slug="lansing-city-council").first()
    return found or make_organization("lansing-city-council", place=home())


def make_seat(organization: Organization | None = None, **fields: Any) -> Seat:
    number = next(_numbers)
    defaults = {
        "slug": f"seat-{number}",
        "organization": organization or council(),
        "label": f"Ward {number}",
        "since": "1978",
    }
    return Seat.objects.create(**defaults | fields)


def make_vote_requirement(
    organization: Organization | None = None, **fields: Any
) -> VoteRequirement:
    """More than half of all seats, for every motion, unless it is said otherwise."""
    defaults = {
        "slug": f"vote-requirement-{next(_numbers)}",
        "organization": organization or council(),
        "requirement": "majority",
        "base": "seats",
    }
    return VoteRequirement.objects.create(
        **defaults | {"source": fields.pop("source", None) or make_source()} | fields
    )


def make_numbering_scheme(
    organization: Organization | None = None, **fields: Any
) -> NumberingScheme:
    """Resolutions whose numbers begin again each year, unless it is said otherwise."""
    defaults = {
        "slug": f"numbering-{next(_numbers)}",
        "organization": organization or council(),
        "kind": "resolution",
        "restarts": "yearly",
    }
    return NumberingScheme.objects.create(
        **defaults | {"source": fields.pop("source", None) or make_source()} | fields
    )


def make_member(slug: str | None = None, **fields: Any) -> Member:
    slug = slug or f"member-{next(_numbers)}"
    name = slug.replace("-", " ").title()
    defaults = {
        "slug": slug,
        "name": name,
        "sort_name": name,
        "publication": Publication.PUBLISHED,
    }
    return Member.objects.create(**defaults | fields)


def make_term(member: Member | None = None, seat: Seat | None = None, **fields: Any) -> Term:
    """A term from 2010 on, in a seat of its own unless one is given."""
    seat = seat or (None if "organization" in fields else make_seat())
    defaults = {
        "member": member or make_member(),
        "seat": seat,
        "since": "2010-01-01",
    }
    if seat is not None:
        defaults["organization"] = seat.organization
    return Term.objects.create(
        **defaults | {"source": fields.pop("source", None) or make_source()} | fields
    )


def make_office(member: Member, role: str = "president", **fields: Any) -> Office:
    """An office in the council, of 2013 as far as its source says."""
    defaults = {
        "member": member,
        "organization": fields.pop("organization", None) or council(),
        "role": role,
        "since": "2013",
        "until": "2013",
    }
    return Office.objects.create(
        **defaults | {"source": fields.pop("source", None) or make_source()} | fields
    )


@remembered
def make_members(count: int = 8, organization: Organization | None = None) -> list[Member]:
    """So many members of an organization, each in a seat of its own, since 2010."""
    organization = organization or council()
    return [make_term(seat=make_seat(organization)).member for __ in range(count)]


def make_meeting(on: str = "2013-08-19", **fields: Any) -> Meeting:
    defaults = {
        "slug": f"meeting-{next(_numbers)}",
        "organization": fields.pop("organization", None) or council(),
        "on": on,
        "publication": Publication.PUBLISHED,
    }
    return Meeting.objects.create(**defaults | fields)


def make_attendance(meeting: Meeting, member: Member, presence: str = "present") -> Attendance:
    return Attendance.objects.create(meeting=meeting, member=member, presence=presence)


def make_minutes(meeting: Meeting, **fields: Any) -> Minutes:
    defaults = {
        "meeting": meeting,
        "number": meeting.minutes.count() + 1,
        "kind": "proposed",
        "available_on": fields.get("decided_at", meeting).days[1] + timedelta(days=3),
        "text": "The Council met.",
        "publication": Publication.PUBLISHED,
    }
    minutes = Minutes(**defaults | fields)
    minutes.full_clean()
    minutes.save()
    return minutes


def make_resolution(slug: str | None = None, **fields: Any) -> Resolution:
    slug = slug or f"resolution-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "organization": fields.pop("organization", None) or council(),
        "title": slug.replace("-", " ").capitalize(),
        "publication": Publication.PUBLISHED,
    }
    return Resolution.objects.create(**defaults | fields)


def make_text(
    resolution: Resolution, text: str = "RESOLVED, that it is so.", **fields: Any
) -> Text:
    """A published version, introduced unless it says otherwise, saved as the form saves it."""
    defaults = {
        "resolution": resolution,
        "kind": "introduced",
        "publication": Publication.PUBLISHED,
    }
    version = Text(text=text, **defaults | fields)
    version.full_clean()
    version.save()
    return version


def make_action(
    resolution: Resolution, kind: str = "adopt", on: str = "2013-08-19", **fields: Any
) -> Action:
    """A published action with one source; what needs a vote carried, by a way not recorded."""
    cited = fields.pop("source", None)
    defaults = {
        "resolution": resolution,
        "organization": resolution.organization,
        "number": resolution.actions.count() + 1,
        "kind": kind,
        "on": on,
        "publication": Publication.PUBLISHED,
    }
    if kind in VOTED:
        defaults |= {"method": "not_recorded", "outcome": "carried"}
    action = Action.objects.create(**defaults | fields)
    ActionCitation.objects.create(action=action, source=cited or make_source())
    return action


def make_roll_call(
    resolution: Resolution, choices: str, members: list[Member], **fields: Any
) -> Action:
    """An adoption by roll call; `choices` has a letter for each member (y, n, a, x, r, p)."""
    names = {"y": "yes", "n": "no", "a": "abstain", "x": "absent", "r": "recused"}
    names |= {"p": "not_voting"}  # present
    action = make_action(resolution, **{"method": "roll_call", "outcome": "carried"} | fields)
    for letter, member in zip(choices, members, strict=True):
        Ballot.objects.create(action=action, member=member, choice=names[letter])
    return action


def make_effect(resolution: Resolution, kind: str = "urges", **fields: Any) -> Effect:
    defaults = {
        "resolution": resolution,
        "number": resolution.effects.count() + 1,
        "kind": kind,
        "what": "the commission to end the tie",
        "publication": Publication.PUBLISHED,
    }
    return Effect.objects.create(**defaults | fields)


def make_reply(effect: Effect, **fields: Any) -> Reply:
    defaults = {
        "effect": effect,
        "number": effect.replies.count() + 1,
        "organization": fields.pop("organization", None) or make_organization(),
        "on": "2013-08-20",
        "answer": "moot",
        "summary": "There is nothing to end.",
        "source": fields.pop("source", None) or make_source(),
        "publication": Publication.PUBLISHED,
    }
    return Reply.objects.create(**defaults | fields)


def make_other_number(resolution: Resolution, kind: str, number: str) -> OtherNumber:
    """Another number of a resolution, saved as the form saves it."""
    other = OtherNumber(resolution=resolution, kind=kind, number=number)
    other.full_clean()
    other.save()
    return other


def make_relation(resolution: Resolution, other: Resolution, kind: str = "amends") -> Relation:
    return Relation.objects.create(resolution=resolution, other=other, kind=kind)


def make_statement(slug: str | None = None, **fields: Any) -> Statement:
    slug = slug or f"statement-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "title": slug.replace("-", " ").capitalize(),
        "speaker": "A Mayor",
        "office": "Mayor",
        "on": "2013-07-22",
        "summary": "What the mayor said.",
        "source": fields.pop("source", None) or make_source(),
        "publication": Publication.PUBLISHED,
    }
    return Statement.objects.create(**defaults | fields)


@remembered
def make_full_resolution(slug: str | None = None, *, parts: int = 1) -> Resolution:
    """A published resolution with something, or `parts` of it, wherever a page shows any."""
    source = make_source()
    members = make_members(8) if not Term.objects.exists() else list(Member.objects.all()[:8])
    relationship = make_partnership()
    council = make_organization(place=home())
    serial = next(_numbers)
    resolution = make_resolution(
        slug,
        number=f"#2013-{serial:03}",
        number_year=2013,
        number_serial=serial,
        summary="What it is about.",
        introduced_by="The Committee of the Whole",
    )
    resolution.sponsors.set(members[:2])
    resolution.relationships.add(relationship)
    resolution.places.add(relationship.partner)
    resolution.sources.add(source)
    meeting = make_meeting(on="2013-08-19", note="It met.")
    meeting.sources.add(source)
    make_action(resolution, "introduce", "2013-07-29", source=source)
    for number in range(parts):
        kind = "introduced" if number == 0 else "substitute"
        text = make_text(resolution, f"WHEREAS, {number};\n\nRESOLVED, that {number}.", kind=kind)
        make_action(resolution, "amend", "2013-08-05", text=text, mover=members[0], source=source)
    for member in members:
        make_attendance(meeting, member)
    for number in range(parts):
        make_minutes(meeting, source=source, available_on="2013-08-22")
        effect = make_effect(
            resolution,
            addressed_to=council,
            relationship=relationship,
            place=relationship.partner,
            what=f"Thing {number}",
        )
        make_reply(effect, organization=council, source=source)
        make_relation(resolution, make_resolution(), "amends")
        make_relation(make_resolution(), resolution, "implements")
        resolution.sources.add(make_source())
    make_roll_call(
        resolution,
        "yyyyyyyx",
        members,
        text=make_text(resolution, "RESOLVED, that it is so.", kind="adopted"),
        meeting=meeting,
        mover=members[0],
        seconder=members[1],
        requirement="majority",
        base="seats",
        announced_yes=7,
        announced_no=0,
        source=source,
    )
    statement = make_statement(organization=council, source=source)
    statement.relationships.add(relationship)
    statement.places.add(relationship.partner)
    return resolution


# --- programs and exchanges -----------------------------------------------------------


def make_program(
    slug: str | None = None, relationship: Relationship | None = None, **fields: Any
) -> Program:
    slug = slug or f"program-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "title": slug.replace("-", " ").capitalize(),
        "kind": "youth_education",
        "how_to_apply": "Write to the office.",
        "publication": Publication.PUBLISHED,
    }
    program = Program.objects.create(**defaults | fields)
    program.relationships.add(relationship or make_relationship())
    return program


def make_program_role(
    program: Program, organization: Organization | None = None, role: str = "organizer"
) -> ProgramRole:
    return ProgramRole.objects.create(
        program=program, organization=organization or make_organization(), role=role
    )


def make_exchange(
    slug: str | None = None, relationship: Relationship | None = None, **fields: Any
) -> Exchange:
    """A published exchange that is planned, with the partner of its program."""
    slug = slug or f"exchange-{next(_numbers)}"
    program = fields.pop("program", None) or make_program(relationship=relationship)
    defaults = {
        "slug": slug,
        "program": program,
        "title": slug.replace("-", " ").capitalize(),
        "direction": "out",
        "publication": Publication.PUBLISHED,
    }
    exchange = Exchange.objects.create(**defaults | fields)
    exchange.relationships.set([relationship] if relationship else program.relationships.all())
    return exchange


def make_held_exchange(
    slug: str | None = None, relationship: Relationship | None = None, **fields: Any
) -> Exchange:
    """An exchange of July 2025 with its whole report."""
    defaults = {
        "state": "held",
        "begins": "2025-07-01",
        "ends": "2025-07-14",
        "people_sent": 12,
        "people_hosted": 0,
        "students": 10,
        "volunteers": 5,
        "volunteer_hours": 80,
        "home_stays": 12,
        "story": "What came of it.",
    }
    return make_exchange(slug, relationship, **defaults | fields)


def make_exchange_role(
    exchange: Exchange, organization: Organization | None = None, role: str = "host"
) -> ExchangeRole:
    return ExchangeRole.objects.create(
        exchange=exchange, organization=organization or make_organization(), role=role
    )


def make_funding(
    exchange: Exchange, organization: Organization | None = None, **fields: Any
) -> Funding:
    """Money of an unknown amount, unless it says more."""
    defaults = {"exchange": exchange, "organization": organization or make_organization()}
    return Funding.objects.create(**defaults | fields)


def make_award_category(slug: str | None = None, *kinds: str, **fields: Any) -> AwardCategory:
    slug = slug or f"category-{next(_numbers)}"
    defaults = {
        "slug": slug,
        "name": slug.replace("-", " ").capitalize(),
        "rank": AwardCategory.objects.count() + 1,
    }
    category = AwardCategory.objects.create(**defaults | fields)
    for kind in kinds:
        AwardKind.objects.create(category=category, kind=kind)
    return category


def make_population_band(
    least: int = 100_001, most: int | None = 300_000, **fields: Any
) -> PopulationBand:
    return PopulationBand.objects.create(**{"least": least, "most": most} | fields)


@remembered
def make_full_exchange(slug: str | None = None, *, parts: int = 1) -> Exchange:
    """A held exchange with something, or `parts` of it, wherever a page or the API shows any."""
    source = make_source()
    relationships = [make_partnership() for __ in range(parts)]
    program = make_program(
        relationship=relationships[0], since="1982", contact_office="The office"
    )
    exchange = make_held_exchange(
        slug,
        relationships[0],
        program=program,
        where=relationships[0].partner,
        cost="1250.50",
        cost_currency="USD",
        counts_source=source,
        applications_open_on="2025-01-01",
        applications_close_on="2025-03-01",
    )
    for record in (program, exchange):
        record.relationships.set(relationships)
        record.sources.add(source)
    for number in range(parts):
        make_program_role(program)
        make_exchange_role(exchange)
        make_funding(exchange, amount="500", currency="USD", year=2025, source=source)
        make_funding(exchange, nature="in_kind", what=f"Thing {number}", source=source)
        exchange.sources.add(make_source())
    return exchange
