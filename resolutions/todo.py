"""What is left for the clerk to do: deadlines, missing numbers and missing replies."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.records.publishing import Publication
from cities.records.tasks import TASKS_SHOWN, Task, TaskList
from resolutions.course import Status
from resolutions.deadlines import (
    JURISDICTION,
    Clock,
    ClockState,
    approved_minutes_due,
    proposed_minutes_due,
)
from resolutions.models import Effect, Meeting, Minutes, Resolution
from resolutions.models.meetings import MeetingState
from resolutions.models.minutes import MinutesKind
from resolutions.words import REQUESTS

DAYS_NAMED = 366
"""Days for which each meeting without minutes is named; older ones are counted."""


def task_lists(today: date) -> list[TaskList]:
    """Return all that is left to do, in a fixed number of queries."""
    return [
        _minutes(today),
        _without_number(today),
        TaskList.of(_("Numbers that are not on record"), _numbers_missing()),
        _without_reply(today),
    ]


# --- minutes -----------------------------------------------------------------------------


def clock_sentence(label: Any, clock: Clock, today: date) -> str:
    """Return “Proposed minutes: due August 29, 2013, 3 business days late.”, for example."""
    parts = {
        "what": label,
        "due": date_format(clock.due),
        "done": clock.done and date_format(clock.done),
    }
    state = clock.state(today)
    if state == ClockState.MET:
        return gettext("%(what)s: available to the public on %(done)s. Due %(due)s.") % parts
    if state == ClockState.MET_LATE:
        return gettext("%(what)s: available to the public on %(done)s, late. Due %(due)s.") % parts
    days = clock.days_left(today) or 0
    if state == ClockState.LATE:
        sentence = ngettext(
            "%(what)s: due %(due)s, %(days)s business day late.",
            "%(what)s: due %(due)s, %(days)s business days late.",
            -days,
        )
        return sentence % {**parts, "days": number_format(-days, force_grouping=True)}
    sentence = ngettext(
        "%(what)s: due %(due)s, %(days)s business day left.",
        "%(what)s: due %(due)s, %(days)s business days left.",
        days,
    )
    return sentence % {**parts, "days": days}


def clock_tasks(meeting: Meeting, today: date) -> list[Task]:
    """Return the deadlines of a meeting's minutes, each in a sentence."""
    return [
        Task(clock_sentence(label, clock, today), meeting, clock.state(today) == ClockState.LATE)
        for label, clock in meeting.clocks
    ]


def _minutes(today: date) -> TaskList:
    """Return meetings with proposed minutes due, and approved minutes that are still a draft."""
    since = today - timedelta(days=DAYS_NAMED)
    counted = _held_without_minutes(today).annotate(
        recent=Window(Count("pk", filter=Q(on_earliest__gte=since))),
        older=Window(Count("pk", filter=Q(on_earliest__lt=since))),
    )
    meetings = list(counted.order_by("-on_earliest", "pk")[:TASKS_SHOWN])
    recent, older = (meetings[0].recent, meetings[0].older) if meetings else (0, 0)
    tasks = []
    for meeting in meetings[:recent]:
        clock = Clock(proposed_minutes_due(meeting.on_earliest))
        tasks.append(_minutes_due(meeting, _("Proposed minutes"), clock, meeting, today))
    count = recent - len(tasks)  # what is only counted
    for minutes in _approved_drafts():
        clock = Clock(approved_minutes_due(minutes.decided_at.days[1]))
        tasks.append(_minutes_due(minutes.meeting, _("Approved minutes"), clock, minutes, today))
    if older:
        sentence = ngettext(
            "%(count)s meeting before %(since)s has no minutes on record.",
            "%(count)s meetings before %(since)s have no minutes on record.",
            older,
        )
        parts = {"count": older, "since": date_format(since)}
        tasks.append(Task(sentence % parts, is_late=True))
    heading = _("Minutes due under the Open Meetings Act")
    return TaskList(heading, tasks[:TASKS_SHOWN], count + len(tasks))


def _held_without_minutes(today: date) -> QuerySet:
    """Return the meetings held on a known day that have no published minutes."""
    published = Minutes.objects.filter(publication=Publication.PUBLISHED)
    held = Meeting.objects.exclude(publication=Publication.WITHDRAWN).filter(
        organization__place__subdivision=JURISDICTION,
        state=MeetingState.HELD,
        on_earliest=F("on_latest"),
        on_latest__lte=today,
    )
    return held.exclude(pk__in=published.values("meeting")).select_related("organization")


def _approved_drafts() -> QuerySet:
    """Return the approved minutes that are still a draft, the newest first."""
    approved = Minutes.objects.filter(
        meeting__organization__place__subdivision=JURISDICTION,
        publication=Publication.DRAFT,
        kind=MinutesKind.APPROVED,
        decided_at__isnull=False,
    )
    newest_first = approved.order_by("-decided_at__on_earliest", "pk")
    return newest_first.select_related("meeting__organization", "decided_at")


def _minutes_due(meeting: Meeting, label: Any, clock: Clock, record: Any, today: date) -> Task:
    is_late = clock.state(today) == ClockState.LATE
    return Task(f"{meeting}. {clock_sentence(label, clock, today)}", record, is_late)


# --- numbers and replies -----------------------------------------------------------------


def _adopted(resolutions: Any, today: date) -> QuerySet:
    return resolutions.with_course(today).filter(course_status=Status.ADOPTED)


def _without_number(today: date) -> TaskList:
    published = Resolution.objects.filter(publication=Publication.PUBLISHED, number="")
    adopted = _adopted(published, today)
    return TaskList.of_rows(
        _("Adopted resolutions without a number"),
        adopted.order_by(F("course_since_earliest").desc(nulls_last=True), "pk"),
        lambda resolution: (
            gettext("%(title)s, adopted %(date)s")
            % {"title": resolution.title, "date": resolution.course.since}
        ),
    )


def _numbers_missing() -> Iterator[Task]:
    """Find the numbers that are missing from a series that is on record as complete.

    From others they are no task: most registers hold only what concerns sister cities, a few of
    the hundreds that a council adopts in a year.
    """
    for series in Resolution.objects.numbering():
        for gap in series.gaps:
            sentence = (
                gettext("%(organization)s, %(kind)s %(year)s: %(numbers)s")
                if series.year
                else gettext("%(organization)s, %(kind)s: %(numbers)s")
            )
            parts = {
                "organization": series.scheme.organization.name,
                "kind": series.scheme.get_kind_display().lower(),
                "year": series.year,
                "numbers": gap,
            }
            yield Task(sentence % parts, series.scheme)


def _without_reply(today: date) -> TaskList:
    """Return the requests of adopted resolutions to which no reply is on record."""
    on_record = ~Q(replies__publication=Publication.WITHDRAWN)
    requests = (
        Effect.objects.public()
        .filter(kind__in=REQUESTS, addressed_to__isnull=False)
        .annotate(answers=Count("replies", filter=on_record))
        .filter(answers=0)
        .select_related("resolution", "addressed_to")
    )
    adopted = _adopted(Resolution.objects.all(), today)
    return TaskList.of_rows(
        _("Requests without a reply on record"),
        requests.filter(resolution__in=adopted.values("pk")).order_by("-pk"),
        lambda effect: (
            gettext("%(resolution)s: no reply from %(organization)s")
            % {"resolution": effect.resolution, "organization": effect.addressed_to}
        ),
    )
