"""The page of a city, with what every app knows of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities import gaps, shared
from cities.anniversaries import Anniversary, anniversary_of
from cities.current_register import register_of
from cities.models import City, Entry, Relationship, Source, Succession
from cities.models.citations import CitationRole
from cities.records.publishing import Publication, find_public
from cities.standing import ACTIVE, Standing, Status
from cities.words import Group, grouped_by_type
from exchanges.calendars import calendar_address
from exchanges.models import Program
from exchanges.sections import programs_today
from lrscc.pages.statements_timeline import statements_timeline


def _supporting(entry: Any) -> Source | None:
    """Return the first public source that supports an entry; needs `for_reading`."""
    citations = entry.public_citations
    supporting = (each.source for each in citations if each.role == CitationRole.SUPPORTS)
    return next(supporting, None)


@dataclass(frozen=True)
class Section:
    """One relationship of a city, as its page shows it; `number` counts from 1."""

    number: int
    relationship: Relationship
    standing: Standing
    history: list[Entry]
    claims: list[Entry]
    anniversary: Anniversary | None

    @property
    def suffix(self) -> str:
        """The end of the ids on the page; empty for the first relationship."""
        return f"-{self.number}" if self.number > 1 else ""

    @property
    def source(self) -> Source | None:
        return _supporting(self.standing.since) if self.standing.since else None

    @property
    def confirmed(self) -> Entry | None:
        """Return the newest entry that shows an active relationship in effect."""
        return self.standing.confirmed if self.standing.status == Status.ACTIVE else None

    @property
    def partner_term(self) -> Entry | None:
        """Return the newest entry that says what the partner calls the relationship."""
        saying = [each for each in self.history if each.counts and each.partner_term]
        return saying[-1] if saying else None

    @property
    def home_end(self) -> Entry | None:
        """Return what ended the home side of a relationship that had ended before."""
        standing = self.standing
        is_later = standing.home == Status.ENDED and standing.home_since != standing.since
        return standing.home_since if is_later else None

    @property
    def said_otherwise(self) -> bool:
        """Return whether a source has it in effect after it had ended."""
        if self.standing.status != Status.ENDED:
            return False
        ended = self.standing.since.on.latest
        later = (claim.on_latest for claim in self.claims if claim.kind in ACTIVE)
        return any(day is not None and ended is not None and day > ended for day in later)


def _section(number: int, relationship: Relationship, today: date) -> Section:
    entries = relationship.entries.all()
    standing = relationship.standing_on(today)
    return Section(
        number,
        relationship,
        standing,
        [entry for entry in entries if not entry.is_claimed or entry.is_withdrawn],
        [entry for entry in entries if entry.is_claimed and entry.is_published],
        anniversary_of(standing, today),
    )


def _successions(place: City) -> dict[str, list[Succession]]:
    """Return what the city became, and what it came from."""
    steps = shared.successions()
    return {
        "became": [step for step in steps if step.predecessor_id == place.pk],
        "came_from": [step for step in steps if step.successor_id == place.pk],
    }


def _partners(home: City, today: date) -> list[Group]:
    """Return the partners of the home city today, and of those it came from, by type."""
    homes = {home.pk, *shared.predecessors_of(home)}
    own = [each for each in shared.partners_today(today) if each.home_id in homes]
    alive = [each for each in own if each.standing.is_alive]
    return grouped_by_type(alive, shared.relationship_types())


def _inherited(place: City, today: date) -> list[Relationship]:
    """Return the relationships of the partner cities that a city came from."""
    former = shared.predecessors_of(place)
    if not former:
        return []
    return [each for each in shared.partners_today(today) if each.partner_id in former]


def _relationships(place: City, home: City | None) -> list[Relationship]:
    """Return the relationships of a partner with all that its page shows of them."""
    with_it = Relationship.objects.public().filter(partner=place).home_first(home)
    entries = Entry.objects.exclude(publication=Publication.DRAFT).for_history()
    found = gaps.with_history(with_it.select_related("home"), entries)
    for relationship in found:
        relationship.partner = place  # which has its names already
    return found


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """One city: its relationships and why they stand so, their history, and what is missing."""
    place = shared.cities().get(slug) or find_public(City.objects.public(), Q(slug=slug))
    today = localdate()
    home = register_of(request).home_if_known
    relationships = _relationships(place, home)
    sections = [_section(*each, today) for each in enumerate(relationships, start=1)]
    timeline = statements_timeline(place, relationships, today)
    is_home = place == home
    return render(
        request,
        "city.html",
        {
            "place": place,
            "is_home": is_home,
            "partners": _partners(place, today) if is_home else [],
            "sections": sections,
            "standing": sections[0].standing if sections else None,
            "gaps": _gaps(relationships, today),
            **_successions(place),
            "inherited": _inherited(place, today),
            "parts": [part for part in shared.parts_of_cities() if part.part_of_id == place.pk],
            "continued": [each for each in shared.entries_of_others() if each.partner == place],
            "today": today,
            "timeline": timeline,
            **_authorities(place, [each.home for each in relationships[:1]], today),
            "programs": _programs({each.pk for each in relationships}, today),
            "calendar": calendar_address(place.slug),
        },
    )


def _gaps(relationships: list[Relationship], today: date) -> list[gaps.Gap]:
    found = (gap for relationship in relationships for gap in gaps.gaps_of(relationship, today))
    return list(dict.fromkeys(found))


def _authorities(place: City, homes: list[City], today: date) -> dict[str, list[Any]]:
    """Return who decides about the place’s own, and who decides for the home city today."""
    every = shared.authorities()
    return {
        "authorities": [each for each in every if each.place_id == place.pk],
        "deciders": [
            each.organization.name for home in homes for each in every if each.is_over(home, today)
        ],
    }


def _programs(relationships: set[int], today: date) -> list[Program]:
    """Return the programs about the relationships, or with an exchange about one."""
    return [
        program for program, about in programs_today(today) if not about.isdisjoint(relationships)
    ]
