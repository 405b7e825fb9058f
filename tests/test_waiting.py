"""How long the site waits for others who write, and how it knows that it waited in vain."""

import sqlite3
import subprocess
import sys

import pytest
from django.db import OperationalError, connection

from lrscc.running.waiting import is_busy, limit_statements

on_postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one writer in at a time"
)


class RefusalError(Exception):
    """As a database driver's: with a code."""

    def __init__(self, pgcode: str) -> None:
        super().__init__()
        self.pgcode = pgcode


def refused(cause: Exception | None, kind: type[Exception] = OperationalError) -> Exception:
    error = kind("refused")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused(RefusalError("55P03")), True),
        (refused(RefusalError("40P01")), True),
        (refused(RefusalError("57014")), True),
        (refused(RefusalError("57P01")), False),  # the server is stopped
        (refused(sqlite3.OperationalError("no such table")), False),
        (refused(None), False),
        (refused(RefusalError("55P03"), ValueError), False),
    ],
)
def test_waiting_in_vain_is_told_from_other_faults(error, expected):
    assert is_busy(error) == expected


def test_writer_that_waits_in_vain_on_sqlite_is_known(tmp_path):
    first = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    second = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None, timeout=0)
    first.execute("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError) as waited:
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()

    assert is_busy(refused(waited.value))


@on_postgresql
@pytest.mark.dialect
@pytest.mark.django_db
def test_statement_of_the_site_takes_five_seconds_at_most(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"options": "-c jit=off"})

    limit_statements()

    options = connection.settings_dict["OPTIONS"]["options"]
    assert options == "-c statement_timeout=5s -c jit=off"
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)  # a command has no limit


def test_sqlite_has_no_such_limit(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"transaction_mode": "IMMEDIATE"})

    limit_statements()

    assert connection.settings_dict["OPTIONS"] == {"transaction_mode": "IMMEDIATE"}


def test_site_limits_its_statements_and_no_command_does():
    code = (
        "import lrscc.wsgi; from django.db import connection;"
        " print(connection.settings_dict['OPTIONS'])"
    )
    environment = {"SECRET_KEY": "x", "DATABASE_URL": "postgres:///register"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout == (
        "{'options': '-c statement_timeout=5s -c jit=off -c lock_timeout=3s'}\n"
    )
