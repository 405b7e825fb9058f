"""No draft is on any page, in any answer or at any address."""

import pytest
from django.test import Client

from lrscc.search import index
from tests.drafts import MARK, add_drafts_apart, link_drafts, make_public_register
from tests.reading import everything_from

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
]
"""From here links and addresses lead to everything."""


@pytest.fixture(scope="module")
def answers(module_db, indexed):
    """Every answer before and after drafts were added beside the public records."""
    client = Client()
    with index.collecting():
        make_public_register()
    before = everything_from(client, START)
    with index.collecting():
        add_drafts_apart()
    return before, everything_from(client, START)


@pytest.fixture(scope="module")
def drafts(answers):
    """Drafts beside the public records, and named by them wherever they can be."""
    with index.collecting():
        link_drafts()


def test_drafts_beside_public_records_change_nothing_public(answers):
    before, after = answers

    assert after.keys() == before.keys()
    assert {path: text for path, text in after.items() if text != before[path]} == {}


def test_drafts_named_by_public_records_are_on_no_page(drafts, client):
    shown = everything_from(client, START)

    assert len(shown) > 30
    assert [path for path, text in shown.items() if MARK in (path + text).lower()] == []
    # The description of the API knows every country.
    assert [path for path, text in shown.items() if "Iceland" in text] == ["/api/v1/openapi.json"]


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
        ("/api/v1/sources/?kind=press", 2),
    ],
)
def test_no_question_finds_a_draft(drafts, client, path, count):
    assert client.get(path).json()["count"] == count
