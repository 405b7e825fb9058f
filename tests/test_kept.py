"""What pages share is made once for each version of the site, and for nobody else."""

import pytest
from django.utils.translation import override

from cities.records import kept
from cities.records.log import Version

FIRST, SECOND = Version("edition", 1), Version("edition", 2)


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def made():
    return []


@pytest.fixture
def part(made):
    @kept.kept
    def part(*args):
        made.append(args)
        return len(made)

    return part


def test_part_is_made_once_for_each_version(part, made):
    found = []
    for version in (FIRST, FIRST, SECOND, SECOND, FIRST):
        with kept.under(version):
            found += [part(), part()]

    assert found == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]  # only the newest is kept
    assert made == [(), (), ()]


def test_nothing_is_kept_where_no_version_is_known(part):
    with kept.under(FIRST):
        part()

    assert [part(), part()] == [2, 3]


def test_each_value_and_language_has_a_part_of_its_own(part):
    with kept.under(FIRST):
        found = [part(1), part(2), part(1)]
        with override("de"):
            found += [part(1), part(1)]

    assert found == [1, 2, 1, 3, 3]


def test_part_that_cannot_be_made_is_not_kept(made):
    @kept.kept
    def part():
        made.append(1)
        if len(made) == 1:
            raise ValueError("away")
        return "here"

    with kept.under(FIRST):
        with pytest.raises(ValueError, match="away"):
            part()
        assert part() == "here"
