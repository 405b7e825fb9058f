"""Drafts, published records and records withdrawn with a reason."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError, Q
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from cities.models import Citation, City, Entry, Source
from cities.records.publishing import Publication, WithdrawnError, find_public, is_public
from tests.cities.refusals import assert_clerk_reads
from tests.factories import (
    make_agreement,
    make_authority,
    make_city,
    make_entry,
    make_name,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_succession,
)

pytestmark = pytest.mark.django_db

DAY = date(2020, 1, 1)
NEVER_DELETED = "A published record is never deleted. Withdraw it and say why."
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


@pytest.mark.parametrize("hidden", ["relationship", "home", "partner", "number", None])
def test_record_is_public_when_all_that_it_is_about_is(hidden):
    entry = make_partnership("otsu").entries.get()
    relationship = entry.relationship
    records = {
        "number": entry,
        "relationship": relationship,
        "home": relationship.home,
        "partner": relationship.partner,
    }
    if hidden:
        records[hidden].publication = Publication.DRAFT

    assert is_public(entry) is (hidden is None)
    assert is_public(relationship) is (hidden in ("number", None))


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

    assert refusal.value.messages == ["Say why you withdraw the record. The public can read this."]
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

    with pytest.raises(ValidationError, match="An entry needs a source"):
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


def test_first_version_of_a_record_looks_for_no_links_to_many():
    with CaptureQueriesContext(connection) as queries:
        relationship = make_relationship()
    source = make_source()
    relationship.other_records.add(source)

    assert [query for query in queries if "other_records" in query["sql"]] == []
    with_link, first = relationship.history.all()
    assert [link.source for link in with_link.other_records.all()] == [source]
    assert not first.other_records.exists()


def test_all_checks_of_a_record_are_asked_at_once():
    source = make_source()
    with CaptureQueriesContext(connection) as queries:
        source.validate_constraints()

    assert len([query for query in queries if "_check" in query["sql"]]) == 1


def test_checks_that_fail_say_so_one_by_one_but_for_fields_left_out():
    source = make_source()
    source.publication, source.withdrawn_on = "lost", DAY
    known = "Choose draft, published or withdrawn."
    with_a_reason = (
        "Enter the date and the reason of the withdrawal. Leave both blank for other records."
    )

    for left_out, sentences in [
        (set(), [known, with_a_reason]),
        ({"withdrawn_on"}, [known]),
        ({"publication"}, []),
    ]:
        found = []
        try:
            source.validate_constraints(exclude=left_out)
        except ValidationError as error:
            found = error.messages
        assert found == sentences


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
    city = make_city("otsu")
    city.slug = "kyoto"

    with pytest.raises(ValidationError) as refusal:
        city.full_clean()

    assert refusal.value.messages == [
        "This record is published, so its web address cannot change."
    ]


def test_slug_of_a_draft_may_change():
    source = make_source(slug="minutes", publication=Publication.DRAFT)
    source.slug = "notes"

    source.full_clean()


# --- a published record names no draft --------------------------------------------------

DRAFT = {"publication": Publication.DRAFT}


def first(record) -> str:
    return f"Publish “{record}” first. It is still a draft."


NAMING = {
    "place it lies in": (make_city, "part_of", make_city),
    "source of its geography": (make_city, "geography_source", make_source),
    "place of an organization": (make_organization, "place", make_city),
    "source of an organization": (make_organization, "source", make_source),
    "partner": (make_relationship, "partner", make_city),
    "home": (make_relationship, "home", make_city),
    "ledger": (
        lambda **f: make_entry(make_partnership(), "visited", "2020", **f),
        "relationship",
        None,
    ),
    "decider": (
        lambda **f: make_entry(make_partnership(), "renewed", "2020", party="partner", **f),
        "decided_by",
        make_organization,
    ),
    "new partner": (
        lambda **f: make_entry(make_partnership(), "renewed", "2020", **f),
        "partner",
        make_city,
    ),
}
"""A record, its field, and the draft that the field names."""


@pytest.mark.parametrize("what", NAMING)
def test_record_that_names_a_draft_is_not_published_before_it(what):
    make, field, make_named = NAMING[what]
    record = make(**DRAFT)
    named = make_named(**DRAFT) if make_named else getattr(record, field)
    setattr(record, field, named)
    if named.is_published:
        type(named).objects.filter(pk=named.pk).update(**DRAFT)
        named.refresh_from_db()
    record.save()

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {field: [first(named)]}
    assert state(record) == ("draft", None, "")
    named.publish()
    record.publish()


@pytest.mark.parametrize("what", [name for name in NAMING if name not in ("partner", "home")])
def test_published_record_is_not_changed_to_name_a_draft(what):
    make, field, make_named = NAMING[what]
    record = make()
    named = make_named(**DRAFT) if make_named else make_relationship(**DRAFT)

    setattr(record, field, named)

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()
    assert first(named) in refusal.value.messages


def test_entry_is_not_published_before_its_agreement():
    relationship = make_partnership()
    agreement = make_agreement(relationship, **DRAFT)
    entry = make_entry(relationship, "renewed", "2020", agreement=agreement, **DRAFT)

    with pytest.raises(ValidationError) as refusal:
        entry.publish()

    assert refusal.value.message_dict == {"agreement": [first(agreement)]}


def test_record_may_name_what_was_withdrawn():
    """It was public: nothing is shown that is not on record."""
    source = make_in_state("withdrawn")
    city = make_city(geography_source=source, **DRAFT)

    city.publish()

    assert city.is_published


PARTS = {
    "citation": lambda source, **f: Citation.objects.create(
        entry=make_entry(make_partnership(), "visited", "2020", **f), source=source
    ),
    "name": lambda source, **f: make_name(make_city(**f), "大津市", source=source),
    "authority": lambda source, **f: make_authority(make_organization(**f), source=source),
    "authority over it": lambda source, **f: make_authority(
        make_organization(), place=make_city(**f), source=source
    ),
    "succession": lambda source, **f: make_succession(make_city(**f), make_city(), source=source),
    "succession to it": lambda source, **f: make_succession(
        make_city(), make_city(**f), source=source
    ),
}
"""Parts that name a source, of a record with the fields given."""
ABOVE = {"authority over it": "place", "succession to it": "successor"}


@pytest.mark.parametrize("what", PARTS)
def test_part_of_a_published_record_names_no_draft(what):
    source = make_source(**DRAFT)

    assert_clerk_reads(PARTS[what](source), {"source": [first(source)]})


@pytest.mark.parametrize("what", PARTS)
def test_record_of_which_a_part_names_a_draft_is_not_published_before_it(what):
    source = make_source(**DRAFT)
    part = PARTS[what](source, **DRAFT)
    part.full_clean()
    record = getattr(part, ABOVE.get(what, part.parents[0]))

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {"__all__": [first(source)]}
    source.publish()
    record.publish()


def test_draft_that_two_parts_name_is_told_once():
    source, city = make_source(**DRAFT), make_city(**DRAFT)
    make_name(city, "大津市", source=source)
    make_name(city, "大津", source=source)

    with pytest.raises(ValidationError) as refusal:
        city.publish()

    assert refusal.value.messages == [first(source)]


def test_part_that_stays_unread_does_not_hold_a_record_back():
    city = make_city(**DRAFT)
    make_succession(city, make_city(**DRAFT), source=make_source(**DRAFT))

    city.publish()

    assert city.is_published


def test_agreement_is_not_published_before_its_relationships_and_documents():
    relationship, source = make_relationship(**DRAFT), make_source(**DRAFT)
    agreement = make_agreement(relationship, **DRAFT)
    agreement.documents.add(source)

    with pytest.raises(ValidationError) as refusal:
        agreement.publish()

    assert refusal.value.message_dict == {
        "relationships": [first(relationship)],
        "documents": [first(source)],
    }


# --- what rests on a record goes before it ----------------------------------------------


def refused_withdrawal(record) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        record.withdraw(because="Wrong.", on=DAY)
    assert (
        state(record) == state(type(record).objects.get(pk=record.pk)) == ("published", None, "")
    )
    return refusal.value.messages


def test_place_is_not_withdrawn_before_its_relationships():
    relationship, other = make_partnership("otsu"), make_partnership("kyoto")
    said = (
        "Withdraw its relationship with %s first. Or keep the city, and add an entry for how the"
        " relationship ended."
    )

    assert refused_withdrawal(relationship.partner) == [said % "Lansing"]
    assert refused_withdrawal(relationship.home) == [said % "Kyoto", said % "Otsu"]

    for each in (relationship, other):
        each.withdraw(because="Wrong.", on=DAY)
        each.partner.withdraw(because="Wrong.", on=DAY)
    relationship.home.withdraw(because="Wrong.", on=DAY)


def test_place_with_a_draft_of_a_relationship_is_withdrawn():
    relationship = make_relationship(**DRAFT)

    relationship.partner.withdraw(because="Wrong.", on=DAY)


def test_place_a_relationship_goes_on_with_is_not_withdrawn_before_the_entry():
    after = make_city()
    entry = make_entry(make_partnership("otsu"), "renewed", "2020", partner=after)

    assert refused_withdrawal(after) == [
        f"It became the partner through “{entry}”. Withdraw that entry first."
    ]

    entry.withdraw(because="Wrong.", on=DAY)
    after.withdraw(because="Wrong.", on=DAY)


def test_organization_that_decided_an_entry_is_not_withdrawn_before_it():
    council, relationship = make_organization(), make_partnership("otsu")
    entry = make_entry(relationship, "renewed", "2020", party="partner", decided_by=council)
    make_entry(relationship, "renewed", "2021", party="partner", decided_by=council, **DRAFT)

    assert refused_withdrawal(council) == [f"It decided “{entry}”. Withdraw that entry first."]

    entry.withdraw(because="Wrong.", on=DAY)
    council.withdraw(because="Wrong.", on=DAY)


def test_source_on_which_an_entry_rests_alone_is_not_withdrawn():
    page, relationship = make_source(), make_partnership("otsu")
    entry = make_entry(relationship, "visited", "2020", source=page)
    make_entry(relationship, "visited", "2019", source=page, why_not_preferred="Only a rumour.")
    make_entry(relationship, "visited", "2018", source=page, **DRAFT)
    said = (
        f"“{entry}” has no other source that supports it. Add another source first, or withdraw"
        " that record."
    )

    assert refused_withdrawal(page) == [said]
    Citation.objects.create(entry=entry, source=make_source(), role="disputes")
    Citation.objects.create(entry=entry, source=make_in_state("withdrawn"))
    assert refused_withdrawal(page) == [said]

    Citation.objects.create(entry=entry, source=make_source())
    page.withdraw(because="Wrong.", on=DAY)


def test_source_is_withdrawn_after_the_entry_that_rests_on_it():
    page = make_source()
    entry = make_entry(make_partnership("otsu"), "visited", "2020", source=page)
    entry.withdraw(because="Wrong.", on=DAY)

    page.withdraw(because="Wrong.", on=DAY)


def test_what_nothing_rests_on_is_withdrawn_though_records_name_it():
    """Their pages go on without the link."""
    page = make_source()
    place = make_city(geography_source=page)
    make_city(part_of=place)
    agreement = make_agreement(make_partnership())
    agreement.documents.add(page)
    make_entry(make_partnership(), "renewed", "2020", agreement=agreement)

    for record in (page, place, agreement):
        record.withdraw(because="Wrong.", on=DAY)


def test_entry_is_not_published_on_a_withdrawn_source_alone():
    page = make_in_state("withdrawn")
    entry = make_entry(make_partnership(), "visited", "2020", source=page, **DRAFT)

    with pytest.raises(ValidationError) as refusal:
        entry.publish()

    assert refusal.value.messages == [
        "An entry needs a source before it is published. Add a source that supports it."
    ]
    Citation.objects.create(entry=entry, source=make_source())
    entry.publish()
