"""What lasts from a date on record to another one."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from cities.records.dates import RecordDate


class Lasting:
    """Something that lasts from a date on record until another, which may be open."""

    since: RecordDate | None
    since_earliest: date | None
    since_latest: date | None
    until: RecordDate | None
    until_earliest: date | None
    until_latest: date | None

    def may_cover(self, first: date, last: date) -> bool:
        """Return whether it may have lasted on some day from `first` to `last`."""
        begun = self.since_earliest is None or self.since_earliest <= last
        return begun and (self.until_latest is None or self.until_latest >= first)

    def surely_covers(self, first: date, last: date) -> bool:
        """Return whether it lasted on every day from `first` to `last`.

        Without a `since` it has always lasted, as far as is known; without an `until` it
        still lasts.
        """
        begun = self.since is None or (self.since_latest or date.max) <= first
        lasts = self.until is None or (self.until_earliest or date.min) >= last
        return begun and lasts

    def surely_leaves(self, other: "Lasting", today: date) -> bool:
        """Return whether some day of it until `today` surely lies outside `other`."""
        begins_before = (
            self.since_latest is not None
            and other.since_earliest is not None
            and self.since_latest < other.since_earliest
        )
        last = (self.until_earliest or date.min) if self.until else today
        return begins_before or (other.until_latest is not None and other.until_latest < last)

    def meets(self, other: "Lasting") -> bool:
        """Return whether both surely lasted on one day."""
        return len(most_on_one_day([self, other])) == 2

    def sure_days(self) -> tuple[date, date] | None:
        """Return the first and the last day on which it surely lasted, if there is one."""
        if self.since and not self.since_latest:
            return None
        first = self.since_latest or date.min
        last = (self.until_earliest or date.min) if self.until else date.max
        return (first, last) if first <= last else None


Kind = TypeVar("Kind", bound=Lasting)


def most_on_one_day(lasting: Iterable[Kind], since: date = date.min) -> list[Kind]:
    """Return those that surely last together on the day, from `since` on, that has most."""
    sure = [(one, days) for one in lasting if (days := one.sure_days())]
    beginnings = {max(days[0], since) for __, days in sure}
    return max(
        (
            [one for one, (first, last) in sure if first <= day <= last]
            for day in sorted(beginnings)
        ),
        key=len,
        default=[],
    )
