"""The database of the tests: on SQLite it is migrated once, and each process takes a copy.

The copy is kept in `DATA_DIR` and taken as long as no migration has changed, nor a module of ours
that one names. The command `migrate` still looks at it in every process.
"""

import fcntl
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

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


@contextmanager
def undone() -> Iterator[None]:
    """Let nobody afterward see what is saved inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
