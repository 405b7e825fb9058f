"""A worker that is killed while it publishes a change set: everything is public, or nothing is."""

import os
import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from cities.models import ChangeSet, City
from cities.records.change_sets import take_in
from cities.records.releasing import release, submit
from tests.admin.people import browser
from tests.admin.test_edits import edit
from tests.cities.test_releasing import new_partner, states
from tests.database import undone
from tests.factories import make_city

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.dialect,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="it kills a process of its own"),
]

KILLED, DONE = 9, 0


def count_statements(change_set) -> int:
    """How many statements a release sends."""
    sent = []

    def note(execute, *args):
        sent.append(args[0])
        return execute(*args)

    with undone(), connection.execute_wrapper(note):
        release(change_set)
    return len(sent)


def release_until(change_set, statement: int, path) -> int:
    """Release in a process that dies just before it sends a statement. Return how it ended."""
    pid = os.fork()
    if pid == 0:  # pragma: no cover - a process of its own
        connection.connection = None  # that of the parent stays as it is
        if path is not None:
            connection.settings_dict["NAME"] = str(path)
        left = iter(range(statement))

        def die(execute, *args):
            if next(left, None) is None:
                os._exit(KILLED)
            return execute(*args)

        try:
            with connection.execute_wrapper(die):
                release(change_set)
        except BaseException:
            os._exit(1)
        os._exit(DONE)
    __, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def in_file(path, sql: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute(sql)]


def test_killed_worker_leaves_all_or_nothing(tmp_path, settings):
    settings.DERIVATIONS_PAUSED = []
    records = new_partner()
    nagoya = make_city("nagoya", website="https://old.example/")
    change_set = edit(browser("Commission staff"), nagoya, website="https://new.example/")
    take_in(change_set, records)
    submit(change_set)
    path = None
    if connection.vendor == "sqlite":  # in memory, which no other process shares
        path = tmp_path / "register.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            connection.ensure_connection()
            connection.connection.backup(database)
    total = count_statements(change_set)

    def found() -> list[str]:
        if path is None:
            website = City.objects.get(pk=nagoya.pk).website
            return [website, ChangeSet.objects.get(pk=change_set.pk).state, *states(records)]
        tables = [one._meta.db_table for one in records]
        return [
            *in_file(path, f"SELECT website FROM cities_city WHERE id = {nagoya.pk}"),
            *in_file(path, f"SELECT state FROM cities_changeset WHERE id = {change_set.pk}"),
            *(
                value
                for table, one in zip(tables, records, strict=True)
                for value in in_file(path, f"SELECT publication FROM {table} WHERE id = {one.pk}")
            ),
        ]

    nothing = ["https://old.example/", "submitted", *["draft"] * 5]
    statement, step = 0, total // 12
    while (ended := release_until(change_set, statement, path)) == KILLED and found() == nothing:
        statement += step

    # Not killed at all, or as it read the set again after the transaction: all of it is there.
    assert (ended in (DONE, KILLED), statement > 10 * step) == (True, True)
    assert found() == ["https://new.example/", "released", *["published"] * 5]
