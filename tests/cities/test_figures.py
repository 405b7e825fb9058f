"""What the partners come to in numbers."""

from datetime import date

import pytest

from cities.figures import figures
from cities.models import City, Relationship, RelationshipType
from tests.factories import make_city, make_entry, make_partnership, make_relationship, make_type

pytestmark = pytest.mark.django_db


def on(day: date) -> list[tuple[str, str]]:
    relationships = Relationship.objects.public().for_list().with_standing(day)
    found = figures(relationships, RelationshipType.objects.all())
    return [(figure.title, str(figure.value)) for figure in found]


def test_nothing_is_reported_of_nobody():
    make_type()

    assert on(date(2026, 1, 1)) == []


def test_figures_are_those_of_the_day():
    sister, friends = make_type("sister-city"), make_type("friendship-city")
    otsu = make_partnership("otsu", "1969-10-01", type=sister)
    make_entry(otsu, "dormant", "1980")
    make_entry(otsu, "terminated", "1990")
    make_entry(make_partnership("rome", "1975~", type=friends), "suspended", "1985")
    bonn = make_partnership("bonn", "1976", type=friends)
    make_entry(bonn, "reaffirmed", "1985", party="partner")
    make_entry(bonn, "suspended", "1985", party="home")
    make_entry(make_relationship(make_city("oslo")), "proposed", "1985")
    make_entry(make_relationship(make_city("nara")), "noted", "1985")
    make_partnership("cork", "2100")
    City.objects.filter(slug="rome").update(country="IT")

    assert on(date(1968, 1, 1)) == []
    assert on(date(1970, 1, 1)) == [
        ("Sister city (plural)", "1"),
        ("Countries", "1"),
        ("Since", "October 1, 1969"),
    ]
    assert on(date(1986, 1, 1)) == [
        ("Sister city (plural)", "1"),
        ("Friendship city (plural)", "2"),
        ("Of these, inactive", "1"),
        ("Of these, suspended", "1"),
        ("Of these, disputed", "1"),
        ("Proposed", "1"),
        ("Countries", "2"),
        ("Since", "October 1, 1969"),
    ]
    assert on(date(1991, 1, 1)) == [
        ("Friendship city (plural)", "2"),
        ("Of these, suspended", "1"),
        ("Of these, disputed", "1"),
        ("Proposed", "1"),
        ("Ended", "1"),
        ("Countries", "2"),
        ("Since", "about 1975"),
    ]


def test_relationship_whose_kind_is_not_found_is_counted_apart():
    relationship = make_relationship(make_city("otsu"))
    make_entry(relationship, "signed", "1969")

    assert on(date(1970, 1, 1))[0] == ("Type not on record", "1")
