"""The years in which a relationship changed."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from cities.change_years import change_years
from cities.records.publishing import Publication
from tests.factories import make_city, make_entry, make_partnership, make_relationship, make_type

pytestmark = pytest.mark.django_db


def years(day: date | None = None) -> list[int]:
    return [year.year for year in change_years(day or localdate(), {}).years]


def test_nothing_changed_where_nothing_is():
    found = change_years(date(2020, 1, 1), {})

    assert (found.years, found.before, found.after) == ([], None, None)


def test_years_are_those_in_which_a_standing_changed():
    relationship = make_partnership("otsu", "1969-10-01", type=make_type("friendship-city"))
    make_entry(relationship, "renewed", "1975")
    make_entry(relationship, "visited", "1976")
    make_entry(relationship, "reaffirmed", "1980", type=make_type("sister-city"))
    make_entry(relationship, "suspended", "1990-03")
    make_entry(relationship, "resumed", "1990-11")
    make_partnership("rome", "1969-01")

    assert years() == [1969, 1980, 1990]


def test_what_is_not_on_record_or_to_come_is_left_out():
    relationship = make_partnership("otsu", "1969")
    make_entry(relationship, "suspended", "1970", publication=Publication.DRAFT)
    make_entry(relationship, "suspended", "1971", why_not_preferred="A rumour.")
    make_entry(relationship, "terminated", str(localdate().year + 1))
    make_partnership("rome", "1972", publication=Publication.DRAFT)
    hidden = make_relationship(make_city("oslo", publication=Publication.DRAFT))
    make_entry(hidden, "signed", "1973", type=make_type())

    assert years() == [1969]


def test_day_of_a_year_is_its_end_and_this_year_ends_today():
    make_partnership("otsu", "1969")
    make_partnership("rome", str(localdate().year))

    found = change_years(date(2000, 1, 1), {}).years

    assert [year.day for year in found] == [date(1969, 12, 31), localdate()]


@pytest.mark.parametrize(
    ("day", "before", "here", "after"),
    [
        (date(1900, 1, 1), None, None, 1969),
        (date(1969, 12, 30), None, None, 1969),
        (date(1969, 12, 31), None, 1969, 1980),
        (date(1970, 1, 1), 1969, None, 1980),
        (date(1980, 12, 31), 1969, 1980, 1990),
        (date(1990, 12, 31), 1980, 1990, None),
        (date(2150, 1, 1), 1990, None, None),
    ],
)
def test_years_before_and_after_the_day_are_told_apart(day, before, here, after):
    for number, year in enumerate(("1969", "1980", "1990")):
        make_partnership(f"place-{number}", year)

    found = change_years(day, {})

    assert (found.before and found.before.year, found.after and found.after.year) == (
        before,
        after,
    )
    assert [year.year for year in found.years if year.is_current] == ([here] if here else [])


def test_addresses_keep_the_conditions():
    make_partnership("otsu", "1969")

    found = change_years(date(2000, 1, 1), {"type": "sister-city", "country": "JP"})

    assert found.before.address == "?on=1969-12-31&type=sister-city&country=JP"
