"""Make a backup while the site runs and people save."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from lrscc.backups.archive import BackupError, Content, Manifest, Writer
from lrscc.backups.rows import Table, tables


def make(path: Path, registry: Apps = apps) -> Manifest:
    """Write the database and the uploaded files to a new file that only its owner can read.

    The database is read as it is at one moment. Files are read afterward: none that a row names is
    ever changed or deleted, so they are all there.
    """
    with _new_file(path) as file, Writer(file) as archive:
        named: set[str] = set()
        with _at_one_moment():
            migrations = [list(key) for key in MigrationRecorder(connection).applied_migrations()]
            rows = [_add_rows(archive, table, named) for table in tables(registry)]
        documents = list(_add_documents(archive))
        manifest = Manifest(
            made_at=now().isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=sorted(migrations),
            key=fingerprint(settings.SECRET_KEY),
            tables=rows,
            documents=documents,
            missing=sorted(named - {document.name for document in documents}),
        )
        archive.end(manifest)
    return manifest


def fingerprint(secret: str) -> str:
    """Return what shows whether a key is the same, and nothing else of it."""
    return salted_hmac("lrscc.backups", "key", secret=secret, algorithm="sha256").hexdigest()


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name once it is complete and on the disk."""
    if path.exists():
        raise BackupError(f"{path} is there already. Choose another name.")
    unfinished = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        which = error.filename or path
        raise BackupError(f"{which} cannot be read or written ({error.strerror}).") from None
    finally:
        if unfinished:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """Read the database as it is now, whatever others save meanwhile. Nobody waits."""
    connection.ensure_connection()
    on_sqlite: Any = connection
    usual = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            on_sqlite.transaction_mode = (
                "DEFERRED"  # else it would begin with the lock of a writer
            )
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(f"The database cannot be read ({reason}). Try again.") from None
    finally:
        on_sqlite.transaction_mode = usual


def _add_rows(archive: Writer, table: Table, named: set[str]) -> Content:
    """Add the rows of a table; note the files that they name."""
    for column in table.columns:
        if column.names_file:
            names = table.model._base_manager.exclude(**{column.attname: ""})
            named.update(filter(None, names.values_list(column.attname, flat=True)))
    return archive.add_table(table.name, table.column_names, table.lines(), table.highest_key())


def _add_documents(archive: Writer) -> Iterator[Content]:
    for name in sorted(stored_files()):
        with suppress(FileNotFoundError), default_storage.open(name) as file:
            yield archive.add_document(name, file)


def stored_files(folder: str = "") -> Iterator[str]:
    """Yield the names of all uploaded files."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    inside = f"{folder}/" if folder else ""
    yield from (f"{inside}{name}" for name in files)
    for name in folders:
        yield from stored_files(f"{inside}{name}")
