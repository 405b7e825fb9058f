"""The home city is data: the sites of two made-up commissions name their own city alone."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from cities.records.derived import collecting
from lrscc.files.loading import load
from lrscc.files.writing import dump
from lrscc.pages import cards
from tests.reading import everything_from, lines_of, sitemap_of

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "homes"
HOMES = {
    "harborview": ("Harborview", "Harborview, Oregon", "Harborview Friends Abroad Commission"),
    "fjordvik": ("Fjordvik", "Fjordvik, Vestland", "Fjordvik Committee for Twin Cities"),
}
NOT_HERE = re.compile(r"lansing|michigan|lrscc commission|MCL \d|open meetings act", re.IGNORECASE)
START = [
    *("/", "/.well-known/security.txt", "/api/v1/", "/api/v1/openapi.json", "/changes/"),
    *("/card.png", "/cities/kaku/card.png", "/cities/kaku/mark.svg"),
]
REFUSED = ["/?q=%00", "/nowhere/", "/exchanges/?on=never", "/api/v1/nothing/"]


@pytest.fixture(scope="module", params=HOMES)
def site(module_db, indexed, request):
    """The slug of the home city, and every answer of its site by address; cards as their words."""
    client = Client()
    with transaction.atomic():
        with collecting():
            load([FILES / f"{request.param}.toml"], lambda table, number, total: None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cards, "drawn", repr)
            answers = everything_from(client, [*START, *sitemap_of(client)])
            answers |= {path: client.get(path).text for path in REFUSED}
        yield request.param, answers
        transaction.set_rollback(True)


def test_no_answer_names_another_home(site):
    __, answers = site

    found = {path: NOT_HERE.findall(text) for path, text in answers.items()}

    kinds = ("/calendar.ics", "/pdf/", ".csv", "feed.atom", "/search/", "/timeline/", "/gaps/")
    assert [kind for kind in kinds if not any(kind in path for path in answers)] == []
    assert {path: words for path, words in found.items() if words} == {}


def test_pages_name_the_home_and_who_keeps_its_record(site, client):
    slug, answers = site
    name, in_full, maintainer = HOMES[slug]

    assert lines_of(client.get("/"), "header")[0] == (
        f"{name}’s sister cities Official record of the {maintainer}"
    )
    assert lines_of(client.get("/"))[1].startswith(f"{in_full} has 1 sister city in 1 country.")
    assert maintainer in answers["/nowhere/"]
    assert f"PRODID:-//{maintainer}//" in answers["/exchanges/calendar.ics"]
    assert f"@exchanges.{slug}-sister-cities" in answers["/exchanges/calendar.ics"]
    assert f"<name>{maintainer}</name>" in answers["/changes/feed.atom"]
    assert f"{name}’s sister cities" in answers["/card.png"]
    assert f"{name} and Kaku" in answers["/cities/kaku/"]
    assert f"Who approved the 1985 agreement for {name}?" in answers["/cities/kaku/"]


def test_files_of_another_home_are_written_back(site, tmp_path):
    """What is dumped loads into the same register and changes nothing."""
    dict(dump(tmp_path))

    report = load([tmp_path], lambda table, number, total: None)

    assert (sum(report.new.values()), sum(report.changed.values())) == (0, 0)
    assert report.same["register"] == 1


def test_michigans_deadlines_are_silent_elsewhere(site):
    __, answers = site

    assert '"clocks":[]' in answers["/api/v1/meetings/council-2018-01-08/"]
