"""The page of a city, with what every app knows of it."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities import gaps
from cities.models import Authority, City, Entry, Relationship, Source, Succession
from cities.models.citations import CitationRole
from cities.records.publishing import find_public
from cities.standing import Kind, Standing, Status
from exchanges.calendars import calendar_address
from exchanges.models import Exchange, Program
from exchanges.sections import with_editions
from lrscc.pages.statements_timeline import newest_request, statements_timeline


def _supporting(entry: Any) -> Source | None:
    """Return the first public source that supports an entry; needs `for_reading`."""
    citations = entry.public_citations
    supporting = (each.source for each in citations if each.role == CitationRole.SUPPORTS)
    return next(supporting, None)


def _partner_ceased(standing: Standing | None, history: list[Entry]) -> Entry | None:
    """Return the entry that the partner ceased to exist, of a relationship ended by another."""
    if standing is None or standing.status != Status.ENDED:
        return None
    ceased = (entry for entry in history if entry.counts and entry.kind == Kind.PARTNER_CEASED)
    return next((entry for entry in ceased if entry != standing.since), None)


def _successions(place: City) -> dict[str, list[Succession]]:
    """Return what the city became, and what it came from."""
    of_it = Q(predecessor=place) | Q(successor=place)
    steps = list(Succession.objects.between_public_places().filter(of_it))
    return {
        "became": [step for step in steps if step.predecessor_id == place.pk],
        "came_from": [step for step in steps if step.successor_id == place.pk],
    }


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """One city: its relationship and why it stands so, its history, and what is missing."""
    places = City.objects.public().select_related(
        "part_of", "geography_source", "population_source"
    )
    place = find_public(places.prefetch_related("names__source", "summaries"), Q(slug=slug))
    today = localdate()
    relationship = gaps.with_entries(Relationship.objects.public().filter(partner=place)).first()
    standing = relationship.standing_on(today) if relationship else None
    entries = relationship.entries.all() if relationship else []
    history = [entry for entry in entries if not entry.is_claimed or entry.is_withdrawn]
    timeline = statements_timeline(place, relationship, today)
    return render(
        request,
        "city.html",
        {
            "place": place,
            "relationship": relationship,
            "standing": standing,
            "source": _supporting(standing.since) if standing and standing.since else None,
            "ceased": _partner_ceased(standing, history),
            "history": history,
            "claims": [entry for entry in entries if entry.is_claimed and entry.is_published],
            "gaps": list(gaps.gaps_of(relationship, today)) if relationship else [],
            **_successions(place),
            "parts": place.parts.public(),
            "continued": Entry.objects.public()
            .for_reading()
            .filter(partner=place)
            .exclude(relationship__partner=place),
            "authorities": Authority.objects.public().filter(place=place),
            "today": today,
            "timeline": timeline,
            "newest_request": newest_request(timeline),
            "deciders": _deciders(relationship.home, today) if relationship else [],
            "programs": list(_programs(relationship, today)) if relationship else [],
            "calendar": calendar_address(place.slug),
        },
    )


def _deciders(home: City, today: date) -> list[str]:
    """Return the names of who decides about relationships of the home city today."""
    over_it = Authority.objects.public().over(home, today, today)
    return [authority.organization.name for authority in over_it]


def _programs(relationship: Relationship, today: date) -> Any:
    """Return the programs about a relationship, or with an exchange about it."""
    exchanges = Exchange.objects.public().filter(relationships=relationship)
    about = Q(relationships=relationship) | Q(pk__in=exchanges.values("program"))
    found = Program.objects.filter(about).values("pk")
    return with_editions(Program.objects.public().filter(pk__in=found).for_list(), today)
