"""A load while people save: it waits for them, and they for nothing that it only names."""

from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from cities.models import Organization, Source
from lrscc.files.loading import load
from resolutions.models import Ballot, Resolution
from tests.test_files import write
from tests.test_loading import COUNCIL, council, only

# A file of tests that commit has no others: they empty the tables, so they run last.
pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.dialect,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time by itself"),
]


@pytest.fixture
def folder(tmp_path):
    """The resolutions of a council that is on record."""
    load([write(tmp_path / "council", COUNCIL)], lambda *_: None)
    return write(tmp_path / "more", only("resolutions", council(3)))


def beside(work: Any) -> Thread:
    """Do something on another connection."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_person_changes_what_a_load_names_while_it_runs(folder):
    ended = []

    def change_names() -> None:
        Source.objects.get(slug="minutes").save()
        council = Organization.objects.get(slug="council")
        council.name = "The City Council"
        council.save()
        ended.append("changed")

    def progress(*_: Any) -> None:
        beside(change_names).join(timeout=10)
        ended.append("reported")

    load([folder], progress)

    assert ended == ["changed", "reported"]
    assert Organization.objects.get().name == "The City Council"
    assert Ballot.objects.count() == 3 * 9


def test_load_waits_for_a_person_who_holds_what_it_names(folder):
    held, is_loading = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Organization.objects.select_for_update().get(slug="council")
            held.set()
            is_loading.wait(timeout=5)

    thread = beside(hold)
    held.wait(timeout=10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 100")
    try:
        Thread(target=lambda: (Event().wait(0.5), is_loading.set())).start()
        load([folder], lambda *_: None)
    finally:
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")

    assert Resolution.objects.count() == 3
