"""The list of meetings, and the page of each."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.models import Organization, Source
from cities.records.list_form import ListForm, named
from cities.records.publishing import Publication, find_public
from resolutions.filters import MeetingFilter
from resolutions.gaps import gaps_of_meeting
from resolutions.models import Action, Attendance, Meeting, Minutes
from resolutions.reading import offices, with_shared_votes
from resolutions.views.versions import corrections
from resolutions.words import officers_sentence


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Meetings, newest first."""
    public = Meeting.objects.public()
    of_it = public.filter(organization=OuterRef("pk"))
    organizations = Organization.objects.public().filter(Exists(of_it))
    form = ListForm(
        request.GET,
        MeetingFilter,
        public.select_related("organization"),
        options={"organization": named(organizations)},
        hints={"year": _("For example, 2013.")},
    )
    return render(request, "resolutions/meeting_list.html", {"form": form}, status=form.status)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One meeting: attendance, votes and actions, the minutes and when they were due."""
    drafts = Q(publication=Publication.DRAFT)
    minutes = Minutes.objects.exclude(drafts).select_related("source", "decided_at__organization")
    present = Attendance.objects.filter(member__publication=Publication.PUBLISHED)
    meeting = find_public(
        Meeting.objects.public()
        .select_related("organization__place")
        .prefetch_related(
            Prefetch("minutes", minutes.order_by("number")),
            Prefetch("attendance", present.select_related("member")),
            Prefetch("sources", Source.objects.public()),
        ),
        Q(slug=slug),
    )
    actions: Any = Action.objects.public().filter(meeting=meeting).for_reading()
    actions = with_shared_votes(actions.order_by("on_earliest", "resolution", "number"))
    versions = [version for version in meeting.minutes.all() if version.is_published]
    return render(
        request,
        "resolutions/meeting_detail.html",
        {
            "meeting": meeting,
            "today": localdate(),
            "officers": officers_sentence(meeting, offices().get(meeting.organization_id, [])),
            "chain": _chain(meeting),
            "actions": actions,
            "versions": versions,
            "corrections": corrections(versions),
            "gaps": list(gaps_of_meeting(meeting, actions)),
        },
    )


def _chain(meeting: Meeting) -> list[Meeting]:
    """Return the meeting with those that it continued and those that continued it, in order."""
    linked = list(
        Meeting.objects.public()
        .filter(organization=meeting.organization)
        .filter(Q(reconvened_from__isnull=False) | Q(reconvened_as__isnull=False))
        .select_related("organization")
        .order_by("on_earliest", "begins_at", "slug")
        .distinct()
    )
    known = {other.pk for other in linked}
    chain: set[int | None] = set()
    found: set[int | None] = {meeting.pk}
    while found - chain:
        chain |= found
        found = {other.pk for other in linked if other.reconvened_from_id in chain}
        found |= {other.reconvened_from_id for other in linked if other.pk in chain} & known
    return [other for other in linked if other.pk in chain] if len(chain) > 1 else []
