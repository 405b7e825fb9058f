"""What an exchange says in plain sentences."""

from datetime import date
from decimal import Decimal

import pytest

from exchanges import words
from exchanges.models import Exchange, Funding
from exchanges.review import Giving, Sum, Total
from tests.factories import make_city, make_exchange, make_program, make_relationship

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("", "", ""),
        ("1994", "", "1994"),
        ("2025-08", "2025-08", "August 2025"),
        ("2025-07-01", "2025-07-01", "July 1, 2025"),
        ("2025-07-01", "2025-07-14", "July 1–14, 2025"),
        ("2025-06-30", "2025-07-14", "June 30 – July 14, 2025"),
        ("2025-12-30", "2026-01-02", "December 30, 2025 – January 2, 2026"),
        ("2025-07-01", "2025-08", "from July 1, 2025 to August 2025"),
        ("2025-07", "2025-08", "from July 2025 to August 2025"),
    ],
)
def test_days_are_shown_as_exact_as_they_are_known(begins, ends, said):
    slug = make_exchange(begins=begins or None, ends=ends or None).slug

    assert words.when(Exchange.objects.get(slug=slug)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"state": "open", "applications_close_on": "2025-07-01"},
            "Open for applications until July 1, 2025.",
        ),
        (
            {"state": "open", "applications_close_on": "2025-06-30"},
            "Applications closed on June 30, 2025.",
        ),
        (
            {
                "state": "open",
                "applications_open_on": "2025-08-01",
                "applications_close_on": "2025-09-01",
            },
            "Applications open on August 1, 2025.",
        ),
        ({"state": "cancelled", "reason": "Too hot."}, "Canceled. Too hot."),
        ({"state": "postponed", "reason": "Too hot."}, "Postponed. Too hot."),
        ({}, "Dates to be announced."),
        ({"begins": "2026"}, "Coming up."),
        ({"begins": "2025-07-01"}, "Happening now."),
        ({"begins": "2024", "state": "held"}, "It took place."),
        ({"begins": "2024"}, "The dates have passed."),
    ],
)
def test_phase_is_a_sentence(fields, said):
    slug = make_exchange(**fields).slug

    assert words.phase_sentence(Exchange.objects.get(slug=slug), DAY) == said


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        ("", ""),
        ("out", "From Lansing to Asan, Otsu"),
        ("in", "From Asan, Otsu to Lansing"),
        ("both", "Both ways between Lansing and Asan, Otsu"),
        ("virtual", "Online with Asan, Otsu"),
    ],
)
def test_who_travels_names_the_partners(direction, said):
    exchange = make_exchange(direction=direction)
    relationships = [make_relationship(make_city(slug)) for slug in ("otsu", "asan")]
    exchange.relationships.set(relationships)

    assert words.who_travels(Exchange.objects.for_list().get()) == said


def test_who_travels_is_not_told_without_a_public_partner():
    make_exchange(relationship=make_relationship(publication="draft"))

    assert words.who_travels(Exchange.objects.for_list().get()) == ""


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Total(1234, 3, 0), "1,234"),
        (Total(0, 1, 0), "0"),
        (Total(12, 1, 1), "12 (not reported for 1 exchange)"),
        (Total(None, 0, 2), "Not reported for 2 exchanges"),
        (Total(None, 0, 0), "No record"),
    ],
)
def test_total_says_what_it_leaves_out(total, said):
    assert words.total_sentence(total) == said


@pytest.mark.parametrize(
    ("sums", "unknown", "said"),
    [
        ([], 0, "No record"),
        ([], 1, "1 gift of unknown amount"),
        ([Sum("EUR", Decimal(5), 1), Sum("USD", Decimal(10), 2)], 0, "5 EUR and $10"),
        ([Sum("USD", Decimal(10), 1)], 2, "$10 and 2 gifts of unknown amount"),
    ],
)
def test_money_is_summed_by_currency(sums, unknown, said):
    assert words.money_sentence(Giving(sums, len(sums) + unknown, unknown)) == said


def test_giving_of_nothing_is_nothing():
    assert Giving.of(list(Funding.objects.all())) == Giving([], 0, 0)


def test_partners_stand_by_name():
    relationships = [make_relationship(make_city(slug)) for slug in ("otsu", "asan")]
    make_program()

    assert [place.name for place in words.partners_of(relationships)] == ["Asan", "Otsu"]
