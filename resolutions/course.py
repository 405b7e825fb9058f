"""How actions change the status of a resolution: plain rules, no queries.

`unfold` reads all actions in memory. The database keeps what it yields as rows, as for a
relationship's standing (`resolutions.derivations`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """The status of a resolution on a day."""

    INTRODUCED = "introduced", _("pending")
    REFERRED = "referred", _("referred to committee")
    TABLED = "tabled", _("tabled")
    POSTPONED = "postponed", _("postponed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ADOPTED = "adopted", _("adopted")
    FAILED = "failed", _("failed")
    VETOED = "vetoed", _("vetoed")
    RESCINDED = "rescinded", _("rescinded")
    REVERSED = "reversed", _("reversed")
    SUPERSEDED = "superseded", _("superseded")
    UNKNOWN = "unknown", _("result not on record")


class Kind(TextChoices):
    """A step of a resolution (Robert's Rules of Order)."""

    INTRODUCE = "introduce", _("introduce")
    REFER = "refer", _("refer to committee")
    RECOMMEND = "recommend", _("recommend adoption")
    RECOMMEND_AGAINST = "recommend_against", _("recommend against adoption")
    REPORT = "report", _("report without a recommendation")
    SUSPEND_RULES = "suspend_rules", _("suspend the rules")
    AMEND = "amend", _("amend")
    TABLE = "table", _("table")
    TAKE_FROM_TABLE = "take_from_table", _("take from the table")
    POSTPONE = "postpone", _("postpone")
    WITHDRAW = "withdraw", _("withdraw")
    RECONSIDER = "reconsider", _("reconsider")
    ADOPT = "adopt", _("adopt")
    FAIL = "fail", _("let die without a vote")
    SIGN = "sign", _("sign")
    UNSIGNED = "unsigned", _("let take effect without a signature")
    VETO = "veto", _("veto")
    OVERRIDE = "override", _("override the veto")
    RESCIND = "rescind", _("rescind")
    CORRECT = "correct", _("correct")


class Outcome(TextChoices):
    """Whether the motion passed."""

    CARRIED = "carried", _("Passed")
    LOST = "lost", _("Failed")
    UNKNOWN = "unknown", _("No record of the result")


NOT_CARRIED = (Outcome.LOST, Outcome.UNKNOWN)
"""Outcomes of a motion that did nothing, as far as is known. Without a vote there is none."""

VOTED = (
    Kind.SUSPEND_RULES,
    Kind.AMEND,
    Kind.TABLE,
    Kind.TAKE_FROM_TABLE,
    Kind.POSTPONE,
    Kind.RECONSIDER,
    Kind.ADOPT,
    Kind.OVERRIDE,
    Kind.RESCIND,
)
"""Kinds that are nothing without an outcome."""

UNVOTED = (Kind.INTRODUCE, Kind.FAIL, Kind.SIGN, Kind.UNSIGNED, Kind.VETO)
"""Kinds on which nobody votes. The others are done with a vote or without."""

STATUS_OF: dict[str, Status] = {
    Kind.INTRODUCE: Status.INTRODUCED,
    Kind.REFER: Status.REFERRED,
    Kind.TABLE: Status.TABLED,
    Kind.TAKE_FROM_TABLE: Status.INTRODUCED,
    Kind.POSTPONE: Status.POSTPONED,
    Kind.WITHDRAW: Status.WITHDRAWN,
    Kind.RECONSIDER: Status.INTRODUCED,
    Kind.ADOPT: Status.ADOPTED,
    Kind.FAIL: Status.FAILED,
    Kind.VETO: Status.VETOED,
    Kind.OVERRIDE: Status.ADOPTED,
    Kind.RESCIND: Status.RESCINDED,
}
"""What a kind leads to, unless its motion is lost. The others move nothing.

A committee that recommends decides nothing: the resolution is still referred to it, or to another.
"""

ADOPTING = (Kind.ADOPT, Kind.OVERRIDE)
"""Kinds through which a resolution takes effect."""

UNDOING = (Kind.VETO, Kind.RECONSIDER)
"""Kinds after which an adoption is as if it had not been."""

OPEN = (None, Status.INTRODUCED, Status.REFERRED, Status.POSTPONED)
"""Open to a vote, as far as is known: nobody may have recorded the introduction."""

_OPEN = (*OPEN, Status.UNKNOWN)
_ADOPTED = (Status.ADOPTED, Status.UNKNOWN)

OVER = (
    Status.WITHDRAWN,
    Status.FAILED,
    Status.VETOED,
    Status.RESCINDED,
    Status.REVERSED,
    Status.SUPERSEDED,
)
"""Statuses that another resolution does not change: there is nothing left to end."""

MAY_FOLLOW: dict[str, tuple[Status | None, ...]] = {
    Kind.INTRODUCE: (None,),
    Kind.REFER: _OPEN,
    Kind.RECOMMEND: _OPEN,
    Kind.RECOMMEND_AGAINST: _OPEN,
    Kind.REPORT: _OPEN,
    # To take up what failed, too, or what is on the table (Robert's Rules §25).
    Kind.SUSPEND_RULES: (*_OPEN, Status.TABLED, Status.ADOPTED, Status.FAILED, Status.VETOED),
    Kind.AMEND: _OPEN,
    Kind.TABLE: _OPEN,
    Kind.POSTPONE: _OPEN,
    Kind.TAKE_FROM_TABLE: (Status.TABLED, Status.UNKNOWN),
    Kind.WITHDRAW: (*_OPEN, Status.TABLED),
    Kind.FAIL: (*_OPEN, Status.TABLED),
    # A motion that failed may be made again (Robert's Rules §38).
    Kind.ADOPT: (*_OPEN, Status.FAILED),
    Kind.RECONSIDER: (*_ADOPTED, Status.FAILED),
    Kind.SIGN: _ADOPTED,
    Kind.UNSIGNED: _ADOPTED,
    Kind.VETO: _ADOPTED,
    Kind.OVERRIDE: (Status.VETOED,),
    Kind.RESCIND: _ADOPTED,
    Kind.CORRECT: _ADOPTED,
}
"""The statuses in which each kind of action is possible.

Where the result of the vote is not on record, whatever it was may have allowed the action.
"""


class ActionLike(Protocol):
    """What `unfold` reads of a published action."""

    number: int
    kind: str
    outcome: str
    on_earliest: date | None


@dataclass(frozen=True)
class Ending:
    """The adoption of another resolution that rescinds, reverses or supersedes this one."""

    status: Status
    adoption: Any


@dataclass(frozen=True)
class Course:
    """The status of a resolution on a day, and the action that brought it there."""

    status: str | None = None
    since: Any = None

    @property
    def label(self) -> str:
        return str(Status(self.status).label) if self.status else ""

    @property
    def is_adopted(self) -> bool:
        return self.status == Status.ADOPTED


def moves(kind: str, outcome: str) -> bool:
    """Return whether an action changes the status: a motion that failed changes nothing.

    Except for adoption: a resolution that was put to a vote and lost has failed. A motion
    without a result on record changes nothing either, except that the status after a vote to
    adopt, or to override a veto, is not known.
    """
    if kind not in STATUS_OF:
        return False
    if outcome == Outcome.UNKNOWN:
        return kind in ADOPTING
    return outcome != Outcome.LOST or kind == Kind.ADOPT


def leads_to(kind: str, outcome: str) -> Status:
    """Return the status after an action that changes it."""
    if outcome == Outcome.UNKNOWN:
        return Status.UNKNOWN
    if kind == Kind.ADOPT and outcome == Outcome.LOST:
        return Status.FAILED
    return STATUS_OF[kind]


def in_order(actions: Iterable[ActionLike]) -> list[ActionLike]:
    """Return actions in the order in which they took effect, then were recorded."""
    return sorted(actions, key=lambda action: (_first_day(action), action.number))


def fold(
    actions: Iterable[ActionLike], on: date | None = None, endings: Iterable[Ending] = ()
) -> Course:
    """Return the status that follows from published actions, on day `on` or after all."""
    course = Course()
    for first_day, __, after in unfold(actions, endings):
        if on is not None and first_day > on:
            break
        course = after
    return course


def unfold(
    actions: Iterable[ActionLike], endings: Iterable[Ending] = ()
) -> Iterator[tuple[date, Any, Course]]:
    """Yield each action that changes the status, with the day and the status from then on.

    Among them are adoptions of other resolutions that end this one; those of a day come last.
    """
    steps = [(action, _next_status(action), False) for action in in_order(actions)]
    steps += [(ending.adoption, ending.status, True) for ending in endings]
    course = Course()
    for action, status, is_ending in sorted(steps, key=lambda step: _first_day(step[0])):
        if status is None or action.on_earliest is None or (is_ending and course.status in OVER):
            continue
        if status != course.status:
            course = Course(status, action)
        yield action.on_earliest, action, course


def _first_day(action: ActionLike) -> date:
    return action.on_earliest or date.max


def _next_status(action: ActionLike) -> Status | None:
    """Return what an action leads to, or None if it changes nothing."""
    moves_it = moves(action.kind, action.outcome)
    return leads_to(action.kind, action.outcome) if moves_it else None


def adopting(actions: Iterable[ActionLike]) -> Any:
    """Return the action through which a resolution took effect, or None.

    A veto and a reconsideration undo an adoption as if it had never been. Rescinding does
    not: the resolution was in effect until then.
    """
    found = None
    for action in in_order(actions):
        if action.outcome in NOT_CARRIED:
            continue
        if action.kind in ADOPTING:
            found = action
        elif action.kind in UNDOING:
            found = None
    return found


def out_of_order(actions: Iterable[ActionLike]) -> Iterator[tuple[ActionLike, str | None]]:
    """Return actions that cannot have been taken, each with the status that forbade it."""
    before: list[ActionLike] = []
    for action in in_order(actions):
        status = fold(before).status
        if action.kind in MAY_FOLLOW and status not in MAY_FOLLOW[action.kind]:
            yield action, status
        before.append(action)
