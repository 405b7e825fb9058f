"""The clocks of Michigan's Open Meetings Act, MCL 15.269(3).

Proposed minutes are open to the public within 8 business days after the meeting, approved
minutes within 5 business days after the meeting that approved them.

The Act does not say what a business day is. Here it is Monday to Friday but for the State of
Michigan's holidays, as the library `holidays` keeps them. They leave out more days than the
national ones (December 24 and 31, the day after Thanksgiving, the day of a general election),
and know nothing of a day on which only the City's offices are closed.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

JURISDICTION = "US-MI"
"""The ISO 3166-2 code of the state whose Act this is. Elsewhere there are no deadlines here."""

PROPOSED_WITHIN = 8
"""Business days after the meeting: MCL 15.269(3), first sentence."""

APPROVED_WITHIN = 5
"""Business days after the meeting that approved them: the second sentence."""


class ClockState(TextChoices):
    """How a clock stands on a day."""

    DUE = "due", _("due")
    LATE = "late", _("late")
    MET = "met", _("met")
    MET_LATE = "met_late", _("met late")


@dataclass(frozen=True)
class Clock:
    """What must be done by the end of the day `due`, and was done on `done` if it was."""

    due: date
    done: date | None = None

    def state(self, on: date) -> ClockState:
        """How it stands at the end of the day `on`; what was done later is not done yet."""
        if self.done is not None and self.done <= on:
            return ClockState.MET if self.done <= self.due else ClockState.MET_LATE
        return ClockState.DUE if on <= self.due else ClockState.LATE

    def days_left(self, on: date) -> int | None:
        """Business days after `on` up to the due one; ``None`` once it is done.

        0 on the due day. After it, minus the business days since: 0 on the weekend after a Friday,
        though `state` is already late.
        """
        if self.done is not None and self.done <= on:
            return None
        return business_days_between(on, self.due)


def proposed_minutes_due(meeting: date) -> date:
    """The last day to make proposed minutes of a meeting available."""
    return business_days_after(meeting, PROPOSED_WITHIN)


def approved_minutes_due(approved_at: date) -> date:
    """The last day to make minutes available that were approved at a meeting on that day."""
    return business_days_after(approved_at, APPROVED_WITHIN)


def is_business_day(day: date) -> bool:
    """Monday to Friday, and no holiday of the State of Michigan."""
    return day.weekday() < 5 and day not in _weekday_holidays(day.year)


def business_days_after(day: date, count: int) -> date:
    """The business day that is number `count` after `day`, which itself is not counted.

    For 0 it is `day`, whatever it is. Raises `ValueError` for fewer than 0 and `OverflowError`
    after the year 9999.
    """
    if count < 0:
        raise ValueError("Business days are counted forward.")
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def business_days_between(first: date, last: date) -> int:
    """Business days after `first` up to and with `last`; negative where `last` is earlier."""
    if last < first:
        return -business_days_between(last, first)
    weekdays = _weekdays_up_to(last) - _weekdays_up_to(first)
    return weekdays - sum(
        bisect_right(closed, last) - bisect_right(closed, first)
        for closed in map(_weekday_holidays, range(first.year, last.year + 1))
    )


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from January 1 of the year 1, a Monday, up to and with `day`."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, 5)


@lru_cache(maxsize=256)
def _weekday_holidays(year: int) -> tuple[date, ...]:
    """The State's holidays of a year, with the days that stand for them, on Mondays to Fridays."""
    from holidays import country_holidays  # noqa: PLC0415 - half a second few commands need

    return tuple(
        day
        for day in sorted(country_holidays("US", subdiv="MI", years=year))
        if day.year == year and day.weekday() < 5
    )
