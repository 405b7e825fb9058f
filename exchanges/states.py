"""The states of an exchange, and its phase on any day: plain rules, no queries.

Staff set the state; the phase follows from it and from the dates, so that a deadline passes by
itself. `phase` reads one exchange; `ExchangeQuerySet.with_phase` is the same rule in SQL.
A property test compares the two.
"""

from datetime import date
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """What has been decided about an exchange."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for applications")
    CONFIRMED = "confirmed", _("Confirmed")
    HELD = "held", _("Held")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Canceled")


class Phase(TextChoices):
    """The status of an exchange on a day."""

    OPEN = "open", _("Open for applications")
    APPLICATIONS_OVER = "applications_over", _("Applications closed")
    COMING = "coming", _("Coming up")
    UNDER_WAY = "under_way", _("Happening now")
    PAST = "past", _("Past")
    CANCELLED = "cancelled", _("Canceled")
    POSTPONED = "postponed", _("Postponed")
    DAY_UNKNOWN = "day_unknown", _("Dates to be announced")


CALLED_OFF = {State.POSTPONED: Phase.POSTPONED, State.CANCELLED: Phase.CANCELLED}
"""States that need a reason, each with its phase on every day."""

MOVES: dict[State, tuple[State, ...]] = {
    State.PLANNED: (
        State.OPEN,
        State.CONFIRMED,
        State.HELD,
        State.POSTPONED,
        State.CANCELLED,
    ),
    State.OPEN: (
        State.PLANNED,
        State.CONFIRMED,
        State.HELD,
        State.POSTPONED,
        State.CANCELLED,
    ),
    State.CONFIRMED: (State.OPEN, State.HELD, State.POSTPONED, State.CANCELLED),
    State.POSTPONED: (State.PLANNED, State.OPEN, State.CONFIRMED, State.CANCELLED),
    State.HELD: (),
    State.CANCELLED: (),
}
"""What can follow each state once the exchange is public. Held and canceled are final."""


def may_follow(before: str, after: str) -> bool:
    """Return whether an exchange can go from one state to the other, or stay as it is."""
    return before == after or State(after) in MOVES[State(before)]


class Edition(Protocol):
    """What `phase` reads of an exchange."""

    state: str
    applications_open_on: date | None
    applications_close_on: date | None
    begins_earliest: date | None
    begins_latest: date | None
    ends_earliest: date | None
    ends_latest: date | None


def phase(exchange: Edition, on: date) -> Phase:
    """Return the phase of an exchange on day `on`.

    It is under way once it has surely begun, and past once it is surely over. One that was
    held is past as soon as it may be over, since staff recorded it as held.
    """
    if exchange.state in CALLED_OFF:
        return CALLED_OFF[State(exchange.state)]
    first, begun = exchange.begins_earliest, exchange.begins_latest
    if first is None or begun is None:
        return _taking_applications(exchange, on) or Phase.DAY_UNKNOWN
    may_be_over = exchange.ends_earliest or first
    is_over = exchange.ends_latest or begun
    if on > is_over:
        return Phase.PAST
    if exchange.state == State.HELD and on >= first and not begun <= on <= may_be_over:
        return Phase.PAST
    if on >= begun:
        return Phase.UNDER_WAY
    return _taking_applications(exchange, on) or Phase.COMING


def has_exact_days(exchange: Edition) -> bool:
    """Return whether its first and last day are known; a single day has no other end."""
    begins = exchange.begins_earliest
    is_known = begins is not None and begins == exchange.begins_latest
    return is_known and exchange.ends_earliest == exchange.ends_latest


def _taking_applications(exchange: Edition, on: date) -> Phase | None:
    """Return whether applications are open or closed; none before they open."""
    opens, closes = exchange.applications_open_on, exchange.applications_close_on
    if exchange.state != State.OPEN or closes is None or (opens is not None and on < opens):
        return None
    return Phase.OPEN if on <= closes else Phase.APPLICATIONS_OVER
