"""Put a backup into an empty installation: all of it, or nothing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import zip_longest
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cities.records.derived import registered
from lrscc.answers import forget_all
from lrscc.backups.archive import CHUNK, Archive, BackupError, Content, Manifest, Report
from lrscc.backups.making import fingerprint, stored_files
from lrscc.backups.rows import Table, tables
from lrscc.changes import editions
from lrscc.running.preparing import is_behind

FILLED_BY_MIGRATIONS = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "cities_edition",
    "django_content_type",
    "lrscc_derivedversion",
}
"""Tables that have rows in a new installation."""

Key = tuple[str, str]

SUPERSEDED: frozenset[Key] = frozenset(
    {
        ("cities", "0001_squashed_0014_log"),
        ("lrscc", "0001_squashed_0009_derived_versions"),
        ("resolutions", "0001_squashed_0007_course_periods"),
    }
)
"""Migrations that replaced others until one did that replaces more; older backups name them."""


def restore(path: Path, report: Report) -> None:
    """Put a backup into the database and the folder of documents that the site is set to.

    The database gets the tables of the version that made the backup, then its rows, which are
    compared with it one by one, and is then brought up to this version. Raise `BackupError` where
    anything is not as it should be; the database is then as it was.
    """
    with Archive(path) as archive:
        archive.verify()
        manifest = archive.manifest
        report(f"The checksums are right: {manifest.summary()}.")
        check_version(manifest)
        _check_empty()
        _check_documents(archive)
        for document in manifest.documents:
            _restore_document(archive, document)
        report("The files are in place. Restoring the database:")
        with _emptied_database():
            _fill(archive, report)
            call_command("migrate", verbosity=0)  # the newer ones, and what follows: triggers
            _begin_edition(manifest, report)
    forget_all()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")  # else pages take seconds at first
    if not _has_key(manifest):
        report(
            "The secret key is another one, so that nobody’s app for codes works. Add the key of"
            " the installation that was backed up to SECRET_KEY_FALLBACKS."
        )


# --- what is refused --------------------------------------------------------------------


def check_version(manifest: Manifest) -> None:
    """Raise `BackupError` if a newer version of the site made the backup."""
    loader = MigrationLoader(None, replace_migrations=False)
    known = SUPERSEDED | set(loader.disk_migrations)
    if newer := sorted(set(_applied(manifest)) - known):
        raise BackupError(
            "This backup was made by a newer version of the site: this version does not know"
            f" {newer[0][0]} {newer[0][1]}. Install that version or a newer one, then try again."
        )


def _check_empty() -> None:
    """Raise `BackupError` unless the database has no more in it than a new one."""
    if connection.vendor == "sqlite":
        _check_unused(_file())
        if not _file().exists():
            return
    is_behind()  # it says in words if the database cannot be reached
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    connection.close()
    for table in tables(apps):
        if table.name in there - FILLED_BY_MIGRATIONS and table.has_rows():
            raise BackupError(
                f"The database is in use: {table.name} has rows. Restore into a new installation,"
                " with another DATA_DIR or DATABASE_URL."
            )


def _check_documents(archive: Archive) -> None:
    """Raise `BackupError` if there are files that are not those of the backup.

    A restore that was interrupted may have left some, the last one in part.
    """
    expected = {document.name: document for document in archive.manifest.documents}
    for name in stored_files():
        if name not in expected or not _is_beginning(archive, expected[name]):
            raise BackupError(
                f"There are other files already, such as {name}. Restore into a new installation,"
                " with another DATA_DIR."
            )


def _is_beginning(archive: Archive, document: Content) -> bool:
    """Return whether a stored file is what the archive has, or how that begins."""
    with archive.document(document) as source, default_storage.open(document.name) as there:
        while some := there.read(CHUNK):
            if source.read(len(some)) != some:
                return False
    return True


def _has_key(manifest: Manifest) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return manifest.key in map(fingerprint, keys)


# --- files ------------------------------------------------------------------------------


def _restore_document(archive: Archive, document: Content) -> None:
    if default_storage.exists(document.name):
        if default_storage.size(document.name) == document.size:
            return
        default_storage.delete(document.name)
    with archive.document(document) as source:
        default_storage.save(document.name, source)  # type: ignore[arg-type]


# --- the database -----------------------------------------------------------------------


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _check_unused(path: Path) -> None:
    """Raise `BackupError` if a program has a SQLite file open."""
    if path.exists():
        with closing(sqlite3.connect(path, timeout=0)) as database:
            try:
                database.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError:
                raise BackupError(
                    f"A program has {path} open. Stop the site first, then try again."
                ) from None


@contextmanager
def _emptied_database() -> Iterator[None]:
    """Work on a database without tables; it takes the place of the one that is there at the end.

    On SQLite that is a new file, on PostgreSQL one transaction.
    """
    connection.close()
    try:
        with _new_file() if connection.vendor == "sqlite" else _transaction():
            yield
    except (DatabaseError, ValidationError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise BackupError(f"The database refused what is in the backup ({reason}).") from None
    finally:
        connection.close()


@contextmanager
def _new_file() -> Iterator[None]:
    final = _file()
    made = final.with_name(f"{final.name}.restoring")
    leftovers = [made.with_name(f"{made.name}{ending}") for ending in ("", "-wal", "-shm")]
    for path in leftovers:
        path.unlink(missing_ok=True)
    made.touch(mode=0o600)
    connection.settings_dict["NAME"] = made
    try:
        yield
        connection.close()
        _check_unused(made)  # and what was written is in the one file now
        _check_unused(final)
        os.replace(made, final)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = final
        for path in leftovers:
            path.unlink(missing_ok=True)


@contextmanager
def _transaction() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            there = set(connection.introspection.table_names(cursor))
            ours = {table.name for table in tables(apps)} | {
                str(model._meta.db_table) for model in apps.get_models()
            }
            dropped = sorted((ours | {"django_migrations"}) & there)
            if dropped:
                cursor.execute(f"DROP TABLE {', '.join(dropped)} CASCADE")
            # A table is not altered while checks of its rows are put off.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


@contextmanager
def _checks_put_off() -> Iterator[None]:
    """Take rows in any order, and check at the end that those are there that they refer to."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _fill(archive: Archive, report: Report) -> None:
    """Make the tables of the version of the backup, add its rows, and compare each of them."""
    executor = _executor(archive.manifest)
    targets = _newest(executor, archive.manifest)
    there = tables(executor.loader.project_state(targets).apps)
    kept = {table.name: table for table in archive.manifest.tables}
    if {table.name: sorted(table.column_names) for table in there} != {
        name: sorted(table.columns) for name, table in kept.items()
    }:
        raise BackupError("The tables of the backup are not those of its version.")
    for table in there:
        table.arrange(kept[table.name].columns)
    executor.migrate(targets)
    with _checks_put_off():
        for table in there:
            table.clear()
        for table in there:
            table.insert(archive.lines(kept[table.name]))
            table.continue_after(kept[table.name].highest_key)
    for table in there:
        _compare(archive, table, kept[table.name])
    report(f"  {archive.manifest.rows} row(s), each as in the backup")


def _compare(archive: Archive, table: Table, kept: Content) -> None:
    with closing(archive.lines(kept)) as lines:
        for number, (expected, found) in enumerate(zip_longest(lines, table.lines()), start=1):
            if expected != found:
                raise BackupError(
                    f"Row {number} of {table.name} is not as in the backup. Nothing was restored."
                )


def _applied(manifest: Manifest) -> list[Key]:
    return [(app, name) for app, name in manifest.migrations]


def _executor(manifest: Manifest) -> MigrationExecutor:
    """Return what runs the migrations that made the tables of the backup."""
    executor = MigrationExecutor(connection)
    if not set(executor.loader.replacements) <= set(_applied(manifest)):
        # It is older than a migration that replaces several.
        executor.loader = MigrationLoader(connection, replace_migrations=False)
        executor.loader.replacements.clear()
    return executor


def _newest(executor: MigrationExecutor, manifest: Manifest) -> list[Key]:
    """Return the newest migration of each app that the backup has, as far as they are run."""
    loader = executor.loader
    applied = set(_applied(manifest)) & set(loader.graph.nodes)
    if not loader.replacements:
        applied -= {key for key, each in loader.disk_migrations.items() if each.replaces}

    def is_followed(key: Key) -> bool:
        children = {child.key for child in loader.graph.node_map[key].children}
        return any(child[0] == key[0] for child in children & applied)

    return sorted(key for key in applied if not is_followed(key))


def _begin_edition(manifest: Manifest, report: Report) -> None:
    """Compare what is derived with the rules, and begin a new edition of the log."""
    differing = [each.name for each in registered() if next(each.differences(), None)]
    edition = editions.begin(f"Restored from the backup of {manifest.made_at}.")
    report(f"  edition {edition.name} of the log, so that copies start afresh")
    if differing:
        report(f"Run `manage.py rebuild`: {', '.join(differing)} differed already.")
