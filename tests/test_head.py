"""What the head of every page says: its one address, its title, what others show of it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from lrscc import urls
from tests.factories import (
    make_action,
    make_city,
    make_exchange,
    make_meeting,
    make_member,
    make_program,
    make_register,
    make_resolution,
    make_source,
    make_statement,
)
from tests.reading import title_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(db):
    """The site is Lansing’s."""
    return make_register()


SITE = "http://testserver"
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
LINK = re.compile(r'<link rel="(canonical|alternate)"(?: type="([^"]+)")? href="([^"]+)"')
SISTERS = "Lansing’s sister cities"


def metas(client: Any, address: str) -> dict[str, str]:
    head = client.get(address).text.split("</head>")[0]
    found = META.findall(head)
    assert len(dict(found)) == len(found)
    return {name: unescape(text) for name, text in found}


def links(client: Any, address: str) -> list[tuple[str, str]]:
    """The links of the head: which kind, and where to."""
    head = client.get(address).text.split("</head>")[0]
    return [(kind or rel, unescape(to)) for rel, kind, to in LINK.findall(head)]


@pytest.fixture
def records():
    """One record of each kind with a page."""
    make_city("otsu", country="JP", name="Otsu")
    make_source(slug="page", title="The page")
    make_resolution("on-peace", title="On peace", summary="It asks.")
    make_meeting("2013-08-19", slug="august")
    make_member("wood", name="C. Wood")
    make_statement("said", title="Said", speaker="A Mayor", summary="Peace.")
    program = make_program("camp", title="Camp", summary="A camp.")
    make_exchange("camp-2026", title="Camp of 2026", program=program)


TITLES = {
    "/": "Sister cities of Lansing, Michigan",
    "/about/": "About this site",
    "/api/docs/": "Data for developers (API)",
    "/changes/": "What changed",
    "/cities/": "Sister and friendship cities today",
    "/cities/otsu/": "Otsu, Japan – Sister cities",
    "/exchanges/": "Exchanges",
    "/exchanges/camp-2026/": "Camp of 2026",
    "/exchanges/year/2026/": "2026 in review",
    "/gaps/": "Help fill the gaps",
    "/meetings/": "Meetings",
    "/meetings/august/": "August 19, 2013 – Meetings",
    "/members/": "Members and seats",
    "/members/wood/": "C. Wood – Members",
    "/programs/": "Programs",
    "/programs/camp/": "Camp – Programs",
    "/relationship-types/": "What is a sister city?",
    "/resolutions/": "Resolutions",
    "/resolutions/on-peace/": "On peace – Resolutions",
    "/sources/page/": "The page – Source",
    "/statements/": "Statements",
    "/statements/said/": "Said – Statement",
}


def test_every_page_has_one_address_a_title_and_a_description_of_its_own(client, records):
    said = {page: metas(client, page) for page in TITLES}

    assert {page: tags["og:url"] for page, tags in said.items()} == {
        page: SITE + page for page in TITLES
    }
    for page, words in TITLES.items():
        response = client.get(page)
        title = title_of(response)
        assert words in title
        assert said[page]["og:title"] == title
        assert said[page]["og:description"] == said[page]["description"]
        assert links(client, page)[0] == ("canonical", SITE + page)
    titles = [tags["og:title"] for tags in said.values()]
    descriptions = [tags["description"] for tags in said.values()]
    assert len(set(titles)) == len(titles)
    assert len(set(descriptions)) == len(descriptions)


def test_head_is_shown_whole(client, records):
    tags = metas(client, "/cities/otsu/")

    assert {name: text for name, text in tags.items() if not name.startswith("og:image")} == {
        "viewport": "width=device-width, initial-scale=1",
        "description": "Otsu, Japan.",
        "og:type": "website",
        "og:site_name": SISTERS,
        "og:title": "Otsu, Japan – Sister cities",
        "og:description": "Otsu, Japan.",
        "og:url": f"{SITE}/cities/otsu/",
        "twitter:card": "summary_large_image",
        "color-scheme": "light dark",
    }
    assert links(client, "/cities/otsu/") == [
        ("canonical", f"{SITE}/cities/otsu/"),
        ("application/atom+xml", "/changes/feed.atom"),
        ("application/atom+xml", "/cities/otsu/feed.atom"),
    ]


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("/resolutions/on-peace/", "/resolutions/on-peace/feed.atom"),
        ("/members/wood/", "/members/wood/feed.atom"),
    ],
)
def test_page_with_a_feed_of_its_own_names_it(client, records, address, feed):
    assert ("application/atom+xml", feed) in links(client, address)
    assert client.get(feed).status_code == 200


@pytest.mark.parametrize(
    ("query", "canonical", "is_choice"),
    [
        ("", "", False),
        ("?page=1", "", False),
        ("?page=2", "?page=2", False),
        ("?page=02", "?page=2", False),
        ("?page=-1", "", False),
        ("?page=x", "", False),
        ("?page=²", "", False),
        ("?organization=council", "", True),
        ("?organization=council&page=2", "?page=2", True),
        ("?utm=1", "", True),
    ],
)
def test_address_of_a_list_keeps_its_page_alone_and_filters_are_not_found(
    client, monkeypatch, query, canonical, is_choice
):
    monkeypatch.setattr(
        "cities.records.list_form.Paginator.validate_number", lambda self, number: 1
    )

    tags = metas(client, f"/resolutions/{query}")

    assert tags["og:url"] == f"{SITE}/resolutions/{canonical}"
    assert tags.get("robots") == ("noindex" if is_choice else None)


@pytest.mark.parametrize("query", ["?version=1", "?utm_source=x&fbclid=y"])
def test_page_of_a_record_is_found_whatever_is_asked_of_it(client, records, query):
    tags = metas(client, f"/resolutions/on-peace/{query}")

    assert tags["og:url"] == f"{SITE}/resolutions/on-peace/"
    assert "robots" not in tags


def test_later_page_says_so_in_its_title(client, monkeypatch):
    organization = make_meeting("2013-01-01").organization
    for day in range(1, 30):
        make_meeting(f"2013-02-{day:02}" if day < 29 else "2013-03-01", organization=organization)

    assert title_of(client.get("/meetings/?page=2")) == "Meetings (page 2 of 2)"
    assert title_of(client.get("/meetings/")) == "Meetings"


def test_later_page_of_a_members_votes_says_so_in_its_title(client, monkeypatch):
    monkeypatch.setattr("resolutions.views.members.VOTES_PER_PAGE", 1)
    member = make_member("wood", name="C. Wood")
    for number in range(2):
        resolution = make_resolution(f"r{number}")
        make_action(resolution, method="roll_call").ballots.create(member=member, choice="yes")

    title = title_of(client.get("/members/wood/?page=2"))

    assert title == "C. Wood – Members (page 2 of 2)"


def test_error_has_no_address_of_its_own(client):
    tags = metas(client, "/nowhere/")

    assert [name for name in tags if name.startswith(("og:", "twitter:"))] == []
    assert links(client, "/nowhere/") == []


@pytest.mark.parametrize("title", ['"><script>alert(1)</script>', "A\n  B", "大津市 & Co."])
def test_title_of_a_record_stays_inside_the_head(client, title):
    make_source(slug="odd", title=title)

    response = client.get("/sources/odd/")

    said = " ".join(title.split())
    assert metas(client, "/sources/odd/")["og:title"] == f"{said} – Source"
    assert "<script>alert" not in response.text


def test_host_that_is_not_ours_is_in_no_address(client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.text


class WithCards:
    """The site with pictures for those who share it."""

    urlpatterns = [
        path("card.png", lambda request: None, name="site-card"),
        path("cities/<slug:slug>/card.png", lambda request: None, name="city-card"),
        path("", include(urls)),
    ]


@pytest.mark.parametrize(
    ("address", "card", "alt"),
    [
        ("/about/", "/card.png", "Lansing’s sister cities: the official record"),
        ("/cities/otsu/", "/cities/otsu/card.png", "Otsu, Japan"),
    ],
)
def test_picture_for_sharing_is_named_where_there_is_one(records, settings, address, card, alt):
    settings.ROOT_URLCONF = WithCards

    tags = metas(Client(), address)

    assert {name: text for name, text in tags.items() if name.startswith("og:image")} == {
        "og:image": SITE + card,
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": alt,
    }
