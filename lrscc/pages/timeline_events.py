"""What is on record, in order of time: entries, decisions, exchanges held."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from cities.models import Entry
from cities.records.kept import kept
from cities.standing import MOVING
from exchanges.models import Exchange
from exchanges.states import State
from resolutions.course import Status
from resolutions.models import Action, CoursePeriod
from resolutions.models.ballots import count_ballots

DECIDED = (Status.ADOPTED, Status.FAILED, Status.VETOED, Status.RESCINDED)

ENTRY, ACTION, EXCHANGE = "entry", "action", "exchange"


class Event(NamedTuple):
    """Something on record, and when it was; `what` says which kind of record it is."""

    decade: int
    year: int
    """0 where the date may mean more than one year: such stand first in their decade."""

    earliest: date
    what: str
    pk: int

    @classmethod
    def of(cls, what: str, pk: int, earliest: date, latest: date | None) -> "Event":
        sure = latest is not None and latest.year == earliest.year
        decade = earliest.year - earliest.year % 10
        return cls(decade, earliest.year if sure else 0, earliest, what, pk)


@dataclass(frozen=True)
class Year:
    """The records of one year, or with no number those of a decade whose year is not certain."""

    number: int | None
    records: list[tuple[str, Any]]


@dataclass(frozen=True)
class Decade:
    first_year: int
    years: list[Year]


def events(today: date) -> list[Event]:
    """Return everything that happened up to today, in order of its first possible day."""
    found = [
        Event.of(what, *row)
        for what, rows in ((ENTRY, _entries(today)), (ACTION, _actions(today)))
        for row in rows.values_list("pk", "on_earliest", "on_latest")
    ]
    held = _exchanges(today).values_list("pk", "begins_earliest", "begins_latest")
    return sorted([*found, *(Event.of(EXCHANGE, *row) for row in held)])


@dataclass(frozen=True)
class Order:
    """Which records happened in which order: as little of each as will do, for there are many."""

    kinds: bytes
    pks: "array[int]"
    first_of: dict[int, int]
    """The position of the first event of each decade."""

    def __len__(self) -> int:
        return len(self.pks)

    def __getitem__(self, shown: slice) -> list[tuple[str, int]]:
        return [
            (_KINDS[kind], pk) for kind, pk in zip(self.kinds[shown], self.pks[shown], strict=True)
        ]


@kept
def order(today: date) -> Order:
    """Return the order of everything on record, which all pages of the timeline share."""
    every = events(today)
    return Order(
        bytes(_KINDS.index(event.what) for event in every),
        array("q", (event.pk for event in every)),
        {event.decade: n for n, event in reversed(list(enumerate(every)))},
    )


def decades(shown: Iterable[tuple[str, int]], today: date) -> list[Decade]:
    """Return the events with their records by decade and year, without empty years."""
    shown = list(shown)
    wanted = {kind: [pk for what, pk in shown if what == kind] for kind in _KINDS}
    records = {what: find(today).in_bulk(wanted[what]) for what, find in _ALL.items()}
    count_ballots(records[ACTION].values())
    found = [(_event(what, records[what][pk]), records[what][pk]) for what, pk in shown]
    return [
        Decade(decade, list(_years(part)))
        for decade, part in groupby(found, lambda each: each[0].decade)
    ]


def _event(what: str, record: Any) -> Event:
    days = (
        ("begins_earliest", "begins_latest") if what == EXCHANGE else ("on_earliest", "on_latest")
    )
    return Event.of(what, record.pk, *(getattr(record, name) for name in days))


def _years(part: Iterator[tuple[Event, Any]]) -> Iterator[Year]:
    for year, those in groupby(part, lambda each: each[0].year):
        yield Year(year or None, [(event.what, record) for event, record in those])


def _entries(today: date) -> Any:
    """Return accepted entries that change a status; visits and notes are on the city's page."""
    entries = Entry.objects.public().counting().filter(kind__in=MOVING, on_earliest__lte=today)
    return entries.select_related("relationship__partner", "relationship__home", "type")


def _actions(today: date) -> Any:
    """Return actions that decided a resolution; a motion that lost again changed nothing."""
    deciding = CoursePeriod.objects.filter(status__in=DECIDED).values("since")
    actions = Action.objects.public().filter(pk__in=deciding, on_earliest__lte=today)
    return actions.select_related("resolution", "organization", "shares_vote_with")


def _exchanges(today: date) -> Any:
    return Exchange.objects.public().filter(state=State.HELD).for_list()


_ALL = {ENTRY: _entries, ACTION: _actions, EXCHANGE: _exchanges}
_KINDS = tuple(_ALL)
