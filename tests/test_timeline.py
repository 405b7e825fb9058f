"""The page of all that is on record, in order of time."""

import re

import pytest
from django.utils.timezone import localdate

from cities.records.publishing import Publication
from lrscc.pages import timeline as page_of
from tests.factories import (
    make_action,
    make_city,
    make_entry,
    make_exchange,
    make_held_exchange,
    make_partnership,
    make_relationship,
    make_resolution,
    make_type,
)
from tests.reading import lines_of, links_of, sections_of, title_of

pytestmark = pytest.mark.django_db

LAST = "Visits, notes and accounts that disagree are on the page of each city."


def rows(response) -> list[str]:
    """What stands between the decades' menu and the end of the page."""
    lines = lines_of(response)
    lead = next(n for n, line in enumerate(lines) if line.startswith("How relationships began"))
    return lines[lead + 1 : lines.index(LAST)]


def test_timeline_of_an_empty_register_is_empty(client):
    response = client.get("/timeline/")

    assert title_of(response) == "Timeline"
    assert lines_of(response) == [
        *("Home", "Sister cities", "Timeline", "Timeline of Our City’s sister cities"),
        (
            "How relationships began, changed and ended, what was decided, and which exchanges"
            " took place. Years with no records are left out."
        ),
        "Nothing is on record yet.",
        LAST,
    ]


def test_timeline_shows_relationships_decisions_and_exchanges_year_by_year(client):
    relationship = make_partnership("otsu", "1969-10-01")
    make_entry(relationship, "renewed", "1972", note="For ten years.")
    resolution = make_resolution("thanks", title="Thanks")
    make_action(resolution, "introduce", "1969-05-11")
    make_action(resolution, "adopt", "1969-05-12", method="voice", outcome="carried")
    make_held_exchange("visit", relationship, title="A visit", begins="1972-07", ends="")

    response = client.get("/timeline/")

    assert rows(response) == [
        *("1960s", "1970s"),
        "1969",
        *("May 12, 1969", "Thanks: adopted"),
        "Lansing City Council",
        *("October 1, 1969", "Otsu: Sister city agreement signed"),
        "1972",
        *("1972", "Otsu: Renewed", "For ten years."),
        *("July 1972", "A visit", "Otsu · Youth and education", "It took place."),
    ]
    assert [link for link in links_of(response) if link.startswith("#")] == [
        "#main",
        "#1960s",
        "#1970s",
    ]
    assert re.findall(r'<section class="decade" id="(\w+)"', response.text) == ["1960s", "1970s"]


def test_timeline_holds_only_what_is_on_record_by_today(client):
    relationship = make_partnership("otsu", "1969")
    make_entry(relationship, "visited", "1970")
    make_entry(relationship, "noted", "1971")
    make_entry(relationship, "concluded", "1968", why_not_preferred="Only a year.")
    make_entry(relationship, "renewed", "1973", publication=Publication.DRAFT)
    make_entry(relationship, "renewed", str(localdate().year + 1))
    make_partnership("rome", "1974", publication=Publication.DRAFT)
    hidden = make_relationship(make_city("oslo", publication=Publication.DRAFT))
    make_entry(hidden, "signed", "1975", type=make_type())
    draft = make_resolution("draft", publication=Publication.DRAFT)
    make_action(draft, "adopt", "1976", method="voice", outcome="carried")
    resolution = make_resolution("thanks")
    make_action(
        resolution,
        "adopt",
        "1977",
        method="voice",
        outcome="carried",
        publication=Publication.DRAFT,
    )
    make_held_exchange(
        "draft-visit", relationship, begins="1978", ends="", publication=Publication.DRAFT
    )
    make_exchange("planned", relationship, begins="1979")

    assert rows(client.get("/timeline/")) == [
        "1960s",
        "1969",
        *("1969", "Otsu: Sister city agreement signed"),
    ]


def test_timeline_shows_what_decided_a_resolution_and_no_vote_that_changed_nothing(client):
    resolution = make_resolution("leader", title="A leader")
    make_action(resolution, "introduce", "2017-01-01")
    for day in ("2017-01-05", "2017-01-06", "2017-01-07"):
        make_action(resolution, "adopt", day, method="voice", outcome="lost")
    make_action(resolution, "adopt", "2017-01-12", method="voice", outcome="carried")

    lines = rows(client.get("/timeline/"))

    assert [line for line in lines if "A leader" in line] == [
        "A leader: failed",
        "A leader: adopted",
    ]


def test_timeline_claims_no_year_that_is_not_certain(client):
    make_partnership("otsu", "1969")
    make_partnership("rome", "196X")
    make_partnership("cork", "[1968,1971]")
    make_partnership("bonn", "1969~")
    make_partnership("bath", "1965/..")

    assert rows(client.get("/timeline/")) == [
        "1960s",
        "1960s, year not certain",
        *("the 1960s", "Rome: Sister city agreement signed"),
        *("from 1965", "Bath: Sister city agreement signed"),
        *("1968 or 1971", "Cork: Sister city agreement signed"),
        "1969",
        *("1969", "Otsu: Sister city agreement signed"),
        *("about 1969", "Bonn: Sister city agreement signed"),
    ]


def test_timeline_leaves_empty_years_and_decades_out(client):
    make_partnership("otsu", "1969")
    make_partnership("rome", "1992")

    response = client.get("/timeline/")

    assert re.findall(r'id="year-(\d+)"', response.text) == ["1969", "1992"]
    assert re.findall(r'href="#(\d+s)"', response.text) == ["1960s", "1990s"]


def test_timeline_comes_in_pages_and_the_decades_lead_to_theirs(client, monkeypatch):
    monkeypatch.setattr(page_of, "EVENTS_PER_PAGE", 2)
    for number, year in enumerate(("1969", "1970", "1982", "1983", "1991")):
        make_partnership(f"place-{number}", year)

    first, second = client.get("/timeline/"), client.get("/timeline/?page=2")

    assert title_of(second) == "Timeline (page 2 of 3)"
    assert re.findall(r'id="year-(\d+)"', first.text) == ["1969", "1970"]
    assert re.findall(r'id="year-(\d+)"', second.text) == ["1982", "1983"]
    assert re.findall(r'href="([^"]*#\d+s)"', second.text) == [
        "?page=1#1960s",
        "?page=1#1970s",
        "#1980s",
        "?page=3#1990s",
    ]
    assert {"?page=1", "?page=3"} <= set(links_of(second))


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "9" * 18])
def test_page_beyond_the_last_is_reported_and_the_first_shown(client, page):
    make_partnership("otsu", "1969")
    first = client.get("/timeline/")

    response = client.get("/timeline/", {"page": page})

    assert response.status_code == 400
    assert title_of(response) == "Error: Timeline"
    sections = sections_of(response)
    assert sections.pop("problem") == ["That page does not exist. The list has only one page."]
    assert sections == sections_of(first)


def test_partners_and_home_lead_to_the_timeline(client):
    make_partnership("otsu", "1969").partner.__class__.objects.filter(slug="otsu").update(
        latitude="35.018", longitude="135.855"
    )

    for path in ("/", "/cities/"):
        assert "/timeline/" in links_of(client.get(path))
