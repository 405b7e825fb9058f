"""What became of a city: its successor shows the relationships that it had, for both sides."""

import pytest

from cities.models import Register
from tests.factories import (
    make_city,
    make_entry,
    make_register,
    make_relationship,
    make_succession,
)
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

HEADING = "Relationships of cities that became Otsu"


def partner_of_old(name="Shiga Town"):
    relationship = make_relationship(make_city("old", name=name, country="JP"))
    make_entry(relationship, "signed", "1990")
    return relationship.partner


def below(client, path, heading):
    """The line below a heading."""
    lines = lines_of(client.get(path))
    return lines[lines.index(heading) + 1]


def test_relationship_is_on_the_page_of_the_successor(client):
    old, otsu = partner_of_old(), make_city("otsu", country="JP")
    make_succession(old, otsu, on="2006")

    assert below(client, "/cities/otsu/", HEADING) == "Shiga Town Japan since 1990"
    page = " ".join(lines_of(client.get("/cities/otsu/")))
    assert "We have no record of a relationship" not in page


def test_relationship_is_on_the_page_of_a_successor_of_the_successor(client):
    old, middle, otsu = partner_of_old(), make_city("middle"), make_city("otsu")
    make_succession(old, middle)
    make_succession(middle, otsu)
    make_succession(otsu, old)  # two that became each other have no end

    assert below(client, "/cities/otsu/", HEADING) == "Shiga Town Japan since 1990"


@pytest.mark.parametrize("hidden", ["old", "otsu"])
def test_draft_shows_nothing_of_it(client, hidden):
    old, otsu = partner_of_old(), make_city("otsu")
    make_succession(old, otsu)
    for city in (old, otsu):
        if city.slug == hidden:
            type(city).objects.filter(pk=city.pk).update(publication="draft")

    assert HEADING not in client.get("/cities/otsu/").text


def test_successor_of_the_home_has_its_partners(client):
    make_register()
    partner_of_old()
    greater = make_city("greater-lansing", subdivision="US-MI")
    make_succession(Register.objects.get().home, greater, on="2020")
    register = Register.objects.get()
    register.home = greater
    register.save()

    lines = lines_of(client.get("/cities/greater-lansing/"))

    assert "This is the record of Greater Lansing’s sister cities." in lines
    assert "Shiga Town Japan since 1990" in lines


def test_api_has_what_became_of_a_city(client):
    old, otsu = partner_of_old(), make_city("otsu")
    step = make_succession(old, otsu, on="2006", note="By decree.")
    api = "http://testserver/api/v1"

    said = {
        "kind": step.kind,
        "on": {"edtf": "2006", "earliest": "2006-01-01", "latest": "2006-12-31"},
        "note": "By decree.",
        "source": f"{api}/sources/{step.source.slug}/",
    }
    before, after = (client.get(f"/api/v1/cities/{slug}/").json() for slug in ("old", "otsu"))
    assert before["became"] == [{"city": f"{api}/cities/otsu/", **said}]
    assert after["came_from"] == [{"city": f"{api}/cities/old/", **said}]
    assert (before["came_from"], after["became"]) == ([], [])
