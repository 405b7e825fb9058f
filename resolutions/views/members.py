"""Who sits in which body, and the page of each member."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities.models import Organization
from cities.records.list_form import requested_page
from cities.records.publishing import find_public
from resolutions.gaps import gaps_of_terms
from resolutions.models import Action, Ballot, Member, Resolution, Term

BODIES = 25
"""Bodies on one page of the list."""

VOTES = 50
"""Votes of a member on one page."""

NEWEST = 20
"""What a member put forward is told so far; the list of resolutions has the rest."""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The members of each body, those of today first, with the body's seats."""
    today = localdate()
    terms = Term.objects.public()
    bodies = Organization.objects.public().filter(
        Q(seats__isnull=False) | Q(pk__in=terms.values("organization"))
    )
    shown = bodies.distinct().order_by("name", "slug")
    wanted = request.GET.get("body", "")
    if wanted:
        shown = shown.filter(slug=wanted)
    bodies = shown.prefetch_related("seats", Prefetch("terms", terms))
    asked, problem = requested_page(Paginator(bodies, BODIES), request.GET)
    return render(
        request,
        "resolutions/member_list.html",
        {
            "bodies": [_sitting(body, today) for body in asked],
            "asked": asked,
            "problem": problem,
            "wanted": wanted,
        },
        status=400 if problem else 200,
    )


def _sitting(body: Organization, today: date) -> dict:
    """A body with its seats, and its terms: today's, those that may go on, those of before."""
    terms = list(body.terms.all())
    now = [term for term in terms if term.surely_covers(today, today)]
    maybe = [term for term in terms if term not in now and term.may_cover(today, today)]
    return {
        "body": body,
        "seats": body.seats.all(),
        "places": sum(
            seat.places
            for seat in body.seats.all()
            if seat.is_voting and seat.surely_covers(today, today)
        ),
        "now": now,
        "maybe": maybe,
        "before": [term for term in terms if term not in now and term not in maybe],
    }


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One member: terms, and what the person moved, seconded, sponsored and voted."""
    member = find_public(
        Member.objects.public().prefetch_related(Prefetch("terms", Term.objects.public())),
        Q(slug=slug),
    )
    actions = (
        Action.objects.public()
        .select_related("resolution", "organization")
        .order_by("-on_earliest", "resolution", "number")
    )
    ballots = (
        Ballot.objects.public()
        .filter(member=member)
        .select_related("action__resolution", "action__organization")
        .order_by("-action__on_earliest", "action__resolution", "-action__number")
    )
    votes, problem = requested_page(Paginator(ballots, VOTES), request.GET)
    put_forward = {
        "sponsored": Resolution.objects.public().for_list().filter(sponsors=member),
        "moved": actions.filter(mover=member),
        "seconded": actions.filter(seconder=member),
    }
    found = {name: list(rows[: NEWEST + 1]) for name, rows in put_forward.items()}
    return render(
        request,
        "resolutions/member_detail.html",
        {
            "member": member,
            "votes": votes,
            "problem": problem,
            **{name: rows[:NEWEST] for name, rows in found.items()},
            "are_more": any(len(rows) > NEWEST for rows in found.values()),
            "gaps": [gap.missing for gap in gaps_of_terms(member.terms.all())],
        },
        status=400 if problem else 200,
    )
