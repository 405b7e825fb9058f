"""The log of a register that was kept without one says what a log would have said."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from django.contrib.auth.models import Group, User

from cities.models import Edition, LogEntry, LoggedRecord, Representation
from lrscc import roles
from lrscc.changes import editions, reading
from lrscc.changes.derivation import logs
from tests.factories import (
    home,
    make_action,
    make_authority,
    make_city,
    make_effect,
    make_entry,
    make_exchange,
    make_member,
    make_name,
    make_organization,
    make_relationship,
    make_reply,
    make_resolution,
    make_seat,
    make_source,
    make_text,
    make_type,
)
from tests.moments import change, saved_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]


def on(day: int) -> Any:
    return saved_at(datetime(2026, 1, day, 12, tzinfo=UTC))


def by(record: Any, office: str, why: str, **values: Any) -> None:
    person = User.objects.create_user(f"user-{User.objects.count()}")
    person.groups.add(Group.objects.get(name=office))
    record._history_user, record._change_reason = person, why
    change(record, **values)


def keep_a_register() -> None:
    """Publish, change, correct, withdraw: each on another day of January 2026."""
    with on(1):
        make_type()
        council = make_organization("council", name="Council", place=home())
    with on(2):
        relationship = make_relationship(make_city("otsu"))
        entry = make_entry(relationship, "signed", "1969")
    with on(3):
        resolution = make_resolution("on-peace", organization=council)
        action = make_action(resolution, "introduce")
        make_text(resolution)
    with on(4):
        by(relationship.partner, roles.STAFF, "The census.", summary="On a lake.")
    with on(5):
        make_name(relationship.partner, "大津市")
    with on(6):
        by(action, roles.CLERK, "A typo.", note="Read twice.")
    with on(7):
        make_seat(council)
        make_authority(make_organization("lrscc"))
    with on(8):
        draft = make_source(slug="draft", publication="draft")
    with on(9):
        by(draft, roles.PUBLISHER, "Published", publication="published")
    with on(10):
        make_reply(make_effect(resolution))
        make_exchange("camp")
        make_member("wood")
    with on(11):
        entry.withdraw(because="Another Otsu.", on=date(2026, 1, 11))
    with on(12):
        make_source(slug="letter", publication="draft")


def what_readers_find() -> list[tuple[Any, ...]]:
    return [
        (change.moment, change.title, change.address, change.office, change.why)
        for change in reading.changes_of(reading.entries())
    ]


def what_copies_find() -> dict[tuple[str, str], tuple[str, bool]]:
    found = LoggedRecord.objects.all()
    return {(one.kind, one.ref): (one.sha256, one.is_public) for one in found}


def forget_the_log() -> None:
    LoggedRecord.objects.update(page=None, newest=None)
    for model in (LogEntry, LoggedRecord, Representation, Edition):
        model.objects.all()._raw_delete("default")


def test_log_that_begins_late_says_what_it_would_have_said():
    keep_a_register()
    before = sorted(what_readers_find(), key=str)
    records = {
        (one.kind, one.ref): (one.sha256, one.is_public) for one in LoggedRecord.objects.all()
    }
    forget_the_log()

    editions.keep_up("our-city-sister-cities")

    assert sorted(what_readers_find(), key=str) == before
    assert len(before) > 15
    assert what_copies_find() == records
    assert [line for log in logs() for line in log.differences()] == []
    numbers = LogEntry.objects.order_by("number").values_list("number", "moment")
    assert [number for number, __ in numbers] == list(range(1, len(numbers) + 1))
    assert [moment for __, moment in numbers] == sorted(moment for __, moment in numbers)


def test_entries_of_feeds_keep_the_names_that_they_had():
    """The name that feeds gave before there was a log: of the record, its version and moment."""
    with on(1):
        source = make_source(slug="page")
    forget_the_log()
    key = f"cities.source/{source.pk}//{source.history.get().pk}/2026-01-01T12:00:00+00:00"

    editions.keep_up("our-city-sister-cities")

    [entry] = LogEntry.objects.filter(record__ref="page")
    assert entry.feed_id == uuid_of(f"our-city-sister-cities/{key}")


def uuid_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def test_large_first_import_is_one_line_for_readers():
    with on(1):
        for number in range(60):
            source = make_source(slug=f"page-{number}", publication="draft")
            source._change_reason = "load_register sources.toml"
            change(source, publication="published")
    forget_the_log()

    editions.keep_up("our-city-sister-cities")

    [(__, title, address, office, why)] = what_readers_find()
    assert (title, address, office, why) == ("60 records, imported", "", "", "First import.")
    assert LogEntry.objects.count() == 61
