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
from tests.reading import everything_from, lines_of, sections_of, sitemap_of

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


HARBORVIEW = "Source: Minutes of the Harborview City Council, Harborview Official proceedings"
FJORDVIK = "Source: Minutes of the Fjordvik Municipal Council, Fjordvik Official proceedings"
THE_ROLL_ON_THE_BELLS = [
    "Roll call vote. Passed. 2 of 3 voted yes. Two yes votes were needed.",
    "Needed to pass: more than half of all seats. Result as printed: “Adopted”.",
    *("Vote count", "Roll call", "Yes2", "No0", "Abstained1", "Absent0"),
    "Roll call vote, March 5, 2018",
    "MemberVote",
    "Ann Made-UpAbstained printed as “present”",
    "Ben Made-UpYes",
    "Cal Made-UpYes",
    HARBORVIEW,
]
MOVED = "Moved by Cal Made-Up. Seconded by Ben Made-Up. Meeting: Regular meeting, March 5, 2018."
SAID = {
    "harborview": {
        "/resolutions/harbor-dues/ actions": [
            "March 1, 2018",
            "Recommended for adoption, 3–0",
            "By Committee on Ways and Means.",
            "Passed.",
            *("Vote count", "As printed", "Yes3", "No0"),
            HARBORVIEW,
            "March 5, 2018",
            "Rules suspended",
            "Meeting: Regular meeting, March 5, 2018.",
            "Voice vote. Names were not recorded. Passed.",
            HARBORVIEW,
            "March 5, 2018",
            "Adopted, 2–0, one recused",
            (
                "Moved by Ann Made-Up. Meeting: Regular meeting, March 5, 2018."
                " Agenda item X.B.2, added at the meeting. Takes effect April 1, 2018."
                " Last day for a veto: March 12, 2018."
            ),
            "Roll call vote. Passed. 2 of 2 voted yes. Two yes votes were needed.",
            "Needed to pass: more than half of the votes cast.",
            *("Vote count", "Roll call", "Yes2", "No0", "Abstained0", "Recused1", "Absent0"),
            "Roll call vote, March 5, 2018",
            *("MemberVote", "Ann Made-UpYes", "Ben Made-UpRecused", "Cal Made-UpYes"),
            HARBORVIEW,
            "March 7, 2018",
            "Signed",
            "By Mayor of Harborview.",
            HARBORVIEW,
        ],
        "/resolutions/bells/ actions": [
            "March 5, 2018",
            "Adopted, 2–0",
            MOVED,
            "One vote decided this and another resolution:",
            "R-18-0235: The harbor lamps",
            *THE_ROLL_ON_THE_BELLS,
        ],
        "/resolutions/lamps/ actions": [
            "March 5, 2018",
            "Adopted, 2–0",
            MOVED,
            "One vote decided this and another resolution:",
            "R-18-0234: The harbor bells",
            *THE_ROLL_ON_THE_BELLS,
        ],
        "/resolutions/lamps/ related": ["This resolution rescinds The lamps of the old harbor."],
        "/resolutions/old-lamps/ actions": [
            "May 4, 1998",
            "Considered, no record of the result",
            HARBORVIEW,
        ],
        "/resolutions/old-lamps/ related": [
            "R-18-0235: The harbor lamps rescinds this resolution."
        ],
        "/resolutions/benches/ actions": [
            "February 6, 2018",
            "Tabled",
            "Passed.",
            *("Votes we know by name", "MemberVote", "Dee Made-UpYes"),
            HARBORVIEW,
            "March 6, 2018",
            "Taken from the table, 5–2",
            "Roll call vote. The source has the totals, without names. Passed.",
            *("Vote count", "As printed", "Yes5", "No2"),
            HARBORVIEW,
            "March 6, 2018",
            "Adopted, 2–0",
            "Roll call vote. Passed. 2 of 2 voted yes. Two yes votes were needed.",
            "Needed to pass: more than half of the votes cast.",
            *("Vote count", "Roll call", "Yes2", "No0", "Abstained0", "Absent0"),
            "Roll call vote, March 6, 2018",
            *("MemberVote", "Dee Made-UpYes", "Eli Made-UpYes"),
            HARBORVIEW,
        ],
        "/members/cal/ votes": [
            "How Cal Made-Up voted, newest first",
            "DateResolutionVoteResult",
            "March 5, 2018Harbor dues for visiting shipsYesAdopted",
            "March 5, 2018The harbor bells and another resolution, by one voteYesAdopted",
        ],
    },
    "fjordvik": {
        "/resolutions/ferry/ actions": [
            "January 8, 2018",
            "Adopted",
            "Meeting: Regular meeting, January 8, 2018.",
            "One vote decided this and another resolution:",
            "2018-1: A second ferry to Kaku",
            "Unanimous consent. No one objected; names were not recorded. Passed.",
            FJORDVIK,
        ],
        "/resolutions/ferry-again/ actions": [
            "January 8, 2018",
            "Adopted",
            "Meeting: Regular meeting, January 8, 2018.",
            "One vote decided this and another resolution:",
            "2018-01: A ferry to Kaku",
            "Unanimous consent. No one objected; names were not recorded. Passed.",
            FJORDVIK,
        ],
        "/resolutions/quay/ related": ["This resolution refers to 2018-01: A ferry to Kaku."],
    },
}
"""What pages say, by address and section, about what councils and commissions did."""

HEADS = {
    "harborview": {
        "/resolutions/harbor-dues/": "Adopted, March 5, 2018. See the vote",
        "/resolutions/lamps/": "Adopted, March 5, 2018. See the vote",
        "/resolutions/old-lamps/": "Rescinded, March 5, 2018. See the vote",
        "/resolutions/benches/": "Adopted, March 6, 2018. See the vote",
        "/meetings/council-2018-03-05/": (
            "Officers on record for that day: Ann Made-Up, president (2018)."
        ),
    },
    "fjordvik": {
        "/resolutions/ferry-again/": "Fjordvik Municipal Council · Motion · 2018-1",
        "/resolutions/quay/": "Pending since January 8, 2018. See what happened",
    },
}
"""A line of the head of a page, by address."""


def test_pages_say_what_councils_did(site, client):
    slug, __ = site

    found = {}
    for place in SAID[slug]:
        path, section = place.split()
        found[place] = sections_of(client.get(path))[section]

    assert found == SAID[slug]
    for path, line in HEADS[slug].items():
        assert line in lines_of(client.get(path)), lines_of(client.get(path))[:12]


@pytest.mark.parametrize("number", ["R 18 234", "CB119876", "Ordinance 126000", "2018-234"])
def test_number_in_any_print_is_found(site, client, number):
    slug, __ = site
    wanted = {"bells", "harbor-dues"} if slug == "harborview" else set()

    found = client.get("/api/v1/resolutions/", {"q": number}).json()["results"]

    assert {one["slug"] for one in found} <= wanted
    assert bool(found) == bool(wanted)
