"""Load register files: all or nothing, and loading them again changes nothing."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from cities.records.derived import collecting
from cities.records.numbering import CitedByNumber
from cities.records.register_tables import Table
from lrscc.files.batches import ROWS_PER_BATCH, Batch
from lrscc.files.reading import RegisterError, Row, read
from lrscc.files.saving import Report, Saver
from lrscc.files.tables import named_first

MAX_REFUSALS = 50
"""Refusals shown at once; more would bury the first."""

PROGRESS_STEP = 500
"""Rows after which the progress is reported."""

OBJECTS_PER_SEARCH = 20_000
"""New objects after which Python looks for garbage."""

MANY_RECORDS = 200
"""New records of a load after which PostgreSQL looks at its tables again."""

_LIMITS = {
    "sqlite": {"busy_timeout": 3_600_000},  # an hour, in milliseconds: it knows no “without limit”
    "postgresql": {"lock_timeout": 0, "statement_timeout": 0},
}
_READ = {"sqlite": "PRAGMA", "postgresql": "SHOW"}
_SET = {"sqlite": "PRAGMA", "postgresql": "SET"}

Progress = Callable[[str, int, int], None]
"""Takes the name of a table or part, how many rows of it are done, and how many there are."""


def load(paths: Iterable[Path], progress: Progress) -> Report:
    """Load files, or every ``.toml`` file of a folder, in one transaction.

    Records are added or changed, never removed. Raise `RegisterError` if anything is refused.
    """
    saver = Saver()
    rows_of = read(paths)
    with _few_searches_for_garbage(), _waiting_for_others(), collecting():
        _save_all(rows_of, saver, progress)
        if saver.refusals:
            raise RegisterError(saver.refusals.sentences[:MAX_REFUSALS])
    _look_at_tables(saver, MANY_RECORDS)
    return saver.report


def _look_at_tables(saver: Saver, enough: int) -> int:
    """Let PostgreSQL count what there is now: it plans each query by that.

    By itself it looks a minute after they are saved. Until then a page can take minutes, and the
    second half of a long load half as long again. What somebody else looks at right now it leaves
    out: some tables are those of the whole server.

    It looks once there are as many new records as `enough`. Return how many are enough next time.
    """
    new = saver.report.new.total()
    if connection.vendor != "postgresql" or new < enough:
        return enough
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED)")
    return 2 * new


@contextmanager
def _few_searches_for_garbage() -> Iterator[None]:
    """Let Python look for garbage seldom, and never among the rows that were read.

    A batch is made of many objects that name each other, and looking through all that is alive
    for each thousand of them took a quarter of the time of a load.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_SEARCH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _waiting_for_others() -> Iterator[None]:
    """Lift the limits on waiting for people who save: a long import is not soon repeated."""
    with connection.cursor() as cursor:
        before = {}
        for name, no_limit in _LIMITS[connection.vendor].items():
            cursor.execute(f"{_READ[connection.vendor]} {name}")
            (before[name],) = cursor.fetchone()
            cursor.execute(f"{_SET[connection.vendor]} {name} = {no_limit}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, value in before.items():
                cursor.execute(f"{_SET[connection.vendor]} {name} = '{value}'")


def _save_all(rows_of: dict[str, list[Row]], saver: Saver, progress: Progress) -> None:
    """Save table after table, then the late parts, then what is withdrawn."""
    late: dict[str, list[Row]] = {}
    enough = MANY_RECORDS
    for name in [*rows_of]:
        rows = _in_order(rows_of.pop(name))
        total, done = len(rows), 0
        while rows:
            some, rows = rows[:ROWS_PER_BATCH], rows[ROWS_PER_BATCH:]
            _save_some(some, saver)
            enough = _look_at_tables(saver, enough)
            gc.collect()  # records and their parts name each other, so nothing else frees them
            for row in some:
                if row.record is not None:
                    for part in row.table.late_children:
                        if row.values.get(part):
                            late.setdefault(part, []).append(row)
                    row.keep_for_late_parts()
            _report(progress, name, done, done + len(some), total)
            done += len(some)
    for name, rows in late.items():
        _save_late(name, rows, saver, progress)
    saver.withdraw()


def _save_some(rows: list[Row], saver: Saver) -> None:
    """Save rows of one table: together where a slug says which records they are."""
    if rows[0].table.key == ("slug",):
        Batch(saver, rows).save()
    else:
        for row in rows:
            saver.save(row, row.table.children)


def _save_late(name: str, rows: list[Row], saver: Saver, progress: Progress) -> None:
    """Save the parts of one name that had to wait for the records that they name."""
    total = sum(len(row.values.get(name, ())) for row in rows)
    done = 0
    for row in rows:
        count = len(row.values.get(name, ()))
        bare: Any = row.record
        row.record = type(bare)._base_manager.get(pk=bare.pk)
        saver.save_parts(row, {name: row.table.late_children[name]})
        _report(progress, name, done, done + count, total)
        done += count


def _report(progress: Progress, name: str, before: int, done: int, total: int) -> None:
    """Report each step, and the end."""
    if done == total or done // PROGRESS_STEP > before // PROGRESS_STEP:
        progress(name, done, total)


def _in_order(rows: list[Row]) -> list[Row]:
    """Return the rows of a table in an order in which each comes after those that it names."""
    by_slug = {str(row.values.get("slug")): row for row in rows}

    def named_by(row: Row) -> Iterator[Row]:
        for name in _fields_to_itself(row):
            if (slug := str(row.values.get(name, ""))) in by_slug:
                yield by_slug[slug]
        for ref in _parts_named_in_parts(row):
            if (owner := by_slug.get(ref.rpartition("-")[0])) is not None and owner is not row:
                yield owner

    return named_first(rows, named_by)


def _parts_named_in_parts(row: Row) -> Iterator[str]:
    """Yield the parts of any record of the table that the parts of a row name."""
    for name, table in row.table.children.items():
        links = _fields_to_parts(row.table, table)
        parts = row.values.get(name) if links else None
        for values in parts if isinstance(parts, list) else ():
            if isinstance(values, dict):
                yield from (str(values.get(link, "")) for link in links)


@cache
def _fields_to_parts(owner: Table, table: Table) -> list[str]:
    """Return the fields of a part that name a numbered part of a record like its owner."""
    links = [table.model._meta.get_field(name) for name in table.fields]
    numbered = [
        link
        for link in links
        if link.many_to_one and issubclass(link.related_model, CitedByNumber)
    ]
    return [
        link.name
        for link in numbered
        if link.related_model._meta.get_field(link.related_model.owner).related_model
        is owner.model
    ]


def _fields_to_itself(row: Row) -> list[str]:
    """Return the fields that name another record of the same table."""
    model = row.table.model
    fields = (model._meta.get_field(name) for name in row.table.fields)
    return [field.name for field in fields if field.many_to_one and field.related_model is model]
