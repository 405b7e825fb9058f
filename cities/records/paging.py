"""Pages of long lists: the ids in order first, then the rows of one page alone."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

Complete = Callable[[list[Any]], QuerySet]
"""What a page shows of the rows with some ids."""


def in_their_order(pks: list[Any], complete: Complete) -> list[Any]:
    """Return what a page shows of the rows with these ids, in the order of the ids."""
    rows = {row.pk: row for row in complete(pks)}
    return [rows[pk] for pk in pks]


class ListPages(Paginator):
    """Pages of a queryset in a total order. Each is read from the nearer end of the list.

    Where rows take the database long, the queryset gives ids alone, which it sorts and passes
    over, and `complete` the rows of one page. `count` counts them where that is simpler than to
    find them in order.
    """

    def __init__(
        self,
        rows: QuerySet,
        per_page: int,
        complete: Complete | None = None,
        count: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(rows, per_page)
        self.rows = rows
        self.complete = complete
        self._count = count or rows.count

    @cached_property
    def count(self) -> int:
        return self._count()

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        shown = self._slice((number - 1) * self.per_page)
        if self.complete:
            shown = in_their_order(list(shown), self.complete)
        return Page(shown, number, self)

    def _slice(self, first: int) -> Any:
        end = min(first + self.per_page, self.count)
        if first <= self.count - end:
            return self.rows[first:end]
        return list(self.rows.reverse()[self.count - end : self.count - first])[::-1]
