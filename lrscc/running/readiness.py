"""Whether everything is there that a request needs."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cities.records.log import LogEntry
from lrscc.running.preparing import is_unguarded
from lrscc.running.waiting import reason

LEAST_FREE = 100 * 2**20
"""Bytes: a few scans, and what the database writes beside its file."""


class Check(NamedTuple):
    """Something that was looked at; `fault` says what is wrong with it, and what to do."""

    name: str
    fault: str = ""


def checks() -> Iterator[Check]:
    """Look at the database, its tables, the log, the folder of documents and the disk."""
    try:
        yield Check("database", _database())
        yield Check("migrations", _migrations())
        yield Check("log", _log())
    except (DatabaseError, InterfaceError) as error:
        yield Check("database", f"The database cannot be used ({reason(error)}).")
    yield Check("storage", _storage())
    yield Check("disk", _disk())


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


@cache
def _all_migrations() -> frozenset[tuple[str, str]]:
    """Return the newest of each app, but for those that only replace others.

    Those are on record once `migrate` ran again: nothing is missing before.
    """
    loader = MigrationLoader(None, replace_migrations=False)
    newest = loader.graph.leaf_nodes()
    return frozenset(key for key in newest if not loader.disk_migrations[key].replaces)


def _migrations() -> str:
    applied = MigrationRecorder(connection).applied_migrations()
    missing = _all_migrations() - set(applied)
    return "Tables of this version are missing. Run `manage.py migrate`." if missing else ""


def _log() -> str:
    if is_unguarded():
        return "What numbers and keeps the log is missing. Run `manage.py migrate`."
    if LogEntry.objects.filter(number=None).exists():
        return (
            "Entries of the log have no number. Run `manage.py migrate`, and look who wrote them."
        )
    return ""


def _storage() -> str:
    """Write to the folder of documents, or to the one in which it will be made."""
    documents = Path(settings.MEDIA_ROOT)
    folder = documents if documents.exists() else Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        return f"The folder {folder} cannot be written ({error.strerror})."
    return ""


def _disk() -> str:
    """Look at the disk of the data, and at that of the documents, which may be another one."""
    documents = Path(settings.MEDIA_ROOT)
    for folder in (Path(settings.DATA_DIR), *([documents] if documents.exists() else [])):
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            return f"The folder {folder} cannot be used ({error.strerror})."
        if free < LEAST_FREE:
            return f"The disk of {folder} has {free // 2**20} MB left. Make room."
    return ""
