"""Undoing: what a set made public is taken back by another one, as far as nothing rests on it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from cities.models import ChangeSet, CityName, LogEntry, ProposedChange
from cities.records.corrections import correct
from cities.records.deeds import RefusedError
from cities.records.releasing import (
    drop,
    give_reason,
    propose,
    propose_withdrawal,
    release,
    submit,
)
from cities.records.undoing import undo
from exchanges.models import Program
from tests.admin.people import browser, everything
from tests.admin.test_edits import edit
from tests.cities.test_releasing import new_partner, states
from tests.factories import (
    make_city,
    make_entry,
    make_name,
    make_partnership,
    make_program,
    make_relationship,
    make_source,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
WHY = "It was a slip."


def said(record) -> list:
    """What a record and its names say, as it is stored."""
    row = type(record)._base_manager.get(pk=record.pk)
    own = {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return [own, *CityName.objects.filter(city_id=record.pk).order_by("pk").values()]


def refused(act) -> list[str]:
    """Why it is refused, and nothing changes."""
    before = everything()
    with pytest.raises(RefusedError) as error:
        act()
    assert everything() == before
    return [problem.sentence for problem in error.value.problems]


def newest_kinds(count: int) -> list[str]:
    return sorted(LogEntry.objects.order_by("-number").values_list("kind", flat=True)[:count])


def test_new_partner_is_taken_back_as_one(logged):
    records = new_partner()
    change_set = propose(records)
    release(change_set)
    assert Client().get("/cities/nara/").status_code == 200

    taking_back = undo(change_set, reason=WHY)

    assert states(records) == ["withdrawn"] * 5
    for record in records:
        record.refresh_from_db()
        assert record.withdrawn_because == WHY
        assert record.history.first().history_change_reason == WHY
    assert (taking_back.state, taking_back.undoes, taking_back.name) == (
        "released",
        change_set,
        f"Undo: {change_set}",
    )
    assert Client().get("/cities/nara/").status_code == 410
    assert set(newest_kinds(5)) == {"withdrawn"}


def test_edit_is_taken_back_with_its_parts(logged):
    city = make_city("otsu", website="https://old.example/")
    kept, gone = make_name(city, "古"), make_name(city, "旧")
    before = said(city)
    change_set = edit(
        browser("Commission staff"),
        city,
        **{
            "website": "https://new.example/",
            "names-0-text": "新",
            "names-1-DELETE": "on",
            "names-TOTAL_FORMS": "3",
            "names-2-city": str(city.pk),
            "names-2-text": "次",
            "names-2-language": "ja",
            "names-2-kind": "native",
        },
    )
    release(change_set)
    assert [name.text for name in CityName.objects.order_by("pk")] == ["新", "次"]

    undo(change_set, reason=WHY)

    assert said(city) == before
    assert [name.pk for name in CityName.objects.order_by("pk")] == [kept.pk, gone.pk]
    assert city.history.first().history_change_reason == WHY
    assert newest_kinds(1) == ["changed"]


def test_list_of_records_is_taken_back():
    program, other = make_program(), make_relationship()
    first = program.relationships.get()
    chosen = [str(first.pk), str(other.pk)]
    change_set = edit(browser("Commission staff"), program, relationships=chosen, title="Another")
    release(change_set)
    assert program.relationships.count() == 2

    undo(change_set, reason=WHY)

    program = Program.objects.get()
    assert [*program.relationships.all()] == [first]
    assert program.title != "Another"


def test_correction_is_taken_back_and_the_entry_is_public_again(logged):
    entry = make_partnership("otsu", "1969-10-01").entries.get()
    draft = correct(entry)
    type(draft).objects.filter(pk=draft.pk).update(on="1970-10-01")
    draft.refresh_from_db()
    draft.save()
    change_set = ChangeSet.objects.get()
    give_reason(change_set, "The paper says 1970.")
    page = Client().get("/cities/otsu/").text
    release(change_set)
    assert states([entry, draft]) == ["withdrawn", "published"]

    undo(change_set, reason=WHY)

    assert states([entry, draft]) == ["published", "withdrawn"]
    entry.refresh_from_db()
    assert (entry.withdrawn_on, entry.withdrawn_because) == (None, "")
    assert "Sister city since October 1, 1969" in page
    assert "Sister city since October 1, 1969" in Client().get("/cities/otsu/").text
    assert LogEntry.objects.filter(kind="restored", reason=WHY).exists()


def test_withdrawal_is_taken_back_and_so_is_its_undoing(logged):
    source = make_source(slug="paper")
    withdrawal = propose_withdrawal(source, reason="Twice.")
    release(withdrawal)
    assert states([source]) == ["withdrawn"]

    again = undo(withdrawal, reason=WHY)
    assert states([source]) == ["published"]
    assert Client().get("/sources/paper/").status_code == 200
    undo(again, reason="It was right.")

    source.refresh_from_db()
    assert (source.publication, source.withdrawn_because) == ("withdrawn", "Twice.")
    assert Client().get("/sources/paper/").status_code == 410


def test_what_was_changed_later_is_not_undone():
    source, other = make_source(**DRAFT), make_source(**DRAFT)
    change_set = propose([source, other])
    release(change_set)
    source.refresh_from_db()
    source.title = "Another"
    source.save()

    sentence = f"“{change_set.changes.first().label}” was changed after this was published."
    assert refused(lambda: undo(change_set, reason=WHY)) == [sentence]


def test_what_later_records_rest_on_is_not_undone():
    source = make_source(**DRAFT)
    change_set = propose([source])
    release(change_set)
    source.refresh_from_db()
    entry = make_entry(make_relationship(), "visited", "2020", source=source)
    entry.citations.exclude(source=source).delete()

    [sentence] = refused(lambda: undo(change_set, reason=WHY))

    assert str(entry) in sentence


@pytest.mark.parametrize("move", [None, submit, lambda one: drop(one, by=None)])
def test_only_what_is_published_is_undone(move):
    change_set = propose([make_source(**DRAFT)])
    if move:
        move(change_set)

    assert refused(lambda: undo(change_set, reason=WHY)) == [
        "Only what is published can be undone."
    ]


def test_undone_once_and_with_a_reason():
    change_set = propose([make_source(**DRAFT)])
    release(change_set)

    assert refused(lambda: undo(change_set, reason=" ")) == ["Say why. The public can read this."]
    undo(change_set, reason=WHY)
    assert refused(lambda: undo(change_set, reason=WHY)) == ["This was undone already."]


def test_withdrawal_waits_and_is_refused_if_the_record_changed_meanwhile():
    source = make_source()
    change_set = propose_withdrawal(source, reason="Twice.")
    assert (change_set.state, states([source])) == ("submitted", ["published"])
    source.title = "Another"
    source.save()

    assert refused(lambda: release(change_set)) == [
        "It was changed after this was prepared. Look at it again."
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_asks_for_a_withdrawal_without_saying_why(reason):
    with pytest.raises(ValidationError, match="Say why"):
        propose_withdrawal(make_source(), reason=reason)
    with pytest.raises(ValidationError, match="Only a published record"):
        propose_withdrawal(make_source(**DRAFT), reason="Twice.")
    assert not ChangeSet.objects.exists()


def test_version_that_the_history_no_longer_has_is_not_brought_back():
    source = make_source()
    withdrawal = propose_withdrawal(source, reason="Twice.")
    release(withdrawal)
    version = source.history.first().history_id
    change_set = ChangeSet.objects.create(name="Back", reason=WHY)
    named = {"kind": "cities.source", "object_id": source.pk, "label": "x", "base": version}
    change_set.changes.create(deed="restore", restores=999_999, **named)

    assert refused(lambda: release(change_set)) == ["The history no longer has this version."]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"deed": "withdraw"}, "cities_proposedchange_of_published_with_its_base"),
        ({"deed": "publish", "base": 1}, "cities_proposedchange_of_published_with_its_base"),
        ({"deed": "restore", "base": 1}, "cities_proposedchange_restores_a_version"),
        ({"deed": "publish", "restores": 1}, "cities_proposedchange_restores_a_version"),
    ],
)
def test_database_refuses_what_cannot_be_undone(wrong, constraint):
    source = make_source(**DRAFT)
    named = {"kind": "cities.city", "object_id": 1, "label": "x"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProposedChange.objects.create(change_set=propose([source]), **named, **wrong)


def test_undoing_is_taken_back_with_the_parts():
    """The parts of a version are those that it had, also where it was undone."""
    city = make_city("otsu")
    name = make_name(city, "古")
    change_set = edit(browser("Commission staff"), city, **{"names-0-text": "新"})
    release(change_set)
    again = undo(change_set, reason=WHY)
    assert CityName.objects.get(pk=name.pk).text == "古"

    undo(again, reason="It was right.")

    assert CityName.objects.get(pk=name.pk).text == "新"
