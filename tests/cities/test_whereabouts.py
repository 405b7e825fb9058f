"""Coordinates outside the country of a city are questioned, never refused for good."""

from decimal import Decimal

import pytest

from cities.models import City
from cities.whereabouts import lies_in
from tests.admin.browser import form_of, sentences
from tests.admin.people import at, browser, release_all
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import make_city

NOT_IN_JAPAN = (
    "These coordinates are not in Japan. Correct them or the country, or say here that they are"
    " right."
)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [
        ("JP", 35.018, 135.855),  # Otsu
        ("US", 42.733, -84.556),  # Lansing
        ("US", 21.3, -157.86),  # Honolulu
        ("US", 64.8, -147.7),  # Fairbanks
        ("US", 51.88, -176.65),  # Adak, far in the west
        ("RU", 64.73, 177.5),  # Anadyr
        ("RU", 66.16, -169.8),  # beyond the date line
        ("FJ", -16.8, 179.99),
        ("FJ", -16.8, -179.99),
        ("TZ", -6.816, 39.28),  # Dar es Salaam, on the coast
        ("IT", 38.11, 13.36),  # Palermo
        ("SG", 1.35, 103.82),
        ("VA", 41.9, 12.45),
        ("XK", 42.66, 21.16),
        ("RS", 42.66, 21.16),
        ("UA", 44.95, 34.1),
        ("MV", 4.17, 73.5),
    ],
)
def test_place_is_in_its_country(country, latitude, longitude):
    assert lies_in(country, latitude, longitude)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [
        ("JP", 135.855 - 90, 35.018),  # the other way around
        ("JP", 35.018, -135.855),  # a minus too many
        ("JP", -35.018, 135.855),
        ("US", 42.733, 84.556),  # a minus left out
        ("GH", 59.9, 30.3),
        ("DE", 45.46, 9.19),  # Milan
        ("IT", 50.11, 8.68),  # Frankfurt
        ("JP", 0, 0),
    ],
)
def test_place_is_not_in_its_country(country, latitude, longitude):
    assert lies_in(country, latitude, longitude) is False


def test_country_that_the_table_leaves_out_is_not_judged():
    assert lies_in("GP", 0, 0) is None
    assert lies_in("", 0, 0) is None


def elsewhere(**fields) -> City:
    otsu = {"slug": "otsu", "name": "Otsu", "kind": "city", "country": "JP"}
    return City(
        **otsu | {"latitude": Decimal("35.018"), "longitude": Decimal("-135.855")} | fields
    )


@pytest.mark.django_db
def test_file_and_shell_refuse_coordinates_elsewhere_unless_it_says_that_they_are_right():
    assert_refused(elsewhere(), {"is_outside_country": [NOT_IN_JAPAN]})

    load_record(elsewhere(is_outside_country=True))

    otsu = City.objects.get()
    otsu.full_clean()
    assert (str(otsu.longitude), otsu.is_outside_country) == ("-135.855000", True)
    load_record(otsu)


@pytest.mark.django_db
def test_only_coordinates_are_outside():
    nowhere = elsewhere(latitude=None, longitude=None, is_outside_country=True)

    assert_clerk_reads(
        nowhere, "Only coordinates can be outside the country. Enter them, or leave that out."
    )
    assert_database_refuses(nowhere, match="cities_city_outside_with_coordinates")


@pytest.mark.django_db
def test_coordinates_off_the_globe_are_refused_once():
    assert_clerk_reads(
        elsewhere(latitude=Decimal(91)),
        "Enter both latitude (-90 to 90) and longitude (-180 to 180), or leave both blank.",
    )


@pytest.mark.django_db
def test_form_asks_and_takes_the_answer():
    staff, city = browser("Commission staff"), make_city("otsu", country="JP")
    wrong = {"latitude": "35.018", "longitude": "-135.855", "change_reason": "Found it."}
    form = form_of(staff, at(city)) | wrong
    box = 'type="checkbox" name="is_outside_country"'
    assert box not in staff.get(at(city)).text

    asked = staff.post(at(city), form)

    assert sentences(asked)[1:] == [NOT_IN_JAPAN]
    assert box in asked.text
    assert staff.post(at(city), form | {"is_outside_country": "on"}).status_code == 302
    release_all()
    city.refresh_from_db()
    assert city.is_outside_country
    assert box in staff.get(at(city)).text
    # It is not asked again about what somebody said is right.
    again = form_of(staff, at(city)) | {"summary": "A city.", "change_reason": "Found it."}
    assert staff.post(at(city), again).status_code == 302
