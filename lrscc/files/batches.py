"""Save the rows of a table together, as far as the rules allow it."""

from typing import Any

from django.db import DataError, IntegrityError, models, transaction

from lrscc.files.pending import Pending
from lrscc.files.reading import Row
from lrscc.files.saving import Saver
from lrscc.files.writing import with_parts

ROWS_PER_BATCH = 250
"""Rows that are checked in memory before they are written."""


class Batch:
    """Some rows of one table, each saved in memory or, if need be, by itself."""

    def __init__(self, saver: Saver, rows: list[Row]) -> None:
        self._saver = saver
        self._rows = rows
        self._pending = Pending(_stored(rows))
        self._waiting: list[tuple[Row, Saver]] = []

    def save(self) -> None:
        """Save the rows in their order."""
        self._saver.named.read(self._rows)
        for row in self._rows:
            attempt = self._saver.save_in_memory(row, self._pending)
            if attempt is not None:
                self._waiting.append((row, attempt))
                continue
            self._write()
            self._save_alone(row)
        self._write()
        self._saver.named.forget()

    def _write(self) -> None:
        """Write what is pending; where the database refuses it, find the row that is wrong."""
        waiting, self._waiting = self._waiting, []
        try:
            with transaction.atomic():
                self._pending.write()
        except (IntegrityError, DataError):
            self._pending.undo_to((0, 0, 0))
            for row, __ in waiting:
                row.begin_again()
                self._save_alone(row)
        else:
            for row, attempt in waiting:
                self._saver.add(row, attempt)

    def _save_alone(self, row: Row) -> None:
        """Save a row by itself; what was read before may have changed by it."""
        self._saver.named.forget()
        self._saver.save(row, row.table.children)
        self._saver.named.forget()


def _stored(rows: list[Row]) -> dict[str, models.Model]:
    """Return those of the rows' records that are stored, by slug, with all their parts."""
    slugs = [row.values.get("slug") for row in rows]
    known = [slug for slug in slugs if isinstance(slug, str) and "\x00" not in slug]
    table: Any = rows[0].table
    records = with_parts(table, table.children).filter(slug__in=known)
    return {record.slug: record for record in records}
