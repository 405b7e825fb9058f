"""What several pages show, read once for each version of the site.

Short tables, and the partners of today. Everybody gets the same records: nobody may change them.
"""

from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from django.utils.translation import gettext

from cities.models import (
    Agreement,
    AgreementTitle,
    Authority,
    City,
    CityName,
    CitySummary,
    Entry,
    FormerCountry,
    Population,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.records.kept import kept
from cities.words import short_standing


@kept
def cities() -> dict[str, City]:
    """Return the public cities with all that their page says of them, by slug."""
    names = CityName.objects.select_related("source").order_by("kind", "language", "text")
    summaries = CitySummary.objects.order_by("language")
    public = City.objects.public()
    counts = Population.objects.select_related("source").order_by("pk")
    former = FormerCountry.objects.select_related("source").order_by("until_latest", "country")
    others = Prefetch("other_records", Source.objects.public())
    elsewhere = Relationship.objects.public().filter(other_records__isnull=False).distinct()
    elsewhere = elsewhere.prefetch_related(others)
    read = public.select_related("part_of", "geography_source")
    return {
        city.slug: city
        for city in read.prefetch_related(
            Prefetch("names", names),
            Prefetch("summaries", summaries),
            Prefetch("populations", counts),
            Prefetch("former_countries", former),
            Prefetch("relationships", elsewhere, to_attr="recorded_elsewhere"),
        )
    }


@kept
def agreements() -> dict[int, list[Agreement]]:
    """Return the public agreements with their parts, by the keys of their relationships."""
    public = Agreement.objects.public().prefetch_related(
        Prefetch("titles", AgreementTitle.objects.order_by("language")),
        Prefetch("signatories", Signatory.objects.order_by("id")),
        Prefetch("documents", Source.objects.public()),
        Prefetch("relationships", Relationship.objects.with_places()),
    )
    found: dict[int, list[Agreement]] = {}
    for agreement in public:
        for relationship in agreement.relationships.all():
            found.setdefault(relationship.pk, []).append(agreement)
    return found


@kept
def relationship_types() -> list[RelationshipType]:
    return list(RelationshipType.objects.all())


@kept
def partners_today(today: date) -> list[Relationship]:
    """Return the public relationships with names and their standing, if they have one by now."""
    with_standing: Any = Relationship.objects.public().for_list().with_standing(today)
    return list(with_standing.filter(standing_status__isnull=False))


@kept
def relationship_of_each_partner(today: date) -> dict[str, Relationship]:
    """Return the relationship of each city that has one by now, by the slug of the city."""
    by_city: dict[str, Relationship] = {}
    for relationship in partners_today(today):
        by_city.setdefault(relationship.partner.slug, relationship)
    return by_city


def standing_of_city(slug: str, today: date) -> tuple[str | None, str]:
    """Return how a city stands today: its status, and “Sister city, since 1969”.

    None and no words if it never was a partner.
    """
    relationship = relationship_of_each_partner(today).get(slug)
    if relationship is None:
        return None, ""
    names = {kind.slug: kind.name for kind in relationship_types()}
    return relationship.standing.status, gettext("%(type)s, %(standing)s") % {
        "type": names.get(relationship.standing.type, gettext("Partner")),
        "standing": short_standing(relationship.standing, relationship.home),
    }


@kept
def partner_countries() -> list[tuple[str, str]]:
    return Relationship.objects.public().countries()


@kept
def authorities() -> list[Authority]:
    return list(Authority.objects.public())


@kept
def successions() -> list[Succession]:
    return list(Succession.objects.between_public_places())


def predecessors_of(place: City) -> set[int]:
    """Return the keys of the public cities that a city came from, in any number of steps."""
    found: set[int] = set()
    latest = {place.pk}
    while latest:
        steps = (step for step in successions() if step.successor_id in latest)
        latest = {step.predecessor_id for step in steps} - found - {place.pk}
        found |= latest
    return found


@kept
def parts_of_cities() -> list[City]:
    """Return the public cities and districts that are part of another."""
    return list(City.objects.public().filter(part_of__isnull=False))


@kept
def entries_of_others() -> list[Entry]:
    """Return the public entries that made another city the partner of a relationship."""
    named = Entry.objects.public().for_reading().filter(partner__isnull=False)
    return list(named.exclude(relationship__partner=F("partner")))
