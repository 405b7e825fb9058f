"""What hardly ever comes: the end of the calendar, a misspelled name, a form left blank."""

from datetime import date

import pytest

from cities.anniversaries import next_anniversary
from cities.records.date_phrases import readings
from cities.records.dates import RecordDate
from lrscc.search.query import suggestions
from resolutions.models import Seat
from tests.factories import make_city


def test_calendar_ends_without_an_anniversary():
    began = RecordDate.parse("9998-01-01")

    assert next_anniversary(began, date(9999, 6, 1)) is None


def test_phrase_with_a_short_year_and_no_meaning_has_no_reading():
    assert readings("winter ’00", this_year=2026) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("indexed")
def test_misspelled_name_suggests_the_city():
    make_city("otsu", name="Otsu")

    assert [found.title for found in suggestions("otszu")] == ["Otsu"]


def test_seat_without_an_organization_is_refused_by_its_field_alone():
    assert Seat(label="1st Ward").clean() is None
