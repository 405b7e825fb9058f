"""The database of the tests: on SQLite it is migrated once, and each process takes a copy.

The copy is kept in `DATA_DIR` and taken as long as no migration has changed, nor a module of ours
that one names. The command `migrate` still looks at it in every process.
"""

import fcntl
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from cities.models import LogEntry

NAME = "file:tests?mode=memory&cache=shared"
"""Of this process alone: memory is shared by its threads."""

_OURS = re.compile(
    r"^\s*(?:from|import) ((?:cities|exchanges|lrscc|resolutions)[\w.]*)", re.MULTILINE
)


def _digest() -> str:
    """What the tables and the first rows follow from."""
    root = Path(settings.BASE_DIR)
    read = {root / "uv.lock", *root.glob("*/migrations/*.py")}
    named = {name for path in read for name in _OURS.findall(path.read_text())}
    for name in named:
        module = root.joinpath(*name.split("."))
        read |= {
            path for path in (module.with_suffix(".py"), module / "__init__.py") if path.exists()
        }
    texts = [f"{path}\n{path.read_text()}" for path in sorted(read)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@contextmanager
def migrated_once() -> Iterator[None]:
    """Fill the database from the copy; where there is none, make it of what was migrated inside.

    Who comes second waits for the first.
    """
    connection.settings_dict["TEST"]["NAME"] = NAME
    folder = settings.DATA_DIR / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"migrated-{_digest()}.sqlite3"
    with (
        (folder / "lock").open("w") as lock,
        closing(sqlite3.connect(NAME, uri=True)) as database,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if copy.exists():
            with closing(sqlite3.connect(copy)) as source:
                source.backup(database)
            fcntl.flock(lock, fcntl.LOCK_UN)
            yield
            return
        for old in folder.glob("migrated-*"):
            old.unlink()
        yield
        unfinished = copy.with_suffix(".unfinished")
        with closing(sqlite3.connect(unfinished)) as target:
            database.backup(target)
        unfinished.rename(copy)


sqlite3.register_adapter(time, str)  # as the ORM writes it: it is read as a time


class Rows(NamedTuple):
    """The rows of a table as the database keeps them."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def rows_of(models: Iterable[type[Model]]) -> list[Rows]:
    """Return the rows of models; the database gives entries of the log their numbers again."""
    found = []
    with connection.cursor() as cursor:
        for model in models:
            table, is_log = model._meta.db_table, model is LogEntry
            order = "number" if is_log else model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{order}"')
            if rows := cursor.fetchall():
                columns = tuple(column[0] for column in cursor.description)
                if is_log:
                    at = columns.index("number")
                    rows = [(*row[:at], None, *row[at + 1 :]) for row in rows]
                found.append(Rows(table, columns, rows))
    return found


def put_back(kept: Iterable[Rows], *, only_missing: bool = False) -> None:
    """Write rows as they were, without the cost of the ORM."""
    unless = " ON CONFLICT DO NOTHING" if only_missing else ""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in kept:
            listed = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join(["%s"] * len(columns))
            insert = f'INSERT INTO "{table}" ({listed}) VALUES ({places}){unless}'
            cursor.executemany(insert, rows)


@contextmanager
def undone() -> Iterator[None]:
    """Let nobody afterward see what is saved inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
