"""The votes and statements on the page of a city, however many there are."""

import re
from collections import Counter
from datetime import date

import pytest

from cities.records.derived import collecting
from lrscc.pages.statements_timeline import NEWEST, statements_timeline
from resolutions.course import adopting
from resolutions.models import (
    Action,
    Ballot,
    CoursePeriod,
    Effect,
    Reply,
    Resolution,
    Statement,
)
from tests.factories import (
    make_action,
    make_city,
    make_effect,
    make_partnership,
    make_reply,
    make_resolution,
    make_source,
    make_statement,
)
from tests.reading import lines_of, links_of, sections_of

pytestmark = pytest.mark.django_db

ADDRESS = re.compile("/(?:resolutions|statements)/[a-z]+-[0-9]+/")


@pytest.fixture
def otsu():
    return make_partnership("otsu")


@collecting()
def make_votes(count, relationship, source):
    """Resolutions about a city by its relationship, itself, or an effect; the newest is last."""
    for number in range(count):
        resolution = make_resolution(f"vote-{number}", title=f"Vote {number}")
        make_action(resolution, "adopt", f"{1900 + number}-01-01", source=source)
        if number % 3 == 0:
            resolution.relationships.add(relationship)
        elif number % 3 == 1:
            resolution.places.add(relationship.partner)
        else:
            make_effect(resolution, "recognizes", place=relationship.partner)


@collecting()
def make_statements(count, relationship, source):
    for number in range(count):
        statement = make_statement(f"said-{number}", on=f"{1900 + number}-06-01", source=source)
        (statement.places.add if number % 2 else statement.relationships.add)(
            relationship.partner if number % 2 else relationship
        )


def shown(response):
    """The addresses of the resolutions and statements on a page, in its order."""
    return [link for link in links_of(response) if ADDRESS.fullmatch(link)]


def pages_of(client, address):
    """What all pages of a list show, in order."""
    found, number = [], 1
    while (response := client.get(f"{address}&page={number}")).status_code == 200:
        on_page = shown(response)
        if on_page[:1] == found[:1]:
            break  # there is no such page: the list shows its first
        found += on_page
        number += 1
    return found


def test_city_page_shows_the_newest_and_its_links_lead_to_all_of_them(client, otsu):
    source = make_source()
    make_votes(NEWEST + 10, otsu, source)
    make_statements(NEWEST + 9, otsu, source)

    response = client.get("/cities/otsu/")

    assert sections_of(response)["votes"][:4] == [
        "This page shows the newest 20 resolutions. See all 30 resolutions about Otsu.",
        "This page shows the newest 20 statements. See all 29 statements about Otsu.",
        "June 1, 1909",
        "A Mayor, Mayor: Said 9",
    ]
    assert {"/resolutions/?city=otsu", "/statements/?city=otsu"} <= set(links_of(response))
    on_page = shown(response)
    votes = [f"/resolutions/vote-{number}/" for number in reversed(range(NEWEST + 10))]
    said = [f"/statements/said-{number}/" for number in reversed(range(NEWEST + 9))]
    assert [link for link in on_page if link in votes] == votes[NEWEST - 1 :: -1]
    assert [link for link in on_page if link in said] == said[NEWEST - 1 :: -1]
    assert pages_of(client, "/resolutions/?city=otsu") == votes
    assert pages_of(client, "/statements/?city=otsu") == said


def test_city_page_with_few_votes_has_no_link_to_more(client, otsu):
    source = make_source()
    make_votes(NEWEST, otsu, source)
    make_statements(NEWEST, otsu, source)

    response = client.get("/cities/otsu/")

    assert len(shown(response)) == 2 * NEWEST
    assert "This page shows" not in " ".join(lines_of(response))


def test_city_page_reads_as_much_with_sixty_votes_as_with_twenty(client, monkeypatch, otsu):
    source = make_source()
    read = Counter()
    for model in (Resolution, Action, Ballot, CoursePeriod, Effect, Reply, Statement):
        count_rows(monkeypatch, model, read)
    make_votes(NEWEST, otsu, source)
    make_statements(NEWEST, otsu, source)
    read.clear()
    client.get("/cities/otsu/")
    first = Counter(read)
    for number in range(100, 140):
        resolution = make_resolution(f"more-{number}")
        make_action(resolution, "adopt", f"{1700 + number}", source=source)
        make_effect(resolution, "recognizes", place=otsu.partner)
        make_statement(f"old-{number}", on="1600", source=source).places.add(otsu.partner)
    read.clear()
    client.get("/cities/otsu/")

    assert read == first
    # The action since which each has its status, and all of those that have effects.
    parts = {"CoursePeriod": NEWEST, "Action": NEWEST + 6, "Effect": 6}
    assert first == {"Resolution": NEWEST, **parts, "Statement": NEWEST}


def count_rows(monkeypatch, model, read):
    """Count the rows of a model that are read."""
    from_db = model.from_db.__func__

    def counted(cls, *args):
        read[model.__name__] += 1
        return from_db(cls, *args)

    monkeypatch.setattr(model, "from_db", classmethod(counted))


def test_newest_request_is_found_however_many_votes_came_after_it(client, otsu):
    source = make_source()
    asked = make_resolution("asked-1", title="Asked")
    make_action(asked, "adopt", "1890", source=source)
    make_reply(make_effect(asked, relationship=otsu), source=source)
    elsewhere = make_effect(asked, place=make_city("bergen"), what="somebody else")
    older = make_resolution("asked-0")
    make_action(older, "adopt", "1880", source=source)
    make_effect(older, relationship=otsu)
    make_votes(NEWEST + 1, otsu, source)

    timeline = statements_timeline(otsu.partner, [otsu], date(2026, 1, 1))

    assert timeline.newest_request.record == asked
    assert elsewhere not in timeline.newest_request.effects
    assert [len(effect.replies.all()) for effect in timeline.newest_request.effects] == [1]
    assert asked not in [item.record for item in timeline.items]


@pytest.mark.parametrize(
    ("steps", "is_adopted"),
    [
        ([("adopt", "2000", "carried")], True),
        ([("adopt", "2000", "lost")], False),
        ([("adopt", "2000", "carried"), ("veto", "2001", "")], False),
        (
            [("adopt", "2000", "carried"), ("veto", "2001", ""), ("override", "2002", "lost")],
            False,
        ),
        (
            [("adopt", "2000", "carried"), ("veto", "2001", ""), ("override", "2002", "carried")],
            True,
        ),
        ([("adopt", "2000", "carried"), ("rescind", "2001", "carried")], True),
        ([("adopt", "2000", "carried"), ("reconsider", "2000", "carried")], False),
        ([("adopt", "2000", "carried"), ("reconsider", "2001", "lost")], True),
        ([("adopt", "2000", "carried"), ("reconsider", "2001", "carried")], False),
        ([("adopt", "2000", "lost"), ("adopt", "2001", "carried")], True),
        ([("introduce", "2000", "")], False),
    ],
)
def test_adoption_is_the_same_in_sql_as_in_python(steps, is_adopted):
    resolution = make_resolution()
    for kind, on, outcome in steps:
        make_action(resolution, kind, on, outcome=outcome)

    found = Action.objects.adopting().filter(publication="published").last()

    assert found == adopting(resolution.actions.all())
    assert bool(found) == is_adopted


def test_request_that_was_undone_or_is_a_draft_is_not_the_newest(otsu):
    source = make_source()
    vetoed = make_resolution("vetoed-1")
    make_action(vetoed, "adopt", "1890", source=source)
    make_action(vetoed, "veto", "1891", outcome="", source=source)
    make_effect(vetoed, relationship=otsu)
    draft = make_resolution("draft-1")
    make_action(draft, "adopt", "1892", source=source)
    make_effect(draft, relationship=otsu, publication="draft")
    draft.places.add(otsu.partner)
    make_votes(NEWEST + 1, otsu, source)

    timeline = statements_timeline(otsu.partner, [otsu], date(2026, 1, 1))

    assert timeline.newest_request is None
    assert timeline.resolutions == NEWEST + 3
