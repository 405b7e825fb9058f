"""The state or province of a city is chosen by name and stored by its code."""

import re
from html import unescape

import pytest

from cities.models import City
from tests.admin.browser import form_of, sentences
from tests.admin.people import SUPERUSER, at, browser
from tests.factories import make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return browser(SUPERUSER)


def add(client, **fields):
    nara = {"name": "Nara", "kind": "city", "country": "JP"}
    return client.post(at(City, "add"), form_of(client, at(City, "add")) | nara | fields)


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("JP", "Shiga", "JP-25"),
        ("JP", " shiga ", "JP-25"),
        ("MX", "queretaro", "MX-QUE"),
        ("IT", "Lombardia", "IT-25"),
        ("JP", "JP-25", "JP-25"),
        ("AZ", "Yevlax (AZ-YE)", "AZ-YE"),
        ("JP", "", ""),
    ],
)
def test_state_or_province_is_stored_by_its_code(boss, country, typed, code):
    page = add(boss, country=country, subdivision=typed)

    assert page.status_code == 302, sentences(page)
    assert City.objects.get(slug="nara").subdivision == code


@pytest.mark.parametrize(
    ("country", "typed", "sentence"),
    [
        (
            "IT",
            "Lombardy",
            "Italy has no state or province called “Lombardy”. Did you mean Lombardia?",
        ),
        ("KR", "JP-25", "South Korea has no state or province called “JP-25”."),
    ],
)
def test_name_that_the_country_does_not_have_is_refused(boss, country, typed, sentence):
    page = add(boss, country=country, subdivision=typed)

    assert sentences(page)[1:] == [sentence]
    # The list to choose from is that of the country now, also without a script.
    assert offered(page) == names(boss, country)


def test_form_shows_the_name_and_offers_those_of_the_country(boss):
    city = make_city(country="JP", subdivision="JP-25", publication="draft")
    form = form_of(boss, at(city))

    assert form["subdivision"] == "Shiga"
    assert "Shiga" in offered(boss.get(at(city)))
    assert boss.post(at(city), form).status_code == 302
    city.refresh_from_db()
    assert city.subdivision == "JP-25"


def offered(page):
    """The names that the form offers while one types."""
    [options] = re.findall("<datalist[^>]*>(.*?)</datalist>", page.content.decode(), re.DOTALL)
    return re.findall('<option value="([^"]*)"', unescape(options))


def names(client, country):
    return client.get(at(City, "subdivisions"), {"country": country}).json()["names"]


def test_names_of_a_country_are_sorted_and_told_apart(boss):
    assert names(boss, "GH")[:3] == ["Ahafo", "Ashanti", "Bono"]
    assert {"Yevlax (AZ-YE)", "Yevlax (AZ-YEV)"} <= {*names(boss, "AZ")}
    assert names(boss, "") == names(boss, "no country") == []
