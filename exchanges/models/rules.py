"""The rules of exchanges that need other records, what was on record before, or the day.

What the database can check in one row is in `Exchange.Meta.constraints`.
"""

from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.rules import Rule, rule
from exchanges.states import MOVES, State, may_follow


class ExchangeRecord(Protocol):
    """What the rules read of an exchange, and of the row that is stored."""

    state: str
    program: Any
    is_draft: bool
    is_published: bool
    begins_earliest: date | None
    ends_earliest: date | None
    applications_close_on: date | None

    def get_state_display(self) -> str: ...


TOO_LATE = _("That date has passed. Enter a closing date from today on, or choose another state.")


@rule("X2", "state")
def moves_sensibly(
    exchange: ExchangeRecord, stored: ExchangeRecord | None, today: date
) -> list[str]:
    """A public exchange changes its state step by step, and stays held or canceled for good."""
    if stored is None or stored.is_draft or may_follow(stored.state, exchange.state):
        return []
    if stored.state == State.HELD:
        return [gettext("The exchange was held, so its state stays. Correct its report instead.")]
    if stored.state == State.CANCELLED:
        return [
            gettext("The exchange was canceled, so its state stays. Announce it again instead.")
        ]
    return [
        gettext("The exchange is “%(before)s” now. Choose one of these first: %(after)s.")
        % {
            "before": stored.get_state_display(),
            "after": ", ".join(str(state.label) for state in MOVES[State(stored.state)]),
        }
    ]


@rule("X1", "program")
def program_is_not_withdrawn(
    exchange: ExchangeRecord, stored: ExchangeRecord | None, today: date
) -> list[str]:
    """A withdrawn program has no public exchange."""
    if not exchange.is_published or not exchange.program.is_withdrawn:
        return []
    return [
        gettext("“%s” was withdrawn, so it cannot have a public exchange. Choose another program.")
        % exchange.program
    ]


@rule("X3", "state")
def held_by_now(exchange: ExchangeRecord, stored: ExchangeRecord | None, today: date) -> list[str]:
    """An exchange is marked as held only after it took place."""
    if exchange.state != State.HELD:
        return []
    if exchange.begins_earliest and exchange.begins_earliest > today:
        return [gettext("The exchange has not begun yet. Choose “Held” after it takes place.")]
    if exchange.ends_earliest and exchange.ends_earliest > today:
        return [gettext("The exchange is not over yet. Choose “Held” after its last day.")]
    return []


@rule("X4", "state")
def says_how_to_apply(
    exchange: ExchangeRecord, stored: ExchangeRecord | None, today: date
) -> list[str]:
    """An exchange takes applications once its program says how to apply."""
    if exchange.state != State.OPEN or exchange.program.says_how_to_apply:
        return []
    return [gettext("The program does not say how to apply. Add that to the program first.")]


@rule("X5", "applications_close_on")
def closes_in_time(
    exchange: ExchangeRecord, stored: ExchangeRecord | None, today: date
) -> list[str]:
    """A new closing day for applications is not in the past.

    A new row is not refused: a file may bring back what was open long ago. The form asks
    `is_too_late` of what is new, and so does `Exchange.publish`.
    """
    closes = exchange.applications_close_on
    if stored is None or not is_too_late(exchange.state, closes, today):
        return []
    is_set = stored.state != State.OPEN or stored.applications_close_on != closes
    return [str(TOO_LATE)] if is_set else []


def is_too_late(state: str | None, closes: date | None, today: date) -> bool:
    """Return whether an exchange in that state is open, though its last day has passed."""
    return state == State.OPEN and closes is not None and closes < today


RULES: tuple[Rule, ...] = (
    program_is_not_withdrawn,
    moves_sensibly,
    held_by_now,
    says_how_to_apply,
    closes_in_time,
)
