"""An author joins change sets in preparation: nothing in them is lost, or nothing is joined."""

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client

from cities.models import ChangeSet, ProposedChange, Source
from cities.records.change_sets import Deed
from cities.records.corrections import correct
from cities.records.deeds import RefusedError
from cities.records.joining import join
from cities.records.releasing import (
    drop,
    give_reason,
    propose,
    propose_withdrawal,
    publish_alone,
    release,
    send_back,
    submit,
)
from tests.admin.browser import sentences, text
from tests.admin.people import SUPERUSER, browser, everything, person
from tests.admin.test_change_sets import page_of
from tests.admin.test_edits import PUBLISHER, STAFF, WHY, edit, pdf
from tests.factories import make_city, make_partnership, make_source

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}


@pytest.fixture
def staff():
    return browser(STAFF)


def refused(change_set, *others) -> list[str]:
    """Why sets are not joined, and nothing changes."""
    before = everything(), [*ProposedChange.objects.values()], [*ChangeSet.objects.values()]
    with pytest.raises(RefusedError) as refusal:
        join(change_set, others, by=None)
    after = everything(), [*ProposedChange.objects.values()], [*ChangeSet.objects.values()]
    assert after == before
    return [problem.sentence for problem in refusal.value.problems]


def contents(change_set) -> set[tuple[str, str]]:
    return {(change.deed, change.label) for change in change_set.changes.all()}


def test_sets_are_joined_with_one_press_and_published_as_one(staff):
    city, source = make_city("otsu", website="https://old.example/"), make_source(slug="paper")
    draft = make_source(title="A new one", **DRAFT)
    first = edit(staff, city, website="https://new.example/")
    second = edit(staff, source, document=pdf())
    third = propose([draft], author=first.author)
    page = staff.get(page_of(first))
    assert "Join other change sets with this one" in text(page)
    assert page.text.count('name="join"') == 2
    kept = {change.pk: (change.input, change.uploads) for change in ProposedChange.objects.all()}

    answer = staff.post(page_of(first), {"_join": "", "join": [str(second.pk), str(third.pk)]})

    assert (answer.status_code, answer.url) == (302, page_of(first))
    assert contents(first) == {
        ("edit", str(city)),
        ("edit", str(source)),
        ("publish", str(draft)),
    }
    now = {change.pk: (change.input, change.uploads) for change in ProposedChange.objects.all()}
    assert now == kept
    for one in (second, third):
        one.refresh_from_db()
        assert (one.state, one.changes.count()) == ("dropped", 0)
    [[__, __, stored]] = first.changes.get(kind="cities.source", deed="edit").uploads
    assert default_storage.exists(stored)

    release(first)
    city.refresh_from_db()
    assert city.website == "https://new.example/"
    assert Source.objects.get(slug="paper").document
    assert Source.objects.get(pk=draft.pk).is_published


def test_reasons_are_kept(staff):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    second = edit(staff, make_city("nara"), website="https://new.example/")
    third = edit(staff, make_city("kobe"), website="https://new.example/")
    give_reason(first, "The mayor wrote")
    give_reason(second, "The page moved.")
    give_reason(third, "The mayor wrote")

    join(first, [second, third], by=None)

    first.refresh_from_db()
    assert first.reason == "The mayor wrote. The page moved."


def test_reasons_that_are_too_long_together_are_not_cut(staff):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    second = edit(staff, make_city("nara"), website="https://new.example/")
    give_reason(first, "a" * 1500)
    give_reason(second, "b" * 1500)

    assert refused(first, second) == [
        "The reasons are too long together. Shorten one of them first."
    ]


def test_draft_of_both_is_in_the_joined_set_once():
    draft = make_source(**DRAFT)
    author = person(STAFF)
    first, second = (propose([draft], author=author, reason=WHY) for __ in range(2))

    join(first, [second], by=author)

    assert contents(first) == {("publish", str(draft))}
    first.refresh_from_db()
    assert first.reason == WHY


def test_correction_stays_a_correction():
    author = person(STAFF)
    draft = correct(make_partnership().entries.get(), author=author)
    correction = ChangeSet.objects.get()
    first = propose([draft], author=author)

    join(first, [correction], by=author)

    [change] = first.changes.all()
    assert (change.deed, change.object_id) == (Deed.CORRECT, draft.pk)


@pytest.mark.parametrize("of", ["edit", "correction"])
def test_record_that_two_sets_change_is_named_and_nothing_is_joined(staff, of):
    if of == "edit":
        record = make_city("otsu")
        first = edit(staff, record, website="https://new.example/")
    else:
        record = make_partnership().entries.get()
        correct(record, author=User.objects.get(username="commission-staff"))
        first = ChangeSet.objects.get()
    second = propose_withdrawal(record, author=first.author, reason=WHY)
    ChangeSet.objects.filter(pk=second.pk).update(state="open")

    [sentence] = refused(first, second)

    assert f"“{record}” is in both" in sentence
    assert sentence.endswith("both keep what you typed. Give one of the two up first.")


@pytest.mark.parametrize("move", [submit, lambda one: drop(one, by=None), "sent back"])
def test_only_sets_in_preparation_are_joined(staff, move):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    second = edit(staff, make_city("nara"), website="https://new.example/")
    if move == "sent back":
        submit(second)
        send_back(second, by=person(PUBLISHER), note="Which page?")
    else:
        move(second)

    assert "is not open any more" in refused(first, second)[0]
    assert "is not open any more" in refused(second, first)[0]
    assert 'name="join"' not in staff.get(page_of(first)).text


def test_joined_set_is_looked_at_by_a_second_person_as_ever(staff):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    second = edit(staff, make_city("nara"), website="https://new.example/")
    publish_alone(first, "Nobody else is here.")
    theirs = propose([make_source(**DRAFT)], author=person(PUBLISHER))

    assert refused(first, second, theirs) == [f"“{theirs}” was prepared by somebody else."]
    join(first, [second], by=first.author)

    first.refresh_from_db()
    assert first.alone_because == ""


def test_nothing_chosen_is_said(staff):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    edit(staff, make_city("nara"), website="https://new.example/")

    for chosen in ([], ["x"], ["999999"], [str(first.pk)]):
        page = staff.post(page_of(first), {"_join": "", "join": chosen})
        assert "Choose the sets to join with this one." in sentences(page)


def test_nobody_joins_the_sets_of_somebody_else(staff):
    first = edit(staff, make_city("otsu"), website="https://new.example/")
    boss = browser(SUPERUSER)
    theirs = propose([make_source(**DRAFT)], author=person(PUBLISHER))
    before = [*ProposedChange.objects.values()]

    refusal = boss.post(page_of(first), {"_join": "", "join": [str(theirs.pk)]})
    assert refusal.status_code == 403
    page = staff.post(page_of(first), {"_join": "", "join": [str(theirs.pk)]})
    assert "Choose the sets to join with this one." in sentences(page)
    assert Client().post(page_of(first), {"_join": ""}).status_code == 302

    assert [*ProposedChange.objects.values()] == before
    assert 'name="join"' not in staff.get(page_of(first)).text
    assert 'name="join"' not in boss.get(page_of(first)).text
