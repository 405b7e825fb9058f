"""Writing many rows at once, for any site."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

BATCH = 1000
"""Resolutions that are written at a time."""

DERIVING = ("rebuild", "rebuild_search")
"""The command that derives everything from the records: the first of these that there is."""

ROWS = 500
"""Rows in one statement of SQL."""


def link(field: Any, pairs: Iterable[tuple[int, int]]) -> None:
    """Write the rows of a many-to-many field, given by its class."""
    mine, other = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    rows = [field.through(**{f"{mine}_id": one, f"{other}_id": two}) for one, two in pairs]
    field.through.objects.bulk_create(rows, batch_size=ROWS)


def moments() -> Iterator[datetime]:
    """Yield when the resolutions were entered: five minutes after each other."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    while True:
        yield moment
        moment += timedelta(minutes=5)
