"""Several writers of the log at once: numbers in the order of commits, none twice, no gap.

SQLite lets one writer in at a time from the first statement on; here PostgreSQL is asked.
"""

import random
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from cities.models import LogEntry, Source
from cities.records.derived import collecting
from cities.records.log import site_version
from tests.factories import make_source

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.dialect,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time by itself"),
]

WRITERS, SAVES = 6, 15


class RollbackError(Exception):
    """Takes a transaction back."""


def write(writer: int) -> None:
    """Save sources, some together, some not after all, in another order of moments."""
    chance = random.Random(writer)
    for number in range(SAVES):
        try:
            with transaction.atomic(), collecting():
                for one in range(chance.randint(1, 3)):
                    make_source(slug=f"page-{writer}-{number}-{one}")
                if chance.random() < 0.3:
                    raise RollbackError
        except RollbackError:
            pass
    connection.close()


def watch(is_over: Event, gaps: list[list[int]]) -> None:
    """Read the numbers again and again, as a copy does: what is read stays without gaps."""
    while not is_over.is_set():
        numbers = list(
            LogEntry.objects.filter(number__isnull=False)
            .order_by("number")
            .values_list("number", flat=True)
        )
        if numbers != list(range(1, len(numbers) + 1)):
            gaps.append(numbers)
    connection.close()


def test_numbers_follow_the_commits_of_many_writers():
    start = site_version().number
    assert start == 0
    is_over, gaps = Event(), list[list[int]]()
    with override_settings(DERIVATIONS_PAUSED=["search"]):
        watcher = Thread(target=watch, args=(is_over, gaps))
        writers = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for thread in [watcher, *writers]:
            thread.start()
        for thread in writers:
            thread.join(timeout=120)
        is_over.set()
        watcher.join(timeout=30)

    found = LogEntry.objects.order_by("number").values_list("number", "moment", "record__ref")
    numbers = [number for number, __, __ in found]
    moments = [moment for __, moment, __ in found]
    assert numbers == list(range(1, Source.objects.count() + 1))
    assert moments == sorted(moments)
    assert {ref for __, __, ref in found} == set(Source.objects.values_list("slug", flat=True))
    assert gaps == []


def add_entries(count: int) -> None:
    """Write copies of the last entry, to get their numbers at the commit."""
    fields = [str(field.column) for field in LogEntry._meta.concrete_fields]
    same = ", ".join(f'"{name}"' for name in fields if name not in ("id", "number"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cities_logentry ({same}) SELECT {same} FROM"
            f" (SELECT {same} FROM cities_logentry ORDER BY number DESC LIMIT 1) last,"
            " generate_series(1, %s)",
            [count],
        )


def rows_read() -> int:
    """How many rows of the log this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
            " WHERE relname = 'cities_logentry'"
        )
        return cursor.fetchone()[0]


def test_many_entries_of_one_transaction_read_no_more_for_each_number():
    """PostgreSQL believes what it knew before: that every entry has a number."""
    with override_settings(DERIVATIONS_PAUSED=["search"]):
        make_source()
    add_entries(1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cities_logentry")
        for count in (100, 1000):
            with transaction.atomic():
                add_entries(count)
                before = rows_read()
                cursor.execute("SET CONSTRAINTS cities_logentry_number IMMEDIATE")
                assert rows_read() - before == 2 * count  # the newest, and the row itself
                transaction.set_rollback(True)


def test_save_by_itself_is_one_transaction_with_its_entry(monkeypatch):
    """As in a shell, where nothing else opens one."""
    monkeypatch.setattr("lrscc.changes.writing.Batch.save", fail)

    with override_settings(DERIVATIONS_PAUSED=["search"]), pytest.raises(ZeroDivisionError):
        make_source(slug="page")

    assert not Source.objects.exists()
    assert not Source.history.exists()


def fail(*given: Any) -> None:
    raise ZeroDivisionError
