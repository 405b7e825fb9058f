"""The next anniversary: of a day, of February 29, of a month, of a year; none of what is vague."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cities.anniversaries import Anniversary, anniversary_of, next_anniversary
from cities.records.dates import RecordDate
from cities.standing import Standing
from cities.words import anniversary_sentence
from tests.factories import home, make_city, make_entry, make_relationship, make_type

D = date.fromisoformat


@pytest.mark.parametrize(
    ("began", "day", "years", "on", "sentence"),
    [
        ("1969-10-01", "2026-09-30", 57, "2026-10-01", "57 years on October 1, 2026"),
        ("1969-10-01", "2026-10-01", 57, "2026-10-01", "57 years on October 1, 2026"),
        ("1969-10-01", "2026-10-02", 58, "2027-10-01", "58 years on October 1, 2027"),
        ("2025-12-08", "2025-12-08", 1, "2026-12-08", "1 year on December 8, 2026"),
        ("2025-12-08", "2020-01-01", 1, "2026-12-08", "1 year on December 8, 2026"),
        ("1996-02-29", "2026-11-27", 31, "2027-02-28", "31 years on February 28, 2027"),
        ("1996-02-29", "2027-03-01", 32, "2028-02-29", "32 years on February 29, 2028"),
        ("1996-02-29", "2096-03-01", 101, "2097-02-28", "101 years on February 28, 2097"),
        ("2006-02", "2026-02-28", 20, "2026-02", "20 years in February 2026"),
        ("2006-02", "2026-03-01", 21, "2027-02", "21 years in February 2027"),
        ("2000-23", "2026-11-27", 26, "2026-23", "26 years in fall 2026"),
        ("1982", "2026-12-31", 44, "2026", "44 years in 2026"),
        ("1982", "2027-01-01", 45, "2027", "45 years in 2027"),
        ("0982", "2027-01-01", 1045, "2027", "1,045 years in 2027"),
    ],
)
def test_next_anniversary_is_as_exact_as_the_beginning(began, day, years, on, sentence):
    anniversary = next_anniversary(RecordDate.parse(began), D(day))

    expected = Anniversary(years, RecordDate.parse(on), RecordDate.parse(began))
    assert anniversary == expected
    assert anniversary_sentence(anniversary) == sentence


@pytest.mark.parametrize(
    "began",
    [
        "1994~",
        "1994?",
        "1994%",
        "199X",
        "[1994,1996]",
        "1994/1996",
        "1994/..",
        "../1994",
    ],
)
def test_vague_beginning_has_no_anniversary(began):
    assert next_anniversary(RecordDate.parse(began), D("2026-01-01")) is None


def test_no_anniversary_comes_after_the_last_year():
    assert next_anniversary(RecordDate.parse("1969-10-01"), date(9999, 12, 31)) is None


BEGINNINGS = st.dates(date(1000, 1, 1), date(2900, 12, 31))


@given(
    began=st.one_of(
        BEGINNINGS.map(date.isoformat), BEGINNINGS.map(lambda day: day.isoformat()[:7])
    ),
    day=st.dates(date(1000, 1, 1), date(2900, 12, 31)),
)
def test_next_anniversary_is_never_past_and_never_skips_one(began, day):
    found = next_anniversary(RecordDate.parse(began), day)

    assert found.years >= 1
    assert found.on.latest >= day
    assert found.on.earliest.year == found.began.earliest.year + found.years
    is_first = found.years == 1
    before = found.on.latest.replace(
        year=found.on.latest.year - 1, day=min(28, found.on.latest.day)
    )
    assert is_first or before < day


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "after", "years"),
    [
        ("signed", "", 51),
        ("concluded", "renewed", 51),
        ("attested", "", None),
        ("signed", "dormant", None),
        ("signed", "suspended", None),
        ("signed", "terminated", None),
        ("proposed", "", None),
    ],
)
def test_only_what_is_active_and_has_a_beginning_has_an_anniversary(kind, after, years):
    relationship = make_relationship(make_city("otsu"))
    beginning = make_entry(relationship, kind, "1969-10-01", type=make_type())
    if after:
        make_entry(relationship, after, "2000")

    found = anniversary_of(relationship.standing_on(date(2020, 1, 1)), date(2020, 1, 1))

    assert (found and found.years) == years
    assert found is None or found.began == beginning.on


@pytest.mark.django_db
def test_relationship_without_entries_has_no_anniversary():
    home()

    assert anniversary_of(Standing(), date(2020, 1, 1)) is None


def test_calendar_ends_without_an_anniversary():
    assert next_anniversary(RecordDate.parse("9998-01-01"), date(9999, 6, 1)) is None
