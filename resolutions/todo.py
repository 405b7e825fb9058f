"""What waits on the clerk: deadlines, drafts, numbers and answers that are missing."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.records.publishing import Publication
from resolutions.course import Status
from resolutions.deadlines import (
    Clock,
    ClockState,
    approved_minutes_due,
    proposed_minutes_due,
)
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Member,
    Minutes,
    Reply,
    Resolution,
    Statement,
    Text,
)
from resolutions.models.effects import EffectKind
from resolutions.models.meetings import MeetingState, MinutesKind
from resolutions.models.resolutions import ResolutionKind
from resolutions.numbers import Number, check_sequence

MOST = 10
"""Rows shown of one kind; the rest is counted."""

RECENT = 366
"""Days for which each meeting without minutes is named; older ones are counted."""

PUBLISHABLE: list[Any] = [
    Member,
    Meeting,
    Minutes,
    Resolution,
    Text,
    Action,
    Effect,
    Reply,
    Statement,
]


@dataclass(frozen=True)
class Task:
    """One thing to do: in words, and the record where it is done, if there is one."""

    words: str
    record: Any = None
    is_late: bool = False


@dataclass(frozen=True)
class Heap:
    """Things to do of one kind: the first few, and how many there are."""

    heading: str
    tasks: list[Task] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)


def heaps(today: date | None = None) -> list[Heap]:
    """All that waits, in a fixed number of queries; nothing of what is done."""
    today = today or localdate()
    every = [
        _heap(_("Minutes, by the Open Meetings Act"), _minutes(today)),
        _heap(_("Drafts that wait to be published"), _drafts()),
        _without_number(today),
        _heap(_("Numbers that are missing or used twice"), _sequences()),
        _unanswered(today),
    ]
    return [heap for heap in every if heap.count]


def _heap(heading: str, tasks: Iterator[Task]) -> Heap:
    found = [*tasks]
    return Heap(heading, found[:MOST], len(found))


def _first_of(heading: str, rows: QuerySet, words: Callable[[Any], str]) -> Heap:
    """The first few of rows that may be thousands."""
    return Heap(heading, [Task(words(row), row) for row in rows[:MOST]], rows.count())


# --- deadlines ---------------------------------------------------------------------------


def clock_sentence(label: Any, clock: Clock, today: date) -> str:
    """How a clock stands: “Proposed minutes: due August 29, 2013, late by 3 business days.”"""
    parts = {
        "what": label,
        "due": date_format(clock.due),
        "done": clock.done and date_format(clock.done),
    }
    state = clock.state(today)
    if state == ClockState.MET:
        return _("%(what)s: open to the public on %(done)s, due %(due)s.") % parts
    if state == ClockState.MET_LATE:
        return _("%(what)s: open to the public on %(done)s, late: due %(due)s.") % parts
    days = clock.days_left(today) or 0
    if state == ClockState.LATE:
        words = ngettext(
            "%(what)s: due %(due)s, late by %(days)s business day.",
            "%(what)s: due %(due)s, late by %(days)s business days.",
            -days,
        )
        return words % {**parts, "days": -days}
    words = ngettext(
        "%(what)s: due %(due)s, %(days)s business day left.",
        "%(what)s: due %(due)s, %(days)s business days left.",
        days,
    )
    return words % {**parts, "days": days}


def clock_sentences(meeting: Meeting, today: date) -> list[Task]:
    """The clocks of a meeting, each in a sentence."""
    return [
        Task(clock_sentence(label, clock, today), meeting, clock.state(today) == ClockState.LATE)
        for label, clock in meeting.clocks
    ]


def _minutes(today: date) -> Iterator[Task]:
    """Meetings whose proposed minutes are not open yet; approved minutes still a draft."""
    open_now = Minutes.objects.filter(publication=Publication.PUBLISHED)
    held = Meeting.objects.exclude(publication=Publication.WITHDRAWN).filter(
        state=MeetingState.HELD, on_earliest=F("on_latest"), on_latest__lte=today
    )
    lacking = held.exclude(pk__in=open_now.values("meeting")).select_related("organization")
    since = today - timedelta(days=RECENT)
    for meeting in lacking.filter(on_earliest__gte=since).order_by("-on_earliest", "pk"):
        clock = Clock(proposed_minutes_due(meeting.on_earliest))
        yield _due(meeting, _("Proposed minutes"), clock, meeting, today)
    approved = Minutes.objects.filter(
        publication=Publication.DRAFT, kind=MinutesKind.APPROVED, decided_at__isnull=False
    ).select_related("meeting__organization", "decided_at")
    for minutes in approved.order_by("-decided_at__on_earliest", "pk"):
        assert minutes.decided_at is not None  # filtered above
        clock = Clock(approved_minutes_due(minutes.decided_at.days[1]))
        yield _due(minutes.meeting, _("Approved minutes"), clock, minutes, today)
    if older := lacking.filter(on_earliest__lt=since).count():
        words = ngettext(
            "%(count)s meeting before %(since)s has no minutes on record.",
            "%(count)s meetings before %(since)s have no minutes on record.",
            older,
        )
        yield Task(words % {"count": older, "since": date_format(since)}, is_late=True)


def _due(meeting: Meeting, label: Any, clock: Clock, record: Any, today: date) -> Task:
    is_late = clock.state(today) == ClockState.LATE
    return Task(f"{meeting}. {clock_sentence(label, clock, today)}", record, is_late)


# --- what is missing -----------------------------------------------------------------------


def _drafts() -> Iterator[Task]:
    for model in PUBLISHABLE:
        count = model.objects.filter(publication=Publication.DRAFT).count()
        if count:
            name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            yield Task(f"{count} {name}", model)


def _adopted(resolutions: Any, today: date) -> QuerySet:
    return resolutions.with_course(today).filter(course_status=Status.ADOPTED)


def _without_number(today: date) -> Heap:
    lacking = Resolution.objects.filter(publication=Publication.PUBLISHED, number="")
    adopted = _adopted(lacking, today)
    return _first_of(
        _("Adopted, but the number is not found yet"),
        adopted.order_by(F("course_since_earliest").desc(nulls_last=True), "pk"),
        lambda resolution: (
            _("%(title)s, adopted %(date)s")
            % {"title": resolution.title, "date": resolution.course.since}
        ),
    )


def _sequences() -> Iterator[Task]:
    """What a body’s numbers of one kind and year lack or repeat, the newest year first."""
    columns = ("number_year", "organization__name", "kind", "number_serial", "number_suffix")
    numbered = Resolution.objects.exclude(number="").order_by("-number_year", "organization__name")
    sequences: dict[tuple[int, str, str], list[Number]] = defaultdict(list)
    for year, body, kind, serial, suffix in numbered.values_list(*columns):
        sequences[year, body, kind].append(Number(year, serial, suffix))
    for (year, body, kind), found in sequences.items():
        checked = check_sequence(found)
        parts = {"body": body, "year": year, "kind": ResolutionKind(kind).label.lower()}
        if checked.gaps:
            missing = ", ".join(str(gap) for gap in checked.gaps)
            yield Task(
                _("%(body)s, %(kind)s %(year)s: not on record: %(missing)s")
                % {**parts, "missing": missing}
            )
        if checked.duplicates:
            twice = ", ".join(number.key for number in checked.duplicates)
            yield Task(
                _("%(body)s, %(kind)s %(year)s: used twice: %(twice)s") % {**parts, "twice": twice}
            )


def _unanswered(today: date) -> Heap:
    """What an adopted resolution urges, to whom, without any reply on record."""
    standing = ~Q(replies__publication=Publication.WITHDRAWN)
    asked = (
        Effect.objects.public()
        .filter(kind=EffectKind.URGES, addressed_to__isnull=False)
        .annotate(answers=Count("replies", filter=standing))
        .filter(answers=0)
        .select_related("resolution", "addressed_to")
    )
    adopted = _adopted(Resolution.objects.all(), today)
    return _first_of(
        _("Asked for, and no reply on record"),
        asked.filter(resolution__in=adopted.values("pk")).order_by("-pk"),
        lambda effect: (
            _("%(resolution)s: %(who)s was asked")
            % {"resolution": effect.resolution, "who": effect.addressed_to}
        ),
    )
