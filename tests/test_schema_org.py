"""Records in the vocabulary of schema.org, in their pages."""

import json
import re
from typing import Any

import pytest

from cities.models import City
from tests.factories import (
    home,
    make_action,
    make_city,
    make_exchange,
    make_name,
    make_organization,
    make_register,
    make_resolution,
    make_seat,
    make_source,
    make_statement,
)
from tests.pictures import give_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(db):
    """The site is Lansing’s."""
    return make_register()


SITE = "http://testserver"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def blocks(client: Any, path: str, kind: str) -> list[dict]:
    """The data of a kind in a page, without what all of it says."""
    found = [json.loads(text) for text in BLOCK.findall(client.get(path).text)]
    assert all(data.pop("@context") == "https://schema.org" for data in found)
    return [data for data in found if data["@type"] == kind]


def test_home_shows_the_site_and_who_keeps_it(client):
    assert blocks(client, "/", "WebSite") == [
        {
            "@type": "WebSite",
            "@id": f"{SITE}/",
            "url": f"{SITE}/",
            "name": "Lansing’s sister cities",
            "publisher": {
                "@type": "GovernmentOrganization",
                "name": "Lansing Regional Sister Cities Commission",
            },
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{SITE}/search/?q={{q}}"},
                "query-input": "required name=q",
            },
        }
    ]


def test_data_page_shows_the_register_as_a_set_of_data(client):
    assert blocks(client, "/data/", "Dataset") == [
        {
            "@type": "Dataset",
            "@id": f"{SITE}/data/",
            "url": f"{SITE}/data/",
            "name": "Sister Cities Register",
            "description": (
                "The sister and friendship cities of Lansing, Michigan: the status of each on any"
                " date, who decided, the exchanges, and the source of every fact."
            ),
            "creator": {
                "@type": "GovernmentOrganization",
                "name": "Lansing Regional Sister Cities Commission",
            },
            "license": "https://spdx.org/licenses/MIT",
            "isAccessibleForFree": True,
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": f"{SITE}/api/v1/",
            },
        }
    ]


def test_city_is_shown_whole(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    place = make_city(
        "otsu",
        country="JP",
        summary="On Lake <Biwa> & more.",
        latitude="35.018",
        longitude="135.855",
        website="https://otsu.example/",
        wikidata_id="Q199883",
        geography_source=make_source(),
    )
    make_name(place, "大津市")
    give_picture(place)
    page = f"{SITE}/cities/otsu/"

    assert blocks(client, "/cities/otsu/", "City") == [
        {
            "@type": "City",
            "@id": page,
            "url": page,
            "name": "Otsu",
            "alternateName": ["大津市"],
            "description": "On Lake <Biwa> & more.",
            "containedInPlace": {"@type": "Country", "name": "Japan"},
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": "35.018000",
                "longitude": "135.855000",
            },
            "image": SITE + City.objects.get(slug="otsu").picture_address,
            "sameAs": ["https://otsu.example/", "https://www.wikidata.org/entity/Q199883"],
        }
    ]


def test_place_of_which_little_is_known_shows_little(client):
    make_city("shiga", kind="prefecture", country="JP")
    page = f"{SITE}/cities/shiga/"

    assert blocks(client, "/cities/shiga/", "City") == []
    assert blocks(client, "/cities/shiga/", "AdministrativeArea") == [
        {
            "@type": "AdministrativeArea",
            "@id": page,
            "url": page,
            "name": "Shiga",
            "containedInPlace": {"@type": "Country", "name": "Japan"},
        }
    ]


def test_organizations_are_described_as_what_they_are(client):
    council = make_organization(
        "council",
        name="The Council",
        abbreviation="LCC",
        summary="It decides.",
        website="https://council.example/",
        founded="1859-02-15",
        place=home(),
    )
    club = make_organization("club", name="A Club", classification="association", founded="1970")
    hidden = make_organization("hidden", publication="draft")
    for organization in (council, club, hidden):
        make_seat(organization)

    assert blocks(client, "/members/", "GovernmentOrganization") == [
        {
            "@type": "GovernmentOrganization",
            "name": "The Council",
            "alternateName": "LCC",
            "description": "It decides.",
            "url": "https://council.example/",
            "foundingDate": "1859-02-15",
        }
    ]
    assert blocks(client, "/members/", "Organization") == [
        {"@type": "Organization", "name": "A Club"}
    ]


def test_resolution_shows_who_passed_it_once_it_was_adopted(client):
    organization = make_organization("council", name="The Council")
    resolution = make_resolution(
        "on-peace", title="On peace", summary="It asks.", organization=organization
    )
    type(resolution).objects.filter(pk=resolution.pk).update(
        number="2013-1", number_year=2013, number_serial=1
    )
    resolution.places.add(make_city("otsu"), make_city("nara", publication="draft"))
    page = f"{SITE}/resolutions/on-peace/"
    data = {
        "@type": "Legislation",
        "@id": page,
        "url": page,
        "name": "On peace",
        "description": "It asks.",
        "legislationIdentifier": "2013-1",
        "legislationType": "Resolution",
        "about": [{"@type": "Place", "name": "Otsu", "url": f"{SITE}/cities/otsu/"}],
    }
    assert blocks(client, "/resolutions/on-peace/", "Legislation") == [data]

    draft = make_action(resolution, "adopt", "2013-08-19", publication="draft")
    assert blocks(client, "/resolutions/on-peace/", "Legislation") == [data]

    type(draft).objects.filter(pk=draft.pk).update(publication="published")
    assert blocks(client, "/resolutions/on-peace/", "Legislation") == [
        data
        | {
            "legislationPassedBy": {"@type": "GovernmentOrganization", "name": "The Council"},
            "legislationDate": "2013-08-19",
        }
    ]


def test_way_to_a_page_is_reported(client):
    make_exchange("visit", title="A <visit>")

    assert blocks(client, "/exchanges/visit/", "BreadcrumbList") == [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Home", "item": f"{SITE}/"},
                {
                    "@type": "ListItem",
                    "position": 2,
                    "name": "Exchanges",
                    "item": f"{SITE}/exchanges/",
                },
                {
                    "@type": "ListItem",
                    "position": 3,
                    "name": "A <visit>",
                    "item": f"{SITE}/exchanges/visit/",
                },
            ],
        }
    ]


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/gone/", "/cities/gone/"])
def test_home_and_errors_have_no_way_to_them(client, path):
    make_city("gone").withdraw(because="A twin.", on="2026-01-01")
    text = client.get(path).text

    assert 'class="crumbs"' not in text
    assert "BreadcrumbList" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/about/",
        "/api/docs/",
        "/changes/",
        "/cities/",
        "/cities/otsu/",
        "/exchanges/",
        "/exchanges/year/2026/",
        "/gaps/",
        "/meetings/",
        "/members/",
        "/programs/",
        "/relationship-types/",
        "/resolutions/",
        "/sources/page/",
        "/statements/",
        "/statements/said/",
    ],
)
def test_every_other_page_has_a_way_to_it(client, path):
    make_city("otsu")
    make_source(slug="page")
    make_statement("said")
    text = client.get(path).text

    assert text.count('class="crumbs"') == 1
    (way,) = blocks(client, path, "BreadcrumbList")
    assert way["itemListElement"][-1]["item"] == SITE + path


def test_nothing_in_a_record_ends_the_element_its_data_stands_in(client):
    title = "</script><script>alert(1)</script><!--"
    make_resolution("bad", title=title, summary=title)

    text = client.get("/resolutions/bad/").text

    assert "alert(1)</script>" not in text
    (data,) = blocks(client, "/resolutions/bad/", "Legislation")
    assert (data["name"], data["description"]) == (title, title)
