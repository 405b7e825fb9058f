"""Pages of long lists: the ids in order first, then the rows of one page alone."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

Complete = Callable[[list[Any]], QuerySet]
"""What a page shows of the rows with some ids."""


def in_their_order(narrow: QuerySet, complete: Complete) -> list[Any]:
    """Return what a page shows of the rows of a slice, which filters and orders ids alone."""
    pks = list(narrow.values_list("pk", flat=True))
    rows = {row.pk: row for row in complete(pks)}
    return [rows[pk] for pk in pks]


class LateRows(Paginator):
    """Pages of a queryset that is narrow: it filters and orders, and selects what that needs.

    The database sorts, and passes over, ids alone. Rows are counted as `counted` finds them,
    without what only their order needs.
    """

    def __init__(
        self, narrow: QuerySet, per_page: int, complete: Complete, counted: QuerySet
    ) -> None:
        super().__init__(narrow, per_page)
        self.complete = complete
        self.counted = counted

    @cached_property
    def count(self) -> int:
        return self.counted.count()

    def page(self, number: Any) -> Page:
        page = super().page(number)
        page.object_list = in_their_order(page.object_list, self.complete)  # type: ignore[arg-type]
        return page
