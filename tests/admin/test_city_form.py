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
        ("AZ", "Yevlakh", "AZ-YE"),
        ("IT", "Lombardy", "IT-25"),
        ("IT", "TUSCANY", "IT-52"),
        ("IT", "Lombardei", "IT-25"),
        ("DE", "Bavaria", "DE-BY"),
        ("DE", "Baviera", "DE-BY"),
        ("DE", "Saxony", "DE-SN"),
        ("CN", "Shandong", "CN-SD"),
        ("ES", "Cataluña", "ES-CT"),
        ("ES", "catalonia", "ES-CT"),
        ("RU", "St. Petersburg", "RU-SPE"),
        ("JP", "滋賀", "JP-25"),
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
            "Lombar",
            "Italy has no state or province called “Lombar”. Did you mean Lombardia?",
        ),
        (
            "IT",
            "Lumbardy",
            "Italy has no state or province called “Lumbardy”. Did you mean Lombardia?",
        ),
        (
            "DE",
            "sax",
            "Germany has no state or province called “sax”. Did you mean Sachsen, Sachsen-Anhalt?",
        ),
        (
            "AZ",
            "Yevlax",
            "Azerbaijan has several called “Yevlax”. Choose one: Yevlax (AZ-YE), Yevlax (AZ-YEV).",
        ),
        ("KR", "JP-25", "South Korea has no state or province called “JP-25”."),
    ],
)
def test_name_that_the_country_does_not_have_is_refused(boss, country, typed, sentence):
    page = add(boss, country=country, subdivision=typed)

    assert sentences(page)[1:] == [sentence]
    # The list to choose from is that of the country now, also without a script.
    assert offered(page) == names(boss, country)


def test_country_with_a_code_that_iso_leaves_to_its_users_can_be_chosen(boss):
    assert add(boss, name="Prizren", country="XK").status_code == 302
    assert str(City.objects.get()) == "Prizren, Kosovo"


QUESTION = (
    "{} is already on record, with the web address “{}”. Open that one in a new tab, or check this"
    " box if yours is another place."
)


@pytest.mark.parametrize("typed", ["Nara", "NARA", "Nára"])
@pytest.mark.parametrize("publication", ["draft", "published"])
def test_place_of_the_same_name_and_state_is_questioned(boss, typed, publication):
    make_city("nara", country="JP", subdivision="JP-29", publication=publication)

    page = add(boss, name=typed, subdivision="Nara", slug="nara-too")

    assert sentences(page)[1:] == [QUESTION.format("Nara, Japan", "nara")]
    assert 'type="checkbox" name="is_another_place"' in page.text
    assert f'<a href="{at(City.objects.get(), "partner")}" target="_blank">' in page.text
    assert City.objects.count() == 1

    page = add(boss, name=typed, subdivision="Nara", slug="nara-too", is_another_place="on")

    assert page.status_code == 302
    assert {*City.objects.values_list("slug", flat=True)} == {"nara", "nara-too"}


@pytest.mark.parametrize(
    "fields", [{"subdivision": "Shiga"}, {"subdivision": ""}, {"name": "Nar"}]
)
def test_place_of_another_name_or_state_is_not_questioned(boss, fields):
    make_city("nara-there", name="Nara", country="JP", subdivision="JP-29")

    assert "is_another_place" in form_of(boss, at(City, "add"))
    assert add(boss, **{"subdivision": "Nara"} | fields).status_code == 302


def test_place_is_questioned_again_only_where_it_gets_the_name(boss):
    make_city("nara", country="JP", publication="draft")
    there = {"country": "JP", "is_another_place": True}
    other = make_city("nara-too", name="Nara", publication="draft", **there)
    third = make_city("kyoto", country="JP", publication="draft")

    unchanged = boss.post(at(other), form_of(boss, at(other)) | {"summary": "A city."})
    renamed = boss.post(at(third), form_of(boss, at(third)) | {"name": "Nara"})

    assert unchanged.status_code == 302
    assert sentences(renamed)[1:] == [QUESTION.format("Nara, Japan", "nara")]


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
    offered = client.get(at(City, "subdivisions"), {"country": country}).json()["names"]
    return [each["name"] for each in offered]


def test_names_of_a_country_are_sorted_and_told_apart(boss):
    assert names(boss, "GH")[:3] == ["Ahafo", "Ashanti", "Bono"]
    assert {"Yevlax (AZ-YE)", "Yevlax (AZ-YEV)"} <= {*names(boss, "AZ")}
    assert names(boss, "") == names(boss, "no country") == []


def test_list_also_shows_the_english_name(boss):
    offered = boss.get(at(City, "subdivisions"), {"country": "IT"}).json()["names"]
    page = boss.get(at(make_city(country="IT", publication="draft")))

    assert {"name": "Lombardia", "label": "Lombardia (Lombardy)"} in offered
    assert {"name": "Abruzzo", "label": "Abruzzo"} in offered
    assert '<option value="Toscana" label="Toscana (Tuscany)">' in page.text


def test_menus_have_the_state_of_each_city(boss):
    for slug, state in (("a", "US-IL"), ("b", "US-OR")):
        make_city(slug, name="Springfield", subdivision=state)
    illinois = City.objects.get(slug="a")
    names = ["Springfield, Illinois, United States", "Springfield, Oregon, United States"]

    query = {"app_label": "cities", "model_name": "city", "field_name": "part_of"}
    offered = boss.get("/admin/autocomplete/", query | {"term": "springf"}).json()["results"]
    part = make_city("part", part_of=illinois, publication="draft")

    assert [choice["text"] for choice in offered] == names
    assert f">{names[0]}</option>" in boss.get(at(part)).text
