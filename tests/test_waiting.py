"""Two who write: each waits for the other a short while, and neither misses what the other did."""

import sqlite3
import subprocess
import sys
from threading import Barrier, Event, Thread
from time import monotonic

import pytest
from django.db import OperationalError, connection, transaction

from cities.models import City, StandingPeriod
from cities.records.derived import collecting
from lrscc.running.waiting import is_busy, limit_statements
from tests.admin.browser import form_in, form_of
from tests.admin.people import SUPERUSER, at, browser
from tests.derived import differences
from tests.factories import make_city, make_entry, make_relationship, make_source, make_type

on_postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one writer in at a time"
)


def in_threads(*work) -> None:
    """Do all at the same moment, each with a connection of its own."""
    faults = []

    def run(each) -> None:
        try:
            each()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []


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
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_saves_while_another_writes_is_told_soon_and_keeps_what_was_typed():
    client, city = browser(SUPERUSER), make_city("otsu", country="JP", publication="draft")
    typed = form_of(client, at(city)) | {"summary": "By a <lake>.\r\nAnd “hills”."}
    is_locked, is_told = Event(), Event()
    answers = []

    def write() -> None:
        with transaction.atomic():
            City.objects.select_for_update().get(pk=city.pk)
            is_locked.set()
            is_told.wait(timeout=20)

    def save() -> None:
        is_locked.wait(timeout=20)
        began = monotonic()
        answers.append(client.post(at(city), typed))
        answers.append(monotonic() - began)
        is_told.set()

    in_threads(write, save)
    answer, waited = answers
    kept = form_in(answer)
    again = client.post(at(city), kept)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert 2.5 < waited < 6
    assert "Somebody else is saving right now" in answer.text
    assert kept | {"csrfmiddlewaretoken": ""} == typed | {"csrfmiddlewaretoken": ""}
    assert again.status_code == 302
    assert City.objects.get(pk=city.pk).summary.split("\r\n")[0] == "By a <lake>."


@on_postgresql
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("number", range(3))
@pytest.mark.usefixtures("indexed")
def test_two_who_write_parts_of_one_record_do_not_miss_each_other(number):
    relationship, kind, source = make_relationship(), make_type(), make_source()
    both_have_saved = Barrier(2)

    def write(kind_of_entry: str, on: str, number: int) -> None:
        with collecting():
            make_entry(relationship, kind_of_entry, on, number=number, type=kind, source=source)
            both_have_saved.wait(timeout=20)

    in_threads(lambda: write("signed", "1990", 1), lambda: write("terminated", "1995", 2))

    periods = StandingPeriod.objects.order_by("first_day").values_list("status", "until__year")
    assert list(periods) == [("active", 1995), ("ended", None)]
    assert differences() == []


@on_postgresql
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
