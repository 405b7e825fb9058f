"""Places of one name are distinguished wherever their name stands alone."""

import pytest

from cities.models import City
from cities.place_names import city_choices, full_name, name_apart
from cities.records.publishing import Publication
from tests.factories import (
    make_city,
    make_entry,
    make_name,
    make_register,
    make_relationship,
    make_statement,
)
from tests.reading import lines_of, title_of

pytestmark = pytest.mark.django_db

PETERSBURG = "St. Petersburg"


@pytest.fixture
def at_home():
    make_register()


def place(slug, name=PETERSBURG, **fields):
    return make_city(slug, name=name, **fields)


def test_name_that_nobody_else_has_stays_as_it_is(at_home):
    otsu = make_city("otsu", country="JP", subdivision="JP-25")
    place("draft", name="Otsu", country="JP", publication=Publication.DRAFT)

    assert (name_apart(otsu), full_name(otsu)) == ("Otsu", "Otsu, Japan")


def test_country_tells_apart_abroad_and_the_state_at_home(at_home):
    russian = place("st-petersburg", country="RU", subdivision="RU-SPE")
    floridian = place("st-petersburg-fl", name="Saint Petersburg", subdivision="US-FL")

    assert [name_apart(russian), name_apart(floridian)] == [
        *("St. Petersburg, Russia", "Saint Petersburg, Florida")
    ]
    assert [full_name(russian), full_name(floridian)] == [
        *("St. Petersburg, Russia", "Saint Petersburg, Florida, United States")
    ]


def test_state_tells_apart_in_one_country_and_the_kind_in_one_state(at_home):
    fields = {"name": "San Juan", "country": "AR"}
    one = place("one", subdivision="AR-J", **fields)
    other = place("other", subdivision="AR-T", **fields)
    unknown = place("unknown", **fields)
    city, county = (
        place(f"holt-{kind}", name="Holt", subdivision="US-MI", kind=kind, is_another_place=more)
        for kind, more in (("city", False), ("county", True))
    )

    assert [name_apart(each) for each in (one, other, unknown, city, county)] == [
        *("San Juan, San Juan", "San Juan, Tucumán", "San Juan, Argentina"),
        *("Holt, Michigan (city)", "Holt, Michigan (county)"),
    ]


def test_without_a_home_on_record_the_country_tells_apart():
    places = [place("a", country="RU"), place("b", subdivision="US-FL")]

    assert [name_apart(each) for each in places] == [
        *("St. Petersburg, Russia", "St. Petersburg, United States")
    ]


def test_choices_are_distinguished(at_home):
    place("a", country="RU")
    place("b", subdivision="US-FL")

    assert city_choices(City.objects.all()) == [
        *(("lansing", "Lansing"), ("a", "St. Petersburg, Russia")),
        ("b", "St. Petersburg, Florida"),
    ]


@pytest.mark.usefixtures("indexed")
def test_every_door_tells_them_apart(at_home, client):
    for slug, fields in (("a", {"country": "RU"}), ("b", {"subdivision": "US-FL"})):
        city = place(slug, latitude="59.9", longitude="30.3", **fields)
        relationship = make_relationship(city)
        make_entry(relationship, "signed", "1990")
        make_statement(f"said-of-{slug}").places.add(city)
    russian, floridian = "St. Petersburg, Russia", "St. Petersburg, Florida"

    assert title_of(client.get("/cities/a/")) == f"{russian} – Sister cities"
    assert title_of(client.get("/cities/b/")) == f"{floridian}, United States – Sister cities"
    assert floridian in lines_of(client.get("/cities/b/"), "h1")
    names = [one["title"] for one in client.get("/search/suggest?q=petersb").json()["suggestions"]]
    assert names[:2] == [russian, floridian]
    for path in ("/cities/", "/search/?q=petersburg", "/statements/", "/timeline/", "/gaps/"):
        page = " ".join(lines_of(client.get(path)))
        assert (path, russian in page, floridian in page) == (path, True, True)
    assert russian in " ".join(lines_of(client.get("/statements/said-of-a/")))


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        ({"since": "1924", "until": "1991-09"}, "Ленинград (1924 to September 1991)"),
        ({"since": "1924~"}, "Ленинград (since about 1924)"),
        ({"until": "1991"}, "Ленинград (until 1991)"),
        ({}, "Ленинград"),
    ],
)
def test_former_name_has_its_years(client, years, shown):
    city = place("st-petersburg", country="RU")
    make_name(city, "Ленинград", language="ru", kind="former", **years)

    lines = lines_of(client.get("/cities/st-petersburg/"))

    assert lines[lines.index("Former name (Russian)") + 1] == shown
