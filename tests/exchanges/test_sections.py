"""The order of the list, and the filters that pages and API share."""

from datetime import date

import pytest

from cities.records.derived import collecting
from exchanges.filters import ExchangeFilter, ProgramFilter
from exchanges.models import Exchange, Program
from exchanges.sections import (
    Section,
    in_order,
    in_sections,
    section_of,
    section_title,
    with_editions,
)
from tests.factories import make_city, make_exchange, make_program, make_relationship

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)


@collecting()
def make_all() -> None:
    program = make_program("camp")
    for slug, fields in {
        "past-old": {"begins": "1994"},
        "past-new": {"begins": "2025-06"},
        "cancelled-past": {
            "state": "cancelled",
            "reason": "Rain.",
            "begins": "2025-05-01",
            "ends": "2025-05-09",
        },
        "cancelled-dayless": {"state": "cancelled", "reason": "No money."},
        "under-way": {"begins": "2025-06-25", "ends": "2025-07-05"},
        "coming-late": {"begins": "2026"},
        "coming-soon": {"begins": "2025-08-01"},
        "cancelled-coming": {"state": "cancelled", "reason": "Flu.", "begins": "2025-09-01"},
        "postponed": {"state": "postponed", "reason": "Flu.", "begins": "2025-10-01"},
        "postponed-past": {"state": "postponed", "reason": "Flu.", "begins": "2025-01-01"},
        "day-unknown": {},
        "applications-over": {"state": "open", "applications_close_on": "2025-06-30"},
        "open-late": {"state": "open", "applications_close_on": "2025-12-01"},
        "open-soon": {"state": "open", "applications_close_on": "2025-07-01"},
    }.items():
        make_exchange(slug, program=program, **fields)


def test_list_begins_with_what_can_be_joined():
    make_all()

    found = in_sections(Exchange.objects.with_phase(DAY), DAY)

    assert [(section_of(one, DAY), one.slug) for one in in_order(found, DAY)] == [
        (one.section, one.slug) for one in found
    ]
    assert [(Section(one.section).name, one.slug) for one in found] == [
        ("OPEN", "open-soon"),
        ("OPEN", "open-late"),
        ("COMING", "coming-soon"),
        ("COMING", "cancelled-coming"),
        ("COMING", "postponed"),
        ("COMING", "coming-late"),
        ("COMING", "applications-over"),
        ("COMING", "day-unknown"),
        ("UNDER_WAY", "under-way"),
        ("PAST", "past-new"),
        ("PAST", "cancelled-past"),
        ("PAST", "postponed-past"),
        ("PAST", "past-old"),
        ("PAST", "cancelled-dayless"),
    ]


def test_order_is_no_long_question():
    """PostgreSQL and Django take longer to read a long question than to answer it."""
    found = in_sections(Exchange.objects.public().for_list().with_phase(DAY), DAY)

    assert len(str(found.query)) < 12_000


def test_sections_have_titles():
    assert [section_title(section) for section in Section] == [
        "Open for applications",
        "Coming up",
        "Happening now",
        "Past exchanges",
    ]


def test_program_shows_its_next_edition_first_and_no_draft():
    program = make_program("camp")
    make_exchange("last", program=program, begins="2024")
    make_exchange("draft", program=program, begins="2025-07-02", publication="draft")
    make_exchange("next", program=program, begins="2025-08")

    found = with_editions(Program.objects.all()).get()

    assert [one.slug for one in in_order(found.public_editions, DAY)] == ["next", "last"]


@pytest.fixture
def exchanges():
    """Two exchanges that differ in everything that can be asked about."""
    otsu = make_relationship(make_city("otsu"))
    asan = make_relationship(make_city("asan"))
    camp = make_program("camp", otsu, kind="sports", audience="families")
    art = make_program("art", asan, kind="arts_culture", audience="artists")
    make_exchange("camp-2025", program=camp, begins="2025-08", state="confirmed")
    make_exchange("art-2024", program=art, begins="2024-12-31", state="held")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({}, {"camp-2025", "art-2024"}),
        ({"city": "otsu"}, {"camp-2025"}),
        ({"city": "lansing"}, set()),
        ({"kind": "arts_culture"}, {"art-2024"}),
        ({"audience": "families"}, {"camp-2025"}),
        ({"year": "2024"}, {"art-2024"}),
        ({"year": "2023"}, set()),
        ({"program": "art"}, {"art-2024"}),
        ({"state": "held"}, {"art-2024"}),
        ({"phase": "past", "on": "2025-07-01"}, {"art-2024"}),
        ({"phase": "coming", "on": "2025-07-01"}, {"camp-2025"}),
        ({"phase": "under_way", "on": "2025-08-31"}, {"camp-2025"}),
        ({"city": "asan", "kind": "sports"}, set()),
    ],
)
def test_exchanges_are_found_by_what_is_asked(exchanges, question, found):
    filters = ExchangeFilter(question, Exchange.objects.public())

    assert filters.is_valid()
    assert {exchange.slug for exchange in filters.qs} == found


def test_phase_is_that_of_the_day_asked_about_or_of_today(exchanges):
    then = ExchangeFilter({"on": "2025-01-01"}, Exchange.objects.all()).qs.get(slug="camp-2025")
    now = ExchangeFilter({}, Exchange.objects.all()).qs.get(slug="camp-2025")

    assert (then.phase, now.phase) == ("coming", "past")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"city": "otsu"}, {"camp"}),
        ({"kind": "arts_culture"}, {"art"}),
        ({"audience": "families"}, {"camp"}),
    ],
)
def test_programs_are_found_by_what_is_asked(exchanges, question, found):
    filters = ProgramFilter(question, Program.objects.public())

    assert {program.slug for program in filters.qs} == found


def test_nothing_is_found_by_a_relationship_that_is_not_public():
    relationship = make_relationship(make_city("otsu"), publication="draft")
    make_exchange(relationship=relationship)

    assert not ExchangeFilter({"city": "otsu"}, Exchange.objects.public()).qs
    assert not ProgramFilter({"city": "otsu"}, Program.objects.public()).qs
