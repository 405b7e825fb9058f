"""A place is on record once; two of one name in a state are on record as two, by what they say."""

import pytest

from cities.models import City
from cities.records.publishing import Publication
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_loader_refuses,
    load_record,
)
from tests.factories import make_city

pytestmark = pytest.mark.django_db

TAKEN = (
    "A city of this name is already on record there. Correct the name, the country or the state."
    " If yours is another place, set “is_another_place”."
)


def nara(**fields) -> City:
    """As yet unsaved: a second Nara in the prefecture."""
    place = {"slug": "nara-too", "name": "Nara", "country": "JP", "subdivision": "JP-29"}
    return City(**place | {"kind": "city"} | fields)


@pytest.fixture(autouse=True)
def on_record():
    make_city("nara", name="Nara", country="JP", subdivision="JP-29")


@pytest.mark.parametrize("name", ["Nara", "NARA", "Nára", " Nara "])
def test_second_place_of_a_name_is_refused_at_every_door(name):
    assert_clerk_reads(nara(name=name), TAKEN)
    assert_loader_refuses(nara(name=name), TAKEN)
    assert_database_refuses(
        nara(name=name), match=r"cities_city_name_once_in_a_state|cities_city\.plain_name"
    )


def test_draft_takes_the_name_as_well():
    City.objects.update(publication=Publication.DRAFT)

    assert_clerk_reads(nara(), TAKEN)


@pytest.mark.parametrize(
    "other", [{"subdivision": "JP-25"}, {"subdivision": ""}, {"country": "IR"}, {"name": "Nar"}]
)
def test_same_name_elsewhere_is_no_second_place(other):
    if "country" in other:
        other |= {"subdivision": ""}
    nara(**other).full_clean()
    load_record(nara(**other))

    assert City.objects.count() == 2


def test_place_that_says_it_is_another_is_on_record_beside_the_first():
    load_record(nara(is_another_place=True))
    load_record(nara(is_another_place=True))

    first, second = City.objects.order_by("slug")
    first.full_clean()
    second.full_clean()
    assert (first.is_another_place, second.is_another_place) == (False, True)


def test_name_of_a_withdrawn_place_is_free():
    withdrawn = {"publication": "withdrawn", "withdrawn_on": "2020-01-01"}
    City.objects.update(**withdrawn, withdrawn_because="It was Otsu.")

    load_record(nara())

    assert City.objects.count() == 2


def test_renamed_place_is_compared_by_its_new_name():
    other = make_city("kyoto", country="JP", subdivision="JP-29")
    other.name = "Nara"

    assert_clerk_reads(other, TAKEN)
