"""Statements: what somebody said in office, and what stays of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.timezone import localdate

from cities.records.publishing import Publication
from resolutions.models import Statement
from tests.cities.refusals import (
    as_withdrawn,
    assert_clerk_reads,
    assert_database_refuses,
    assert_loader_refuses,
    assert_refused,
    load_record,
)
from tests.factories import (
    make_city,
    make_organization,
    make_partnership,
    make_source,
    make_statement,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": Publication.DRAFT}
DAY = date(2020, 1, 1)
frozen_fields = (
    "This statement is published, so its speaker, date, source and web address"
    " cannot change. Withdraw it with a reason and add a new statement."
)


def statement(**fields) -> Statement:
    usual = {"slug": "new", "title": "On the ties", "speaker": "A Mayor", "summary": "No."}
    return Statement(**usual | {"source": make_source()} | fields)


@pytest.mark.parametrize("field", ["title", "speaker", "summary"])
def test_statement_has_a_title_a_speaker_and_words(field):
    record = statement(**{field: ""})

    assert_refused(record, {field: ["This field cannot be blank."]})
    assert_database_refuses(record, match="resolutions_statement_title_speaker_and_words")


@pytest.mark.parametrize(
    ("fields", "constraint", "sentence"),
    [
        (
            {"publication": "secret"},
            "resolutions_statement_publication_known",
            "Choose draft, published or withdrawn.",
        ),
        (
            {"publication": "withdrawn"},
            "resolutions_statement_withdrawn_with_a_reason",
            (
                "Enter the date and the reason of the withdrawal. Leave both blank for other"
                " records."
            ),
        ),
    ],
)
def test_statement_is_in_some_state_of_publication(fields, constraint, sentence):
    assert_clerk_reads(statement(**fields), sentence)
    assert_database_refuses(statement(**fields), match=constraint)


def test_statement_was_not_made_in_the_future():
    tomorrow = localdate() + timedelta(days=1)

    assert_refused(statement(on=tomorrow.isoformat()), {"on": ["That date is in the future."]})
    statement(on=localdate().isoformat()).full_clean()
    statement(on="../2013").full_clean()


@pytest.mark.parametrize(
    "change", [{"slug": "other"}, {"speaker": "Another"}, {"on": "2014"}, {"source": "other"}]
)
def test_published_statement_keeps_who_said_it_and_when(change):
    record = make_statement()
    for name, value in change.items():
        setattr(record, name, make_source() if name == "source" else value)

    assert_clerk_reads(record, frozen_fields)
    if "slug" not in change:
        assert_loader_refuses(record, frozen_fields)


def test_day_of_a_published_statement_may_be_found_later():
    record = make_statement(on=None)
    record.on = "2013-07-22"

    load_record(record)

    assert str(Statement.objects.get().on) == "July 22, 2013"


def test_source_and_organization_of_a_statement_are_not_withdrawn():
    organization = make_organization()
    record = make_statement(title="On the ties", organization=organization)
    make_statement(source=record.source, **DRAFT)

    assert_refused(
        as_withdrawn(record.source),
        "“On the ties” needs this source. Withdraw that statement first.",
    )
    assert_refused(
        as_withdrawn(organization),
        "“On the ties” was made on behalf of this organization. Withdraw that statement first.",
    )
    record.refresh_from_db()
    record.withdraw(because="Never said.", on=DAY)
    record.source.withdraw(because="Never said.", on=DAY)


def test_statement_names_no_draft():
    record = make_statement(**DRAFT)
    record.places.add(make_city("otsu", **DRAFT))

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {
        "places": ["Publish “Otsu, United States” first. It is still a draft."]
    }


def test_statements_concern_a_place_or_its_relationship(django_assert_num_queries):
    relationship = make_partnership("otsu")
    both, by_relationship, by_place = make_statement(), make_statement(), make_statement()
    for record in (both, by_relationship):
        record.relationships.add(relationship)
    for record in (both, by_place):
        record.places.add(relationship.partner)
    make_statement()

    with django_assert_num_queries(1):
        found = list(Statement.objects.concerning(relationship.partner))

    assert found == [both, by_relationship, by_place]


def test_links_of_a_statement_are_kept_in_its_history():
    record, relationship = make_statement(), make_partnership()
    record.relationships.add(relationship)
    record.places.add(relationship.partner)

    kept = record.history.first()

    assert [row.relationship for row in kept.relationships.all()] == [relationship]
    assert [row.city for row in kept.places.all()] == [relationship.partner]


def test_statement_is_named_by_its_title_and_never_deleted():
    record = make_statement("on-the-ties", title="On the ties")

    assert str(record) == "On the ties"
    assert record.get_absolute_url() == "/statements/on-the-ties/"
    for delete in (record.delete, Statement.objects.all().delete):
        with pytest.raises(ProtectedError, match="A published record is never deleted"):
            delete()
