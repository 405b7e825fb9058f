"""No draft is on any page, in any answer or at any address."""

import pytest
from django.test import Client

from cities.models import City
from cities.records.derived import collecting
from cities.records.releasing import propose, submit
from tests.drafts import MARK, add_drafts_apart, link_drafts, make_public_register
from tests.reading import everything_from, lines_of, reached_from, sitemap_of
from tests.resolutions import drafts as drafts_of_resolutions
from tests.resolutions.story import make_story

pytestmark = pytest.mark.django_db

START = [
    "/",
    "/about/",
    "/api/docs/",
    "/cities/",
    "/cities/kyoto/",
    "/cities/nara/",
    "/cities/?on=1970-01-01",
    "/gaps/",
    "/relationship-types/",
    "/search/?q=otsu",
    "/search/?q=source&kind=source",
    "/search/suggest?q=o",
    "/api/v1/",
    "/api/v1/search/?q=otsu",
    "/api/v1/openapi.json",
    "/api/v1/cities/?on=1970-06-01",
    "/api/v1/entries/?source=otsu-page",
    "/api/v1/relationships/?city=kyoto",
    "/api/v1/relationships/?city=nara",
    *("/cities/st-petersburg/", "/cities/lansing/"),
    *("/resolutions/asked/pdf/", "/resolutions/?q=on", "/resolutions/?year=2013"),
    *("/resolutions/?city=st-petersburg", "/resolutions/?member=wood"),
    *("/resolutions/?organization=council", "/resolutions/?status=adopted"),
    *("/resolutions/asked/?old=1&new=2", "/meetings/council-2013-08-19/", "/meetings/?year=2013"),
    *("/members/wood/", "/members/?organization=council", "/statements/mayor-2013/"),
]
"""From here links and addresses lead to everything."""

NAMELESS = ("/api/v1/meetings/", "/api/v1/actions/")
"""These count a draft’s member as present, or the vote as printed, and leave the name out."""


def put_drafts_into_a_set() -> None:
    """They wait for review, under a name and with a reason that are as secret as they are."""
    waiting = City.objects.filter(publication="draft").order_by("pk")
    change_set = propose(waiting, name=f"{MARK} set", reason=f"{MARK} reason")
    submit(change_set)


@pytest.fixture(scope="module")
def answers(module_db, indexed):
    """Every answer before and after drafts were added beside the public records."""
    client = Client()
    with collecting():
        make_public_register()
        make_story()
    before = everything_from(client, START)
    with collecting():
        add_drafts_apart()
        drafts_of_resolutions.add_drafts_apart()
        put_drafts_into_a_set()
    return before, everything_from(client, START)


@pytest.fixture(scope="module")
def drafts(answers):
    """Drafts beside the public records, and named by them wherever they can be."""
    with collecting():
        link_drafts()
        drafts_of_resolutions.link_drafts()
    return everything_from(Client(), START)


def test_drafts_beside_public_records_change_nothing_public(answers):
    before, after = answers

    assert after.keys() == before.keys()
    changed = {path: text for path, text in after.items() if text != before[path]}
    assert {path: text for path, text in changed.items() if not path.startswith(NAMELESS)} == {}


def test_drafts_named_by_public_records_are_on_no_page(drafts):
    assert len(drafts) > 60
    named = [path for path, text in drafts.items() if MARK in (path + text).lower()]
    assert [path for path in named if not path.startswith(NAMELESS)] == []
    # The description of the API knows every country.
    assert [path for path, text in drafts.items() if "Iceland" in text] == ["/api/v1/openapi.json"]


def test_sitemap_has_every_page_that_can_be_reached_and_no_other(drafts, client):
    """But for filters, later pages of lists, and other years than those that pages name."""
    in_map = set(sitemap_of(client))
    years = {path for path in in_map if path.startswith("/exchanges/year/")}
    pages = reached_from("/", drafts)

    assert len(pages) > 40
    assert in_map - years == {path for path in pages if "/year/" not in path}
    assert {path for path in pages if "/year/" in path} <= years
    assert [path for path in in_map if MARK in path] == []
    assert [path for path in years if client.get(path).status_code != 200] == []


@pytest.mark.parametrize(
    "path",
    [
        "/cities/zzyx-city/",
        "/cities/zzyx-above/",
        "/cities/zzyx-above/picture/",
        "/sources/zzyx-source/",
        "/sources/zzyx-source/document/",
        "/exchanges/zzyx-plan/",
        "/exchanges/zzyx-visit/",
        "/exchanges/zzyx-visit/picture/",
        "/programs/zzyx-plans/",
        "/api/v1/exchanges/zzyx-plan/",
        "/api/v1/exchanges/zzyx-visit/",
        "/api/v1/programs/zzyx-plans/",
        "/api/v1/cities/zzyx-city/",
        "/api/v1/sources/zzyx-source/",
        "/api/v1/organizations/zzyx-decider/",
        "/api/v1/relationships/zzyx-kyoto/",
        "/api/v1/relationships/lansing-zzyx-city/",
        "/api/v1/entries/zzyx-kyoto-1/",
        "/api/v1/entries/lansing-zzyx-city-1/",
        "/api/v1/entries/lansing-otsu-3/",
        "/resolutions/zzyx-resolution/",
        "/resolutions/zzyx-resolution/pdf/",
        "/resolutions/zzyx-of-ghost/",
        "/resolutions/zzyx-of-ghost/pdf/",
        "/meetings/zzyx-meeting/",
        "/meetings/zzyx-ghosts/",
        "/members/zzyx-member/",
        "/statements/zzyx-statement/",
    ],
)
def test_draft_has_no_address(drafts, client, path):
    response = client.get(path)

    nothing = client.get(path.replace("zzyx", "no-such").replace("otsu-3", "otsu-99"))
    assert (response.status_code, nothing.status_code) == (404, 404)
    assert response.content == nothing.content
    assert MARK not in response.text


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/api/v1/relationships/?city=zzyx-city", 0),
        ("/api/v1/relationships/?city=zzyx-successor", 0),
        ("/api/v1/relationships/?city=kyoto", 0),
        ("/api/v1/relationships/?country=IS", 0),
        ("/api/v1/relationships/?city=otsu", 1),
        ("/api/v1/entries/?relationship=zzyx-kyoto", 0),
        ("/api/v1/entries/?relationship=lansing-zzyx-city", 0),
        ("/api/v1/entries/?city=zzyx-city", 0),
        ("/api/v1/entries/?city=kyoto", 0),
        ("/api/v1/entries/?source=zzyx-source", 0),
        ("/api/v1/entries/?source=otsu-page", 2),
        ("/api/v1/organizations/?place=zzyx-seat", 0),
        ("/api/v1/organizations/?place=otsu", 0),
        ("/api/v1/cities/?country=IS", 0),
        ("/api/v1/exchanges/?city=zzyx-city", 0),
        ("/api/v1/exchanges/?program=zzyx-plans", 0),
        ("/api/v1/exchanges/?city=otsu", 1),
        ("/api/v1/programs/?city=zzyx-city", 0),
        ("/api/v1/programs/?city=otsu", 1),
        ("/api/v1/cities/?country=IS&on=1975-01-01", 0),
        ("/api/v1/cities/?on=1975-01-01", 2),
        ("/api/v1/cities/?status=ended", 0),
        ("/api/v1/sources/?kind=press", 5),
    ],
)
def test_no_question_finds_a_draft(drafts, client, path, count):
    assert client.get(path).json()["count"] == count


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/resolutions/?q=zzyx", "0 resolutions"),
        ("/resolutions/?organization=zzyx-ghost", "0 resolutions"),
        ("/resolutions/?member=zzyx-member", "0 resolutions"),
        ("/resolutions/?city=zzyx-place", "0 resolutions"),
        ("/resolutions/?status=rescinded", "0 resolutions"),
        ("/resolutions/?city=lansing", "0 resolutions"),
        ("/meetings/?organization=zzyx-ghost", "0 meetings"),
        ("/meetings/?year=2013", "2 meetings"),
    ],
)
def test_no_list_finds_a_draft(drafts, client, path, count):
    assert count in lines_of(client.get(path))
