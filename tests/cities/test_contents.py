"""A city’s page begins with its contents, and folds what is long without leaving anything out."""

import re

import pytest

from cities.models import Citation, Relationship
from tests.factories import (
    make_agreement,
    make_entry,
    make_partnership,
    make_source,
    make_statement,
)
from tests.reading import lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def relationship() -> Relationship:
    return make_partnership("otsu", story="A story.")


def claims(relationship: Relationship, count: int) -> None:
    for n in range(count):
        make_entry(relationship, "signed", f"{1950 + n}", why_not_preferred=f"Reason {n}.")


def contents(page) -> list[str]:
    [nav] = re.findall('<nav class="contents".*?</nav>', page.text, re.DOTALL)
    return re.findall('href="#([^"]*)"', nav)


def folded(page) -> str:
    """All that is shown only once somebody opens it."""
    return "".join(re.findall('<details class="more">.*?</details>', page.text, re.DOTALL))


def test_contents_lead_to_every_part_of_the_page_that_is_there(client, relationship):
    claims(relationship, 1)
    make_agreement(relationship, signed_on="1969")
    make_statement().relationships.add(relationship)

    page = client.get("/cities/otsu/")

    found = contents(page)
    assert found == ["story", "history", "votes", "claims", "agreements", "gaps"]
    assert all(page.text.count(f'<h2 id="{anchor}"') == 1 for anchor in found)


def test_contents_name_nothing_that_is_not_there(client, relationship):
    Relationship.objects.update(story="")
    make_agreement(relationship)

    assert contents(client.get("/cities/otsu/")) == ["history", "agreements", "gaps"]


def test_short_page_has_no_contents(client, relationship):
    assert 'class="contents"' not in client.get("/cities/otsu/").text


def test_city_without_a_relationship_has_no_contents(client, relationship):
    assert 'class="contents"' not in client.get("/cities/lansing/").text


@pytest.mark.parametrize(("count", "hidden"), [(3, 0), (4, 1), (6, 3)])
def test_further_claims_are_folded_and_none_is_left_out(client, relationship, count, hidden):
    claims(relationship, count)

    page = client.get("/cities/otsu/")

    assert all(f"Reason {n}." in page.text for n in range(count))
    assert [f"Reason {n}." in folded(page) for n in range(count)].count(True) == hidden
    assert (f"Show {hidden} more" in lines_of(page)) == (hidden > 0)


def test_further_votes_and_statements_are_folded(client, relationship):
    for n in range(7):
        make_statement(title=f"Statement {n}").relationships.add(relationship)

    page = client.get("/cities/otsu/")

    assert all(page.text.count(f"Statement {n}") >= 1 for n in range(7))
    assert "Show 2 more" in lines_of(page)


@pytest.mark.parametrize(("count", "label"), [(2, None), (3, "2 more sources")])
def test_further_sources_of_an_entry_are_folded(client, relationship, count, label):
    entry = relationship.entries.get()
    for n in range(count - 1):
        Citation.objects.create(entry=entry, source=make_source(title=f"Paper {n}"))

    page = client.get("/cities/otsu/")

    assert ("more sources" in page.text) == (label is not None)
    assert label is None or label in lines_of(page)
    assert all(f"Paper {n}" in page.text for n in range(count - 1))
