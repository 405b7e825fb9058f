"""What is remembered of the makers of the tests is what they would make."""

from collections.abc import Callable

import pytest

from cities.models import Relationship
from cities.records.derived import collecting
from tests.admin.people import everything
from tests.database import undone
from tests.derived import differences
from tests.factories import make_city, make_entry, make_partnership
from tests.remembered import remembered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]


@pytest.fixture
def made() -> list[str]:
    """What the maker made itself."""
    return []


@pytest.fixture
def make(made) -> Callable[[str], Relationship]:
    @remembered
    def maker(slug: str) -> Relationship:
        made.append(slug)
        return make_partnership(slug)

    return maker


def test_same_rows_are_put_back(make, made):
    found = []
    for __ in range(2):
        with undone():
            record = make("otsu")
            found.append((record.slug, record.partner.slug, everything(), differences()))
            make_entry(record, "visited", "2000")  # nothing stands in its way
            record.slug = "changed"

    assert made == ["otsu"]
    assert found[0] == found[1]
    assert len(found[0][2]["cities.LogEntry"]) > 3


def test_what_is_made_of_other_words_or_beside_other_records_is_made_again(make, made):
    for slug in ("otsu", "asan"):
        with undone():
            make(slug)
    make_city("lansing")

    make("otsu")

    assert made == ["otsu", "asan", "otsu"]


def test_nothing_is_remembered_where_something_is_to_follow_later(make, made):
    for __ in range(2):
        with undone(), collecting():
            make("otsu")

    assert made == ["otsu"] * 2


def test_nothing_is_remembered_with_the_index_of_the_search(make, made, settings):
    settings.DERIVATIONS_PAUSED = []
    for __ in range(2):
        with undone():
            make("otsu")
            assert differences() == []

    assert made == ["otsu"] * 2


def test_makers_are_remembered_apart_where_other_rows_follow(make, made, settings):
    for paused in (["search"], ["search", "log"]):
        settings.DERIVATIONS_PAUSED = paused
        with undone():
            make("otsu")

    assert made == ["otsu"] * 2
