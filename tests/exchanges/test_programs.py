"""Programs: what is refused at each door, and what a visitor may read of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cities.contacts import looks_personal
from cities.records.publishing import Publication
from exchanges.models import Program, ProgramRole
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses
from tests.factories import (
    make_exchange,
    make_organization,
    make_partnership,
    make_program,
    make_program_role,
    make_relationship,
    make_source,
)

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
SAY_HOW = (
    "An exchange of this program is open for applications. Say how to apply, or close it first."
)


def program(**fields) -> Program:
    """A program as yet unsaved, right but for what the test says."""
    return Program(**{"slug": "camp", "title": "Camp"} | fields)


WRONG = {
    "no title": (
        {"title": ""},
        "exchanges_program_has_a_title",
        {"title": ["This field cannot be blank."]},
    ),
    "a kind of its own": (
        {"kind": "cooking"},
        "exchanges_program_vocabulary",
        {"kind": [NOT_CHOICE("cooking")]},
    ),
    "an audience of its own": (
        {"audience": "cooks"},
        "exchanges_program_vocabulary",
        {"audience": [NOT_CHOICE("cooks")]},
    ),
    "an address of nobody": (
        {"contact_email": "office@example.org"},
        "exchanges_program_email_of_an_office",
        "Enter the office that the e-mail address belongs to, as the contact.",
    ),
    "an end before the beginning": (
        {"since": "1990", "until": "1989"},
        "exchanges_program_ends_after_it_begins",
        "A program cannot end before it begins.",
    ),
    "a publication of its own": (
        {"publication": "secret"},
        "exchanges_program_publication_known",
        "Choose draft, published or withdrawn.",
    ),
    "withdrawn without a reason": (
        {"publication": Publication.WITHDRAWN},
        "exchanges_program_withdrawn_with_a_reason",
        ("Enter the date and the reason of the withdrawal. Leave both blank for other records."),
    ),
}


@pytest.mark.parametrize(("wrong", "constraint", "sentences"), WRONG.values(), ids=WRONG)
def test_wrong_program_is_refused(wrong, constraint, sentences):
    record = program(**wrong)

    assert_clerk_reads(record, sentences)
    assert_database_refuses(record, match=constraint)


def test_program_of_which_only_the_title_is_known_is_kept():
    record = program()

    record.full_clean()
    record.save()

    record = Program.objects.get()
    known = (record.kind, record.audience, record.since, record.until)
    assert known == ("", "", None, None)
    assert str(record) == "Camp"
    assert record.get_absolute_url() == "/programs/camp/"


def test_program_of_the_year_it_ends_in_is_kept():
    program(since="1990", until="1990").full_clean()


# --- how to apply -----------------------------------------------------------------------


def open_exchange(record: Program, **fields):
    is_open = {"state": "open", "applications_close_on": "2999-01-01"}
    return make_exchange(program=record, **is_open | fields)


@pytest.mark.parametrize(
    ("exchange", "is_refused"),
    [
        ({}, True),
        ({"publication": "draft"}, True),
        ({"applications_close_on": "2020-01-01"}, False),
        ({"state": "planned"}, False),
        (
            {
                "publication": "withdrawn",
                "withdrawn_on": "2026-01-01",
                "withdrawn_because": "Wrong.",
            },
            False,
        ),
    ],
)
def test_how_to_apply_stays_while_applications_are_taken(exchange, is_refused):
    record = make_program()
    open_exchange(record, **exchange)
    record.how_to_apply = ""

    if is_refused:
        assert_clerk_reads(record, {"how_to_apply": [SAY_HOW]})
    else:
        record.full_clean()


def test_an_address_alone_says_how_to_apply():
    record = make_program(application_address="https://example.org/apply")
    open_exchange(record)
    record.how_to_apply = ""

    record.full_clean()


# --- who reads it -----------------------------------------------------------------------


def test_page_shows_only_what_is_public(django_assert_num_queries):
    relationship, hidden = make_partnership(), make_relationship(publication="draft")
    shown, draft = make_source(), make_source(publication="draft")
    record = make_program(relationship=relationship)
    record.relationships.add(hidden)
    record.sources.set([shown, draft])
    role = make_program_role(record)
    make_program_role(record, make_organization(publication="draft"), "funder")
    make_program("draft", publication="draft")

    with django_assert_num_queries(4):
        [found] = Program.objects.public().for_page()

    assert found == record
    assert found.public_relationships == [relationship]
    assert found.public_sources == [shown]
    assert found.public_roles == [role]
    assert str(found.public_roles[0]) == f"{role.organization}: Organizer"


def test_program_is_withdrawn_after_its_public_exchanges():
    record = make_program()
    shown = make_exchange(program=record, begins="2027")
    make_exchange(program=record, publication="draft")

    with pytest.raises(ValidationError) as refusal:
        record.withdraw(because="Wrong.", on=date(2026, 1, 1))
    assert refusal.value.messages == [f"Withdraw its exchange “{shown.title}, 2027” first."]

    shown.withdraw(because="Wrong.", on=date(2026, 1, 1))
    record.withdraw(because="Wrong.", on=date(2026, 1, 1))
    assert record.is_withdrawn


def test_program_is_not_published_with_drafts():
    record = make_program(publication="draft", relationship=make_partnership())
    organization = make_organization(publication="draft")
    relationship = make_relationship(publication="draft")
    make_program_role(record, organization)
    record.relationships.add(relationship)

    with pytest.raises(ValidationError) as refusal:
        record.publish()

    assert refusal.value.message_dict == {
        "relationships": [f"Publish “{relationship}” first. It is still a draft."],
        "__all__": [f"Publish “{organization}” first. It is still a draft."],
    }


# --- roles ------------------------------------------------------------------------------


def test_organization_has_a_role_once():
    role = make_program_role(make_program())
    again = ProgramRole(program=role.program, organization=role.organization, role="organizer")

    assert_clerk_reads(again, "This organization already has this role.")
    assert_database_refuses(again, match=r"exchanges_programrole_once|UNIQUE constraint failed")


def test_role_of_its_own_is_refused():
    role = ProgramRole(program=make_program(), organization=make_organization(), role="cook")

    assert_clerk_reads(role, {"role": [NOT_CHOICE("cook")]})
    assert_database_refuses(role, match="exchanges_programrole_role_known")


# --- contacts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_personal"),
    [
        ("ana.diaz@lansingmi.gov", True),
        ("a.diaz@lansingmi.gov", True),
        ("Ana_Diaz@lansingmi.gov", True),
        ("ana@gmail.com", True),
        ("lrscc@gmail.com", True),
        ("sister.cities@lansingmi.gov", False),
        ("lansing.office@gmail.com", False),
        ("youth-exchange@lansingmi.gov", False),
        ("lrscc@lansingmi.gov", False),
        ("", False),
    ],
)
def test_addresses_that_look_like_a_persons(address, is_personal):
    assert looks_personal(address) is is_personal
