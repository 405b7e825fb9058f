"""The home page: the whole record at a glance."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities import shared
from cities.figures import first_date, partners_in_words
from cities.models import Entry
from cities.partner_map import map_of_today
from cities.words import grouped_by_type
from exchanges.models import Exchange
from exchanges.sections import Section, in_order, section_of
from exchanges.states import State
from resolutions.models import Action
from resolutions.models.ballots import count_ballots


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today’s sister and friendship cities, what comes next, and what was decided."""
    today = localdate()
    types = shared.relationship_types()
    alive = [each for each in shared.partners_today(today) if each.standing.is_alive]
    entries = _entries(today)
    return render(
        request,
        "home.html",
        {
            "groups": grouped_by_type(alive, types),
            "partners": partners_in_words(alive, types),
            "first_date": first_date(alive),
            "map": map_of_today(today, False),
            "next": _to_join(today, limit=5),
            "on_this_day": _on_this_day(entries, today)[:3],
            "entries": entries.order_by("-on_earliest", "-number")[:5],
            "actions": _newest_votes(today, limit=3),
        },
    )


def _to_join(today: date, limit: int) -> list[Any]:
    """Return the first exchanges that take applications or are still to come."""
    not_over = Q(last__gte=today) | Q(last__isnull=True)
    exchanges = Exchange.objects.public().for_list().with_last_days().filter(not_over)
    exchanges = exchanges.exclude(state=State.CANCELLED)
    open_or_coming = [one for one in exchanges if section_of(one, today) <= Section.COMING]
    return in_order(open_or_coming, today)[:limit]


def _entries(today: date) -> Any:
    """Return the accepted entries up to today."""
    entries = Entry.objects.public().counting().filter(on_earliest__lte=today)
    return entries.select_related("relationship__partner", "relationship__home", "type")


def _on_this_day(entries: Any, today: date) -> Any:
    """Return the entries with a known day whose anniversary is today, the oldest first."""
    of_the_day = entries.filter(on_earliest=F("on_latest"), on_earliest__lt=today)
    return of_the_day.filter(on_earliest__month=today.month, on_earliest__day=today.day).order_by(
        "on_earliest", "number"
    )


def _newest_votes(today: date, limit: int) -> list[Action]:
    """Return the newest action of each resolution, the newest first."""
    actions = Action.objects.public().filter(on_earliest__lte=today)
    newer = actions.filter(resolution=OuterRef("resolution")).filter(
        Q(on_earliest__gt=OuterRef("on_earliest"))
        | Q(on_earliest=OuterRef("on_earliest"), number__gt=OuterRef("number"))
    )
    newest = actions.filter(~Exists(newer)).select_related(
        "resolution", "organization", "shares_vote_with"
    )
    found = list(newest.order_by("-on_earliest", "-resolution", "-number")[:limit])
    count_ballots(found)
    return found
