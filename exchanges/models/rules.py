"""What an exchange may say, given what it said before and the day: rules SQL cannot say.

Each takes an `Exchange` with the row as stored, and today; it answers with sentences that a
person can act on, none if all is well. What SQL can say stands in `Exchange.Meta.constraints`.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Optional

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchanges.states import MOVES, State, may_follow

if TYPE_CHECKING:
    from exchanges.models.exchanges import Exchange

TOO_LATE = _("That day is over. Give a closing day from today on, or choose another state.")


def moves_sensibly(exchange: "Exchange", stored: Optional["Exchange"], today: date) -> list[str]:
    """What people have read moves only as `MOVES` says; a draft is still free."""
    if stored is None or stored.is_draft or may_follow(stored.state, exchange.state):
        return []
    if stored.state == State.HELD:
        return [gettext("It was held, and that stays. Correct its report instead.")]
    if stored.state == State.CANCELLED:
        return [gettext("It was cancelled, and that stays. Announce it again instead.")]
    return [
        gettext("It is “%(before)s”. Choose one of these first: %(after)s.")
        % {
            "before": stored.get_state_display(),
            "after": ", ".join(str(state.label) for state in MOVES[State(stored.state)]),
        }
    ]


def program_stands(exchange: "Exchange", stored: Optional["Exchange"], today: date) -> list[str]:
    """A program that was withdrawn has no public exchange."""
    if not exchange.is_published or not exchange.program.is_withdrawn:
        return []
    return [
        gettext("“%s” was withdrawn: it has no public exchange. Choose another program.")
        % exchange.program
    ]


def held_by_now(exchange: "Exchange", stored: Optional["Exchange"], today: date) -> list[str]:
    """What has surely not begun, or is surely not over, was not held."""
    if exchange.state != State.HELD:
        return []
    if exchange.begins_earliest and exchange.begins_earliest > today:
        return [
            gettext("It has not begun yet: that day is still to come. Choose “Held” after it.")
        ]
    if exchange.ends_earliest and exchange.ends_earliest > today:
        return [gettext("It is not over yet. Choose “Held” after its last day.")]
    return []


def says_how_to_apply(
    exchange: "Exchange", stored: Optional["Exchange"], today: date
) -> list[str]:
    """Applications are taken where the program says how to apply."""
    if exchange.state != State.OPEN or exchange.program.says_how_to_apply:
        return []
    return [gettext("Its program does not say how to apply. Write that there first.")]


def closes_in_time(exchange: "Exchange", stored: Optional["Exchange"], today: date) -> list[str]:
    """A closing day that is over is not set; later it passes by itself.

    A new row is not refused: a file may bring back what was open long ago. The form asks
    `is_too_late` of what is new, and so does `Exchange.publish`.
    """
    closes = exchange.applications_close_on
    if stored is None or not is_too_late(exchange.state, closes, today):
        return []
    is_set = stored.state != State.OPEN or stored.applications_close_on != closes
    return [str(TOO_LATE)] if is_set else []


def is_too_late(state: str | None, closes: date | None, today: date) -> bool:
    """Whether an exchange in that state is open, and its closing day is over."""
    return state == State.OPEN and closes is not None and closes < today


RULES: tuple[tuple[str, Callable[..., list[str]]], ...] = (
    ("program", program_stands),
    ("state", moves_sensibly),
    ("state", held_by_now),
    ("state", says_how_to_apply),
    ("applications_close_on", closes_in_time),
)
"""Each rule with the field where its sentence stands."""
