"""The web address of a record is filled in, and stands at the end of its form."""

import pytest

from cities.models import Agreement, City, Organization
from exchanges.models import Exchange, Program
from resolutions.models import Member, Seat, VoteRequirement
from tests.admin.browser import form_of, sentences
from tests.admin.people import SUPERUSER, at, browser
from tests.factories import (
    make_city,
    make_member,
    make_organization,
    make_partnership,
    make_program,
    make_source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return browser(SUPERUSER)


def add(client, model, **fields):
    """Send the form of a new record with its web address left blank."""
    form = form_of(client, at(model, "add")) | fields
    page = client.post(at(model, "add"), form | {"slug": ""})
    assert page.status_code == 302, sentences(page)
    return model.objects.latest("pk")


def test_web_address_left_blank_is_made_of_the_name(boss):
    nara = add(boss, City, name="Nara", kind="city", country="JP")
    city_hall = add(boss, Organization, name="City Hall", classification="government")
    wood = add(boss, Member, name="Carol Wood", sort_name="Wood, Carol")
    seat = add(boss, Seat, organization=str(make_organization().pk), label="1st Ward")

    needed = add(
        boss,
        VoteRequirement,
        organization=str(city_hall.pk),
        kind="override",
        requirement="majority",
        base="seats",
        source=str(make_source().pk),
    )

    assert [record.slug for record in (nara, city_hall, wood, seat, needed)] == [
        *("nara", "city-hall", "carol-wood", "1st-ward", "city-hall-override")
    ]


def test_web_address_left_blank_is_one_that_is_free(boss):
    for slug in ("carol-wood", "carol-wood-2"):
        make_member(slug)

    wood = add(boss, Member, name="Carol Wood", sort_name="Wood, Carol")

    assert wood.slug == "carol-wood-3"


@pytest.mark.parametrize(
    ("signed_on", "slug"), [("October 1, 1969", "otsu-1969"), ("", "otsu-renewal")]
)
def test_web_address_of_an_agreement_is_made_of_the_partner_and_the_year(boss, signed_on, slug):
    relationship = make_partnership("otsu")

    agreement = add(
        boss, Agreement, kind="renewal", relationships=[str(relationship.pk)], signed_on=signed_on
    )

    assert agreement.slug == slug


def test_web_address_of_the_next_exchange_is_made_of_its_title(boss):
    program = make_program(publication="draft")
    form = form_of(boss, at(program))

    page = boss.post(
        at(program), form | {"exchanges-0-title": "Youth camp 2027", "exchanges-0-slug": ""}
    )

    assert page.status_code == 302, sentences(page)
    assert Exchange.objects.get(program=program).slug == "youth-camp-2027"


def test_name_without_latin_letters_asks_for_the_web_address(boss):
    form = form_of(boss, at(City, "add")) | {"name": "大津", "kind": "city", "country": "JP"}

    page = boss.post(at(City, "add"), form)

    assert sentences(page)[1:] == [
        "Enter the web address: small letters a–z, numbers and hyphens."
    ]


def test_draft_whose_web_address_is_cleared_gets_its_own_again(boss):
    city = make_city("nara", name="Nara", publication="draft")

    page = boss.post(at(city), form_of(boss, at(city)) | {"slug": ""})

    assert page.status_code == 302, sentences(page)
    assert City.objects.get(pk=city.pk).slug == "nara"


@pytest.mark.parametrize("model", [City, Member, Agreement, Program])
def test_web_address_is_the_last_field_of_a_new_record(boss, model):
    names = [name for name in form_of(boss, at(model, "add")) if not name.startswith("_")]

    assert names[-1] == "slug"


def test_reason_for_a_change_is_the_last_field_and_required_of_a_published_record(boss):
    url = at(make_city())

    assert [*form_of(boss, url)][-1] == "change_reason"
    assert "Reason for the change (required, public)" in boss.get(url).content.decode()
