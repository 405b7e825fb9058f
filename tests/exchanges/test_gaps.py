"""What is missing in the reports of exchanges."""

from datetime import date

import pytest

from cities.gaps import Gap
from exchanges.gaps import gaps_of, missing_in, with_report
from exchanges.models import Exchange
from tests.factories import make_exchange, make_funding, make_held_exchange, make_organization

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 24)
SENT, HOSTED = "How many people were sent.", "How many people were hosted."
STUDENTS = "How many of them were students."
VOLUNTEERS = "How many volunteers helped."
HOURS = "How many hours the volunteers gave."
STORY, MONEY = "A report of the results.", "Who paid for it."
NOTHING_REPORTED = {"state": "held", "begins": "2025"}


def missing(**fields) -> list[str]:
    make_exchange(**fields)
    return missing_in(with_report(Exchange.objects.all()).get(), DAY)


@pytest.mark.parametrize(
    ("direction", "people"),
    [
        ("out", [SENT, STUDENTS]),
        ("in", [HOSTED, STUDENTS]),
        ("both", [SENT, HOSTED, STUDENTS]),
        ("virtual", []),
        ("", ["Who traveled, and how many people."]),
    ],
)
def test_bare_report_misses_everything_that_such_an_exchange_has(direction, people):
    found = missing(direction=direction, **NOTHING_REPORTED)

    assert found == [*people, VOLUNTEERS, HOURS, STORY, MONEY]


def test_whole_report_misses_nothing():
    exchange = make_held_exchange()
    make_funding(exchange, amount=0, currency="USD")

    assert missing_in(exchange, DAY) == []


def test_nothing_is_missing_where_the_count_is_none():
    none = dict.fromkeys(("people_sent", "students", "volunteers", "volunteer_hours"), 0)

    assert missing(**NOTHING_REPORTED, **none, story="Nobody came.") == [MONEY]


def test_money_of_unknown_amount_and_things_of_unknown_worth_are_missing():
    exchange, giver = make_held_exchange(), make_organization("giver")
    make_funding(exchange, giver)
    make_funding(exchange, giver, nature="in_kind", what="Rooms")
    make_funding(exchange, giver, nature="in_kind", what="Food", amount=9, currency="USD")

    assert missing_in(exchange, DAY) == [
        "Giver: the value of “Rooms”.",
        "Giver: how much money was given.",
    ]


@pytest.mark.parametrize(
    ("begins", "is_lacking"),
    [("202X", True), ("[2024-12-31,2025-01-01]", True), ("2025~", False)],
)
def test_year_that_is_not_sure_is_missing(begins, is_lacking):
    found = missing(state="held", begins=begins)

    assert ("Which year it took place." in found) is is_lacking


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"begins": "2026-11-23"}, ["Whether it took place."]),
        ({"begins": "2026-11-23", "state": "confirmed"}, ["Whether it took place."]),
        ({"begins": "2026-11-24"}, []),
        ({"begins": "2027"}, []),
        ({}, []),
        ({"begins": "2020", "state": "cancelled", "reason": "Snow."}, []),
        ({"begins": "2020", "state": "postponed", "reason": "Snow."}, []),
    ],
)
def test_what_is_over_is_held_or_not(fields, found):
    assert missing(**fields) == found


def test_gap_names_the_exchange_and_its_page():
    exchange = make_held_exchange("camp")

    assert [*gaps_of(exchange, DAY)] == [
        Gap("Camp, July 1, 2025", MONEY, "/exchanges/camp/"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_reports_of_many_ask_no_more_than_of_one(django_assert_num_queries, count):
    for __ in range(count):
        make_funding(make_held_exchange())

    with django_assert_num_queries(3):
        found = [missing_in(exchange, DAY) for exchange in with_report(Exchange.objects.all())]

    assert len(found) == count
