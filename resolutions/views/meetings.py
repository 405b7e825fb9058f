"""The list of meetings, and the page of each."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import Organization, Source
from cities.records.list_form import ListForm, named
from cities.records.publishing import Publication, find_public
from resolutions.filters import MeetingFilter
from resolutions.models import Action, Attendance, Meeting, Minutes
from resolutions.views.versions import corrections


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Meetings, newest first."""
    public = Meeting.objects.public()
    bodies = Organization.objects.public().filter(pk__in=public.values("organization"))
    asked = ListForm(
        request.GET,
        MeetingFilter,
        public.select_related("organization"),
        options={"body": named(bodies)},
        hints={"year": _("Four digits, like 2013.")},
    )
    return render(request, "resolutions/meeting_list.html", {"asked": asked}, status=asked.status)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One meeting: who was there, what was done, its minutes and their clocks."""
    drafts = Q(publication=Publication.DRAFT)
    minutes = Minutes.objects.exclude(drafts).select_related("source", "decided_at__organization")
    present = Attendance.objects.filter(member__publication=Publication.PUBLISHED)
    meeting = find_public(
        Meeting.objects.public()
        .select_related("organization")
        .prefetch_related(
            Prefetch("minutes", minutes.order_by("number")),
            Prefetch("attendance", present.select_related("member")),
            Prefetch("sources", Source.objects.public()),
        ),
        Q(slug=slug),
    )
    actions = Action.objects.public().filter(meeting=meeting).for_reading()
    versions = [version for version in meeting.minutes.all() if version.is_published]
    return render(
        request,
        "resolutions/meeting_detail.html",
        {
            "meeting": meeting,
            "today": localdate(),
            "chain": _chain(meeting),
            "actions": actions.order_by("on_earliest", "resolution", "number"),
            "versions": versions,
            "corrections": corrections(versions),
        },
    )


def _chain(meeting: Meeting) -> list[Meeting]:
    """The meeting with those it went on from and those that went on with it, in order."""
    linked = list(
        Meeting.objects.public()
        .filter(organization=meeting.organization)
        .filter(Q(reconvened_from__isnull=False) | Q(reconvened_as__isnull=False))
        .select_related("organization")
        .order_by("on_earliest", "begins_at", "slug")
        .distinct()
    )
    known = {one.pk for one in linked}
    chain: set[int | None] = set()
    found: set[int | None] = {meeting.pk}
    while found - chain:
        chain |= found
        found = {one.pk for one in linked if one.reconvened_from_id in chain}
        found |= {one.reconvened_from_id for one in linked if one.pk in chain} & known
    return [one for one in linked if one.pk in chain] if len(chain) > 1 else []
