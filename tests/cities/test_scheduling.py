"""Scheduled change sets: published by the clock as they were, or sent back with the reason."""

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cities.models import ChangeSet, LogEntry
from cities.records.deeds import Problem, RefusedError
from cities.records.releasing import drop, propose, release, send_back, submit
from cities.records.scheduling import release_due, schedule, unschedule
from lrscc.running import clock
from tests.cities.test_releasing import new_partner, states
from tests.factories import make_source

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
MOMENT = datetime(2026, 12, 1, 14, tzinfo=UTC)


@pytest.fixture
def publisher():
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(Group.objects.get(name="Publisher"))
    return user


@pytest.fixture
def at(monkeypatch):
    """Set the clock of what is scheduled."""

    def set_to(moment):
        monkeypatch.setattr("cities.records.scheduling.now", lambda: moment)

    set_to(MOMENT - timedelta(days=1))
    return set_to


def scheduled(records, by, moment=MOMENT):
    change_set = propose(records, reason="Signed in May.")
    submit(change_set)
    schedule(change_set, by=by, moment=moment)
    change_set.refresh_from_db()
    return change_set


def test_set_is_published_at_its_time_and_not_before(at, publisher, logged):
    records = new_partner()
    change_set = scheduled(records, publisher)
    assert (change_set.state, change_set.scheduled_by) == ("scheduled", publisher)

    at(MOMENT - timedelta(seconds=1))
    assert release_due() == ([], [])
    assert states(records) == ["draft"] * 5
    at(MOMENT)
    assert release_due() == ([change_set], [])

    assert states(records) == ["published"] * 5
    change_set.refresh_from_db()
    assert (change_set.state, change_set.settled_by) == ("released", publisher)
    version = records[0].history.first()
    assert (version.history_user, version.history_change_reason) == (publisher, "Signed in May.")
    by_somebody = LogEntry.objects.filter(reason="Signed in May.", office="*")  # in no office
    assert by_somebody.count() == 5
    assert Client().get("/cities/nara/").status_code == 200
    assert release_due() == ([], [])


@pytest.mark.parametrize("change", ["draft", "rights"])
def test_set_that_cannot_be_published_as_it_was_is_sent_back(at, publisher, change):
    source, other = make_source(**DRAFT), make_source(**DRAFT)
    change_set, due = scheduled([source], publisher), scheduled([other], publisher)
    if change == "draft":
        source.title = "Another"
        source.save()
    else:
        publisher.groups.clear()
    at(MOMENT)

    released, back = release_due()

    assert (released, back) == (
        ([due], [change_set]) if change == "draft" else ([], [change_set, due])
    )
    change_set.refresh_from_db()
    assert states([source]) == ["draft"]
    assert (change_set.state, change_set.reviewer) == ("sent_back", publisher)
    first, why = change_set.note.split("\n")
    assert first == "It was not published at the time it was scheduled for."
    assert why == (
        "It was changed after it was scheduled."
        if change == "draft"
        else "It needs a draft that you do not have permission to publish."
    )


@pytest.mark.parametrize(
    "move",
    [
        lambda one, by: unschedule(one),
        lambda one, by: send_back(one, by=by, note="Not yet."),
        lambda one, by: drop(one, by=by),
        lambda one, by: release(one, by=by),
    ],
    ids=["unscheduled", "sent back", "dropped", "published before"],
)
def test_set_that_is_moved_on_is_scheduled_no_more(at, publisher, move):
    source = make_source(**DRAFT)
    change_set = scheduled([source], publisher)

    move(change_set, publisher)

    before = states([source])
    at(MOMENT)
    assert release_due() == ([], [])
    assert states([source]) == before
    with pytest.raises(RefusedError, match="not open any more"):
        unschedule(change_set)


def test_set_that_another_process_moved_on_meanwhile_is_left_to_it(at, publisher, monkeypatch):
    change_set = scheduled([make_source(**DRAFT)], publisher)
    at(MOMENT)

    def be_slower(held, **kwargs):
        ChangeSet.objects.filter(pk=held.pk).update(state="open")
        raise RefusedError(Problem(None, "It is open again."))

    monkeypatch.setattr("cities.records.scheduling._release_as_scheduled", be_slower)

    assert release_due() == ([], [])
    change_set.refresh_from_db()
    assert (change_set.state, change_set.note) == ("open", "")


def test_wrong_moments_and_people_are_refused(at, publisher):
    change_set = propose([make_source(**DRAFT)])
    stranger = User.objects.create_user("eve")

    for moment in (MOMENT - timedelta(days=1), MOMENT - timedelta(days=700)):
        with pytest.raises(RefusedError, match="still to come"):
            schedule(change_set, by=publisher, moment=moment)
    with pytest.raises(RefusedError, match="do not have permission"):
        schedule(change_set, by=stranger, moment=MOMENT)
    change_set.refresh_from_db()
    assert (change_set.state, change_set.scheduled_for) == ("open", None)


def test_command_says_what_it_did(at, publisher):
    source, other = make_source(title="One", **DRAFT), make_source(title="Two", **DRAFT)
    scheduled([source], publisher), scheduled([other], publisher)
    other.title = "Three"
    other.save()
    at(MOMENT)
    said = StringIO()

    call_command("release_due", stdout=said)

    assert said.getvalue() == "Published: One\nSent back, see why on its page: Two\n"


def test_database_refuses_a_set_without_its_moment():
    change_set = propose([make_source(**DRAFT)])
    with (
        pytest.raises(IntegrityError, match="cities_changeset_scheduled_with_the_moment"),
        transaction.atomic(),
    ):
        ChangeSet.objects.filter(pk=change_set.pk).update(state="scheduled")


def keep_connection(monkeypatch) -> None:
    monkeypatch.setattr(clock, "connections", type("", (), {"close_all": lambda: None}))
    monkeypatch.setattr(clock, "close_old_connections", lambda: None)


def test_clock_deletes_old_sessions_each_hour(monkeypatch):
    """One for each moment at which the clock is read: the start, and two for each turn after."""
    stop, deleted = threading.Event(), []
    moments = iter([0, 30, 3601, 3601, 3631])
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: next(moments)))

    def delete() -> None:
        deleted.append("deleted")

    def look() -> None:
        turns.append("turn")
        if len(turns) == 3:
            stop.set()

    turns = []
    monkeypatch.setattr("cities.records.scheduling.release_due", look)
    monkeypatch.setattr("lrscc.accounts.unsent.send_again", lambda: None)
    monkeypatch.setattr("lrscc.running.preparing.forget_old_sessions", delete)
    keep_connection(monkeypatch)

    clock.run(stop, every=0)

    assert (deleted, next(moments, None)) == (["deleted"], None)


def test_clock_goes_on_after_a_failure(monkeypatch, caplog):
    stop, calls = threading.Event(), []

    def fail_once():
        calls.append(connection)
        if len(calls) == 2:
            stop.set()
        else:
            raise OSError("The disk is full.")

    monkeypatch.setattr("cities.records.scheduling.release_due", fail_once)
    mails = []
    monkeypatch.setattr("lrscc.accounts.unsent.send_again", lambda: mails.append("tried"))
    keep_connection(monkeypatch)

    clock.run(stop, every=0.001)

    assert (len(calls), mails) == (2, ["tried"])
    assert "The disk is full." in caplog.text
