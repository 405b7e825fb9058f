"""The first page: the register at a glance."""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities.models import Entry, Relationship, RelationshipType
from cities.standing import Status
from cities.words import grouped_by_type
from exchanges.models import Exchange
from exchanges.sections import in_sections
from exchanges.states import Phase
from resolutions.models import Action, ActionCitation


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The register at a glance: who we are tied to today, and the newest lines."""
    today = localdate()
    ties = Relationship.objects.public().for_list().with_standing(today)
    over_or_not_begun = (None, Status.ENDED, Status.PROPOSED)
    alive = [tie for tie in ties if tie.standing.status not in over_or_not_begun]
    groups = grouped_by_type(alive, RelationshipType.objects.all())
    lines = Entry.objects.public().for_reading().counting().filter(on_earliest__lte=today)
    citations = Prefetch("citations", ActionCitation.objects.public(), "public_citations")
    actions = (
        Action.objects.public()
        .filter(on_earliest__lte=today)
        .select_related("resolution", "organization")
        .prefetch_related("ballots", citations)
    )
    return render(
        request,
        "home.html",
        {
            "groups": groups,
            "country_count": len({tie.partner.country for tie in alive}),
            "first": min((tie.standing.began for tie in alive), key=_first_day, default=None),
            "lines": lines.order_by("-on_earliest", "-line")[:5],
            "actions": actions.order_by("-on_earliest", "-resolution", "-line")[:3],
            "open": in_sections(_open(today), today)[:5],
        },
    )


def _open(today: date) -> Any:
    """Exchanges that take applications."""
    exchanges: Any = Exchange.objects.public().for_list().with_phase(today)
    return exchanges.filter(phase=Phase.OPEN)


def _first_day(mark: object) -> date:
    return mark.on.earliest if mark else date.max  # type: ignore[attr-defined]
