"""A status on any day, as one row for each period between the dated rows of a history.

The rows of one history, in order, each open a period that lasts until the next one. A row says
what holds in each, so that asking for a day is a join.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from cities.records.derived_rows import DerivedRows


class Periods(DerivedRows):
    """The periods of a kind of history, by its rules.

    `unfold` is the rule; `state` gives what it says holds in a period as columns of the table.
    """

    unique_fields = ("opened_by",)

    @abstractmethod
    def dated(self, pks: Collection[int]) -> Iterable[Any]:
        """Return what `unfold` reads of the dated rows that count, record after record."""

    @abstractmethod
    def unfold(self, dated: Iterable[Any]) -> Iterator[tuple[date, Any, Any]]:
        """Yield, of the dated rows of one record, each that opens a period, with its first day
        and what holds from then on."""

    @abstractmethod
    def state(self, state: Any) -> dict[str, Any]:
        """Return what holds in a period, by the columns of the table."""

    def rows(self, pks: Collection[int]) -> Iterator[Any]:
        for owner, dated in groupby(self.dated(pks), lambda row: getattr(row, self.owner)):
            opened = list(self.unfold(dated))
            ends = [*(first_day for first_day, __, __ in opened[1:]), None]
            for (first_day, row, state), until in zip(opened, ends, strict=False):
                yield self.table(
                    **{self.owner: owner},
                    opened_by_id=row.pk,
                    first_day=first_day,
                    until=until,
                    **self.state(state),
                )


def covering(day: date) -> Q:
    """Return the period of a history that covers a day, over its relation ``periods``."""
    begun = Q(periods__first_day__lte=day)
    return begun & (Q(periods__until__isnull=True) | Q(periods__until__gt=day))
