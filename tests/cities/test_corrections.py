"""Corrections: an entry is withdrawn and its successor published in one moment."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from cities.models import ChangeSet, LogEntry, StandingPeriod
from cities.records.corrections import correct
from cities.records.releasing import drop, give_reason, propose, publish, release, submit
from tests.cities.test_releasing import refusal
from tests.factories import make_partnership, make_source

pytestmark = pytest.mark.django_db

WHY = "The paper says 1970."


@pytest.fixture
def entry():
    return make_partnership("otsu", "1969-10-01").entries.get()


def corrected(entry, **fields):
    """The draft with another date, and its set with a reason."""
    draft = correct(entry)
    for name, value in (fields or {"on": "1970-10-01"}).items():
        setattr(draft, name, value)
    draft.save()
    change_set = ChangeSet.objects.get()
    give_reason(change_set, WHY)
    return draft, change_set


def test_successor_says_the_same_and_is_a_draft_of_its_own_number(entry):
    entry.citations.create(source=make_source(), locator="p. 2")

    draft = correct(entry)

    assert (draft.is_draft, draft.number) == (True, 2)
    same = ("relationship", "kind", "on", "party", "type", "acceptance", "note")
    assert [getattr(draft, name) for name in same] == [getattr(entry, name) for name in same]
    said = ("source", "role", "locator", "says")
    assert [*draft.citations.values_list(*said)] == [*entry.citations.values_list(*said)]
    assert not entry._meta.many_to_many, "a successor takes over no lists"
    assert correct(entry) == draft
    assert ChangeSet.objects.count() == 1


def test_public_reads_the_old_entry_until_the_new_one_takes_its_place(logged, entry):
    draft, change_set = corrected(entry)
    start = LogEntry.objects.count()
    assert "October 1, 1969" in Client().get("/cities/otsu/").text

    release(change_set)

    for one, publication in ((entry, "withdrawn"), (draft, "published")):
        one.refresh_from_db()
        assert one.publication == publication
    assert entry.withdrawn_because == WHY
    page = Client().get("/cities/otsu/").text
    assert "Sister city since October 1, 1970" in text_of(page)
    entries = LogEntry.objects.order_by("number")[start:]
    assert [(one.kind, one.reason) for one in entries if one.record.kind == "cities.entry"] == [
        ("withdrawn", WHY),
        ("published", WHY),
    ]
    assert len({one.batch for one in entries}) == 1


def text_of(page: str) -> str:
    return " ".join(page.split())


def test_relationship_is_never_without_a_status(entry):
    """The periods are made once, at the end, from what stands then."""
    __, change_set = corrected(entry)
    before = StandingPeriod.objects.filter(relationship=entry.relationship).count()
    periods = StandingPeriod.objects.filter(relationship=entry.relationship)

    release(change_set)

    assert periods.count() == before
    assert entry.relationship.standing_on(date(2020, 1, 1)).status == "active"


def test_correction_needs_a_reason(entry):
    correct(entry)
    change_set = ChangeSet.objects.get()
    said = [(None, "Say why. The public can read this.")]

    assert refusal(lambda: release(change_set)) == said
    assert refusal(lambda: submit(change_set)) == said
    give_reason(change_set, WHY)
    submit(change_set)


def test_correction_that_a_rule_refuses_leaves_the_old_entry_public(entry):
    draft, change_set = corrected(entry)
    draft.citations.all().delete()

    [(record, sentence)] = refusal(lambda: release(change_set))

    assert (record, sentence.split(".")[0]) == (
        draft,
        "An entry needs a source before it is published",
    )
    entry.refresh_from_db()
    assert entry.is_published


def test_entry_withdrawn_meanwhile_is_not_corrected(entry):
    __, change_set = corrected(entry)
    entry.withdraw(because="Wrong.", on=date(2020, 1, 1))

    assert refusal(lambda: release(change_set)) == [
        (entry, "Only a published record can be withdrawn.")
    ]
    with pytest.raises(ValidationError, match="Only a published record can be corrected"):
        correct(entry)


def test_successor_is_published_with_its_own_set_alone(entry):
    draft, change_set = corrected(entry)

    [(record, sentence)] = refusal(lambda: publish([draft]))

    assert (record, sentence) == (
        draft,
        f"It corrects a record. Publish it with its own change set, “{change_set}”.",
    )


def test_dropped_correction_may_begin_again(entry):
    draft, change_set = corrected(entry)
    drop(change_set, by=None)

    other = correct(entry)

    assert other != draft
    assert ChangeSet.objects.unsettled().count() == 1


def test_database_knows_which_change_replaces_a_record():
    change = propose([make_source(publication="draft")]).changes.get()
    change.replaces = 1
    rule = "cities_proposedchange_correction_replaces_a_record"
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        change.save()
