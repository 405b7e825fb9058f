"""Drafts, published records and records withdrawn with a reason."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, Q
from django.http import Http404

from cities.models import Citation, City, Entry, Source
from cities.publishing import Publication, WithdrawnError, find_public
from tests.factories import make_city, make_entry, make_relationship, make_source

pytestmark = pytest.mark.django_db

DAY = date(2020, 1, 1)
NEVER_DELETED = "A record that was published is never deleted. Withdraw it and say why."
STATES = ("publication", "withdrawn_on", "withdrawn_because")


def state(record) -> tuple:
    return tuple(getattr(record, name) for name in STATES)


def make_in_state(publication: str) -> Source:
    source = make_source(publication=Publication.DRAFT)
    if publication != Publication.DRAFT:
        source.publish()
    if publication == Publication.WITHDRAWN:
        source.withdraw(because="Wrong.", on=DAY)
    return source


def test_new_record_is_a_draft():
    source = Source()

    assert state(source) == ("draft", None, "")
    assert (source.is_draft, source.is_published, source.is_withdrawn) == (True, False, False)


def test_published_record_is_public():
    source = make_in_state("draft")
    assert list(Source.objects.public()) == []

    source.publish()

    assert list(Source.objects.public()) == [source]
    assert state(Source.objects.get()) == ("published", None, "")
    assert (source.is_draft, source.is_published, source.is_withdrawn) == (False, True, False)


def test_withdrawn_record_keeps_the_day_and_the_reason():
    source = make_in_state("published")

    source.withdraw(because="  It was another letter. ", on=DAY)

    assert list(Source.objects.public()) == []
    assert state(Source.objects.get()) == ("withdrawn", DAY, "It was another letter.")
    assert (source.is_draft, source.is_published, source.is_withdrawn) == (False, False, True)


@pytest.mark.parametrize("because", ["", "  \n"])
def test_record_is_not_withdrawn_without_a_reason(because):
    source = make_in_state("published")

    with pytest.raises(ValidationError) as refusal:
        source.withdraw(because=because, on=DAY)

    assert refusal.value.messages == ["Say why the record is withdrawn. The public reads this."]
    assert state(source) == state(Source.objects.get()) == ("published", None, "")


@pytest.mark.parametrize("publication", ["draft", "withdrawn"])
def test_only_a_published_record_is_withdrawn(publication):
    source = make_in_state(publication)
    before = state(source)

    with pytest.raises(ValidationError) as refusal:
        source.withdraw(because="Wrong again.", on=date(2021, 1, 1))

    assert refusal.value.messages == ["Only a published record can be withdrawn."]
    assert state(source) == state(Source.objects.get()) == before


def test_withdrawn_record_stays_withdrawn():
    source = make_in_state("withdrawn")

    with pytest.raises(ValidationError) as refusal:
        source.publish()

    assert refusal.value.messages == ["A withdrawn record stays withdrawn. Add a new one."]
    assert state(source) == state(Source.objects.get()) == ("withdrawn", DAY, "Wrong.")


def test_record_refused_publication_is_a_draft_as_before():
    entry = make_entry(make_relationship(), "visited", "2000", publication=Publication.DRAFT)
    Citation.objects.all().delete()
    entry.note = "Still being written."

    with pytest.raises(ValidationError, match="A line needs a source"):
        entry.publish()

    assert state(entry) == ("draft", None, "")
    assert entry.note == "Still being written."
    assert state(Entry.objects.get()) == ("draft", None, "")


def test_record_refused_withdrawal_is_published_as_before():
    source = make_source()
    Source.objects.update(address="not an address")
    source.refresh_from_db()

    with pytest.raises(ValidationError, match="Enter a valid URL"):
        source.withdraw(because="Wrong.", on=DAY)

    assert state(source) == state(Source.objects.get()) == ("published", None, "")


def test_reason_may_be_as_long_as_the_column():
    source = make_source()

    with pytest.raises(ValidationError) as refusal:
        source.withdraw(because="x" * 2001, on=DAY)

    assert refusal.value.message_dict == {
        "withdrawn_because": ["Ensure this value has at most 2000 characters (it has 2001)."]
    }


def delete_instance(source):
    source.delete()


def delete_queryset(source):
    Source.objects.filter(pk=source.pk).delete()


@pytest.mark.parametrize("delete", [delete_instance, delete_queryset])
def test_draft_is_deleted(delete):
    draft, other = make_in_state("draft"), make_in_state("published")

    delete(draft)

    assert list(Source.objects.all()) == [other]


@pytest.mark.parametrize("publication", ["published", "withdrawn"])
@pytest.mark.parametrize("delete", [delete_instance, delete_queryset])
def test_what_was_published_is_never_deleted(publication, delete):
    source = make_in_state(publication)

    with pytest.raises(ProtectedError) as refusal:
        delete(source)

    assert refusal.value.args == (NEVER_DELETED, {source})
    assert list(Source.objects.all()) == [source]


def test_drafts_are_not_deleted_together_with_published_records():
    make_in_state("draft")
    published = make_in_state("published")

    with pytest.raises(ProtectedError) as refusal:
        Source.objects.all().delete()

    assert refusal.value.protected_objects == {published}
    assert Source.objects.count() == 2


def test_draft_that_something_refers_to_is_kept():
    draft = make_city(publication=Publication.DRAFT)
    make_relationship(draft, publication=Publication.DRAFT)

    with pytest.raises(ProtectedError):
        draft.delete()

    assert City.objects.filter(pk=draft.pk).exists()


def test_every_change_is_kept_with_its_reason():
    source = make_source(publication=Publication.DRAFT)
    for reason, change in (
        ("Seen the paper.", source.publish),
        ("Asked by Otsu.", lambda: source.withdraw(because="Another letter.", on=DAY)),
    ):
        source._change_reason = reason
        change()

    assert list(source.history.values_list("history_type", "history_change_reason", *STATES)) == [
        ("~", "Asked by Otsu.", "withdrawn", DAY, "Another letter."),
        ("~", "Seen the paper.", "published", None, ""),
        ("+", None, "draft", None, ""),
    ]


def test_deletion_of_a_draft_is_kept():
    draft = make_in_state("draft")
    draft_id = draft.pk

    draft.delete()

    assert list(Source.history.filter(id=draft_id).values_list("history_type", "publication")) == [
        ("-", "draft"),
        ("+", "draft"),
    ]


def test_public_record_is_found():
    source = make_source(slug="minutes")

    assert find_public(Source.objects.public(), Q(slug="minutes")) == source


@pytest.mark.parametrize("slug", ["draft", "nothing"])
def test_draft_is_not_found_any_more_than_nothing(slug):
    make_source(slug="draft", publication=Publication.DRAFT)

    with pytest.raises(Http404):
        find_public(Source.objects.public(), Q(slug=slug))


def test_withdrawn_record_is_found_withdrawn_with_its_reason():
    source = make_in_state("withdrawn")

    with pytest.raises(WithdrawnError) as found:
        find_public(Source.objects.public(), Q(slug=source.slug))

    assert str(found.value) == "Wrong."
    assert found.value.record == source


def test_record_published_meanwhile_is_not_deleted():
    stale = make_source(publication=Publication.DRAFT)
    Source.objects.get().publish()

    with pytest.raises(ProtectedError):
        stale.delete()


@pytest.mark.parametrize(
    ("start", "wanted"),
    [("published", "draft"), ("withdrawn", "draft"), ("withdrawn", "published")],
)
def test_publication_goes_only_forward(start, wanted):
    source = make_in_state(start)

    source.publication, source.withdrawn_on, source.withdrawn_because = wanted, None, ""

    with pytest.raises(ValidationError):
        source.full_clean()


def test_slug_of_a_published_record_never_changes():
    source = make_source(slug="minutes")
    source.slug = "notes"

    with pytest.raises(ValidationError) as refusal:
        source.full_clean()

    assert refusal.value.messages == [
        "The record is published, and its address never changes: keep the slug."
    ]


def test_slug_of_a_draft_may_change():
    source = make_source(slug="minutes", publication=Publication.DRAFT)
    source.slug = "notes"

    source.full_clean()
