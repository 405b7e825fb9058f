"""What becomes public, and what is copied, is an event in the log: who and which, in keys."""

import getpass
import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from cities.models import ChangeSet
from cities.records import events
from cities.records.change_sets import kind_of
from cities.records.releasing import propose_withdrawal, publish, release
from tests.admin.people import at, browser
from tests.admin.test_change_sets import checked
from tests.cities.test_releasing import new_partner
from tests.factories import make_city, make_source
from tests.test_logs import written

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}


def lines_of(stream: StringIO) -> list[dict[str, Any]]:
    lines = map(json.loads, stream.getvalue().splitlines())
    return [line for line in lines if line["logger"] == "lrscc.events"]


def test_published_set_is_one_line_with_request_person_and_keys(
    django_capture_on_commit_callbacks,
):
    records = new_partner()
    publisher, page = browser("Publisher"), at(records[0], "publish")
    form = checked(publisher, page)

    with written("json") as stream, django_capture_on_commit_callbacks(execute=True):
        publisher.post(page, form)
        assert lines_of(stream) == []  # nothing is said before it is for good

    [line] = lines_of(stream)
    person = User.objects.get(username="publisher").pk
    made = {kind_of(record): record.pk for record in records}
    assert {f"publish {kind} {key}" for kind, key in made.items()} == {*line["records"]}
    assert (line["event"], line["level"], line["publish"]) == ("change set published", "INFO", 5)
    assert (line["change_set"], line["account"]) == (ChangeSet.objects.get().pk, person)
    assert not any(str(record) in json.dumps(line, ensure_ascii=False) for record in records)


def test_withdrawal_is_said(django_capture_on_commit_callbacks):
    source = make_source()
    change_set = propose_withdrawal(source, reason="It was another letter.")

    with written("json") as stream, django_capture_on_commit_callbacks(execute=True):
        release(change_set)
    with written("line") as as_line, django_capture_on_commit_callbacks(execute=True):
        publish([make_city("nara", **DRAFT)], by=None)

    [line] = lines_of(stream)
    assert (line["withdraw"], line["account"]) == (1, None)
    assert line["records"] == [f"withdraw cities.source {source.pk}"]
    assert "another letter" not in stream.getvalue()
    assert "INFO lrscc.events: change set published: change set " in as_line.getvalue()


def test_what_is_taken_back_is_not_said(django_capture_on_commit_callbacks):
    with (
        written("json") as stream,
        django_capture_on_commit_callbacks(execute=True),
        transaction.atomic(),
    ):
        publish([make_city("nara", **DRAFT)])
        transaction.set_rollback(True)

    assert lines_of(stream) == []


def test_line_of_a_large_set_names_some_of_its_records(
    django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(events, "RECORDS_NAMED", 2)

    with written("json") as stream, django_capture_on_commit_callbacks(execute=True):
        publish([make_source(slug=f"s-{number}", **DRAFT) for number in range(3)])

    [line] = lines_of(stream)
    assert (line["publish"], len(line["records"])) == (3, 2)


@pytest.mark.parametrize("user", ["register", None])
def test_command_says_what_it_copied_and_who_ran_it(tmp_path, monkeypatch, user):
    make_city("nara")

    def name() -> str:
        if user is None:
            raise KeyError("getpwuid(): uid not found: 4711")
        return user

    monkeypatch.setattr(getpass, "getuser", name)
    with written("json") as stream:
        call_command("dump_register", tmp_path / "dump", stdout=StringIO())
        call_command("load_register", tmp_path / "dump", stdout=StringIO())

    dumped, loaded = lines_of(stream)
    by = user or "unknown"
    assert (dumped["event"], dumped["folder"], dumped["system_user"]) == (
        *("register dumped", str(tmp_path / "dump"), by),
    )
    assert dumped["records"] >= 1
    assert (loaded["event"], loaded["new"], loaded["changed"], loaded["system_user"]) == (
        *("register files loaded", 0, 0, by),
    )
