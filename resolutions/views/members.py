"""The members of each council and commission, and the page of each member."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities.models import Organization
from cities.records.list_form import requested_page
from cities.records.paging import ListPages
from cities.records.publishing import Publication, find_public
from resolutions.gaps import gaps_of_terms
from resolutions.models import (
    Action,
    Ballot,
    Member,
    NumberingScheme,
    Office,
    Resolution,
    Seat,
    Term,
    VoteRequirement,
)

ORGANIZATIONS_PER_PAGE = 25

VOTES_PER_PAGE = 50

NEWEST_LISTED = 20
"""Resolutions that a member sponsored, moved or seconded; the list of resolutions has all."""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The seats of each council and commission and its members, current ones first."""
    today = localdate()
    terms = Term.objects.public()
    organizations = (
        Organization.objects.public()
        .filter(
            Q(pk__in=Seat.objects.values("organization"))
            | Q(pk__in=VoteRequirement.objects.values("organization"))
            | Q(pk__in=NumberingScheme.objects.values("organization"))
            | Q(pk__in=terms.values("organization"))
        )
        .order_by("name", "slug")
        .prefetch_related(
            "seats",
            Prefetch("vote_requirements", VoteRequirement.objects.select_related("source")),
            Prefetch("numbering_schemes", NumberingScheme.objects.select_related("source")),
            Prefetch("terms", terms),
        )
    )
    wanted = request.GET.get("organization", "")
    if wanted:
        organizations = organizations.filter(slug=wanted)
    shown, problem = requested_page(Paginator(organizations, ORGANIZATIONS_PER_PAGE), request.GET)
    return render(
        request,
        "resolutions/member_list.html",
        {
            "rosters": [_roster(organization, today) for organization in shown],
            "page": shown,
            "problem": problem,
            "is_filtered": bool(wanted),
            "today": today,
        },
        status=400 if problem else 200,
    )


def _roster(organization: Organization, today: date) -> dict:
    """Return an organization with its seats and terms: current, with no end date, others."""
    terms = list(organization.terms.all())
    current = [term for term in terms if term.surely_covers(today, today)]
    undated = [term for term in terms if term not in current and term.may_cover(today, today)]
    return {
        "organization": organization,
        "seats": organization.seats.all(),
        "voting_seats": sum(
            seat.places
            for seat in organization.seats.all()
            if seat.is_voting and seat.surely_covers(today, today)
        ),
        "current": current,
        "undated": undated,
        "others": [term for term in terms if term not in current and term not in undated],
    }


def _with_actions(pks: list[Any]) -> Any:
    ballots = Ballot.objects.filter(pk__in=pks).order_by()
    shared = Q(action__sharing__publication=Publication.PUBLISHED)
    ballots = ballots.annotate(others=Count("action__sharing", filter=shared))
    return ballots.select_related("action__resolution", "action__organization")


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One member: terms in office, votes, and resolutions sponsored, moved and seconded."""
    member = find_public(
        Member.objects.public().prefetch_related(
            Prefetch("terms", Term.objects.public()), Prefetch("offices", Office.objects.public())
        ),
        Q(slug=slug),
    )
    actions = (
        Action.objects.public()
        .select_related("resolution", "organization")
        .order_by("-on_earliest", "resolution", "number")
    )
    ballots = Ballot.objects.public().filter(member=member)
    in_order = ballots.order_by("-action__on_earliest", "action__resolution", "-action__number")
    pks = in_order.values_list("pk", flat=True)
    pages = ListPages(pks, VOTES_PER_PAGE, _with_actions, count=ballots.count)
    votes, problem = requested_page(pages, request.GET)
    proposals = {
        "sponsored": Resolution.objects.public().for_list().filter(sponsors=member),
        "moved": actions.filter(mover=member),
        "seconded": actions.filter(seconder=member),
    }
    found = {name: list(rows[: NEWEST_LISTED + 1]) for name, rows in proposals.items()}
    return render(
        request,
        "resolutions/member_detail.html",
        {
            "member": member,
            "votes": votes,
            "problem": problem,
            **{name: rows[:NEWEST_LISTED] for name, rows in found.items()},
            "are_more": any(len(rows) > NEWEST_LISTED for rows in found.values()),
            "gaps": [gap.missing for gap in gaps_of_terms(member.terms.all())],
        },
        status=400 if problem else 200,
    )
