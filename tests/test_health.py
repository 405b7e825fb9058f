"""What programs that watch the site are answered, and what the log says of it."""

import errno
import os
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from cities.records.log import ChangeKind, LogEntry
from lrscc import errors
from lrscc.changes import triggers
from lrscc.running import readiness
from lrscc.running.waiting import is_full, reason
from resolutions.triggers import refuse_overlaps
from tests.test_middleware import database_down
from tests.test_waiting import RefusalError, refused

pytestmark = pytest.mark.django_db
FINE = dict.fromkeys(["database", "migrations", "log", "storage", "disk"], "ok")


@pytest.fixture
def ready(settings, tmp_path):
    """A site that has everything: the tests have no triggers otherwise."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "documents"
    triggers.number_entries("default")
    triggers.keep_for_ever("default")
    refuse_overlaps("default")


def test_site_that_has_everything_is_ready(client, ready, settings):
    before = client.get("/readyz/")
    settings.MEDIA_ROOT.mkdir()
    after = client.get("/readyz/")

    assert (before.status_code, before.json()) == (200, {"status": "ok", "checks": FINE})
    assert (after.status_code, list(settings.MEDIA_ROOT.iterdir())) == (200, [])
    assert "no-store" in after.headers["Cache-Control"]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_site_without_its_database_is_up_and_not_ready(client, ready, caplog, error):
    with database_down(error):
        health, answer = client.get("/healthz/"), client.get("/readyz/")

    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "checks": {"database": "failed", "storage": "ok", "disk": "ok"},
    }
    assert (
        "Not ready: database: The database cannot be used (connection refused)." in caplog.messages
    )


def drop_a_trigger():
    with connection.cursor() as cursor:
        on_table = " ON cities_logentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER cities_logentry_deleted{on_table}")


def forget_a_migration():
    MigrationRecorder(connection).migration_qs.filter(app="lrscc").delete()


def leave_an_entry_without_a_number():
    with connection.cursor() as cursor:
        on_table = " ON cities_logentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER cities_logentry_number{on_table}")
    LogEntry.objects.create(
        batch="0" * 32, kind=ChangeKind.IMPORTED, count=1, shown=0, moment="2026-11-27T12:00Z"
    )
    triggers.number_entries("default")


@pytest.mark.parametrize(
    ("harm", "name", "said"),
    [
        (drop_a_trigger, "log", "What numbers and keeps the log is missing."),
        (forget_a_migration, "migrations", "Tables of this version are missing."),
        (leave_an_entry_without_a_number, "log", "Entries of the log have no number."),
    ],
)
def test_site_in_which_something_is_missing_is_not_ready(client, ready, caplog, harm, name, said):
    harm()

    answer = client.get("/readyz/")

    assert answer.status_code == 503
    assert answer.json()["checks"] == FINE | {name: "failed"}
    [message] = [message for message in caplog.messages if message.startswith("Not ready: ")]
    assert message.startswith(f"Not ready: {name}: {said} Run `manage.py migrate`")


def test_database_of_an_older_version_that_misses_no_table_is_ready(client, ready):
    """`migrate` notes later that one migration replaces all that such a database has."""
    notes = MigrationRecorder(connection).migration_qs.filter(name__contains="_squashed_")
    assert notes.filter(app__in=["cities", "exchanges", "lrscc", "resolutions"]).delete()[0] == 4

    answer = client.get("/readyz/")

    assert (answer.status_code, answer.json()["checks"]) == (200, FINE)


def test_site_that_cannot_store_a_file_is_not_ready(client, ready, settings, monkeypatch, caplog):
    def refuse(**options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(readiness.tempfile, "TemporaryFile", refuse)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 2**20))

    answer = client.get("/readyz/")

    assert answer.json()["checks"] == FINE | {"storage": "failed", "disk": "failed"}
    assert (
        f"Not ready: storage: The folder {settings.DATA_DIR} cannot be written"
        " (Read-only file system)." in caplog.messages
    )
    assert (
        f"Not ready: disk: The disk of {settings.DATA_DIR} has 1 MB left. Make room."
        in caplog.messages
    )


def test_site_whose_documents_have_no_room_is_not_ready(client, ready, settings, monkeypatch):
    documents = Path(settings.MEDIA_ROOT)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        shutil,
        "disk_usage",
        lambda path: usage(10**9, 0, 10**6 if path == documents else 10**9),
    )
    assert client.get("/readyz/").status_code == 200

    documents.mkdir()

    assert client.get("/readyz/").json()["checks"] == FINE | {"disk": "failed"}


# --- files --------------------------------------------------------------------------------


class Interrupted(ContentFile):
    """A file of which only a part can be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(b"x" * 100)
        self.error = error

    def chunks(self, *args):
        yield b"x" * 10
        raise self.error


def test_full_disk_leaves_no_part_of_a_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(OSError, match="No space left"):
        default_storage.save("scan.pdf", Interrupted(OSError(errno.ENOSPC, "No space left")))

    assert list(tmp_path.iterdir()) == []


def test_part_of_a_file_stays_after_another_fault(settings, tmp_path):
    """Nobody knows then that it is no other file of that name."""
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(OSError, match="broken"):
        default_storage.save("scan.pdf", Interrupted(OSError(errno.EIO, "broken")))

    assert [path.stat().st_size for path in tmp_path.iterdir()] == [10]


# --- what a database that refuses is said to be -------------------------------------------


def full_on_sqlite() -> sqlite3.Error:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused(full_on_sqlite()), True),
        (refused(full_on_sqlite(), DatabaseError), True),
        (refused(RefusalError("53100")), True),
        (refused(RefusalError("53300")), False),
        (refused(sqlite3.OperationalError("no such table")), False),
        (refused(None), False),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), True),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), True),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (ValueError("full"), False),
    ],
)
def test_full_disk_is_told_from_other_faults(error, expected):
    assert is_full(error) is expected


def test_reason_is_the_first_line_or_the_name_of_the_fault():
    assert reason(OperationalError("no such host\n\tIs it running?\n")) == "no such host"
    assert reason(OperationalError()) == "OperationalError"


def test_full_disk_is_said_in_words_and_logged_with_its_cause(caplog):
    request = RequestFactory().post("/admin/cities/source/add/")

    answer = errors.of_database(request, OSError(errno.ENOSPC, "No space left on device"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert "There is no room left to save anything, so nothing was saved." in answer.text
    assert caplog.messages == [
        "The disk is full: POST /admin/cities/source/add/: [Errno 28] No space left on device"
    ]
    assert caplog.records[0].levelname == "CRITICAL"
