"""A query made once answers as Django's own, for every key."""

import pytest
from django.core.paginator import Paginator

from cities.models import City, CityName
from cities.records.record_types import registry
from lrscc.changes import history as changes
from lrscc.changes import versions
from lrscc.changes.prepared import PLACE, Prepared
from lrscc.changes.scopes import feeds, followed_with, of_page
from tests.drafts import make_public_register
from tests.factories import make_city, make_name
from tests.resolutions.story import make_story

pytestmark = pytest.mark.django_db


def names_of(key: int):
    """The names of a place, the newest first, and once more those with a percent sign."""
    history = CityName.history.order_by().filter(city=key)
    kept = history.values_list("id", "text", "history_date")
    names = CityName.objects.filter(city=key, text__contains="%")
    return kept.union(kept.filter(id__in=names.values("pk")), all=True).order_by("-id")


@pytest.fixture
def otsu() -> City:
    place = make_city("otsu")
    for text in ("Ōtsu", "100 % Otsu", "大津"):
        make_name(place, text)
    return place


def test_rows_are_those_of_the_query_for_each_key(otsu):
    prepared, other = Prepared(names_of), make_city("nara")
    make_name(other, "奈良 %s")

    for key, count in ((otsu.pk, 4), (other.pk, 2), (PLACE + 1, 0)):
        rows = prepared.of(key)
        assert [tuple(row) for row in rows] == list(names_of(key))
        assert rows.count() == count


def test_rows_are_cut_by_the_database(otsu, django_assert_num_queries):
    rows = Prepared(names_of).of(otsu.pk)
    whole = list(rows)

    assert [rows[:3], rows[1:3], rows[3:9], rows[7:9]] == [whole[:3], whole[1:3], whole[3:], []]
    with django_assert_num_queries(2):
        page = Paginator(rows, 3).page(2)
        assert (page.paginator.count, page.object_list) == (4, whole[3:])


def test_query_without_a_place_for_a_key_answers_without_one(otsu):
    prepared = Prepared(lambda key: names_of(otsu.pk))

    assert [tuple(row) for row in prepared.of()] == list(names_of(otsu.pk))
    with pytest.raises(ValueError, match="needs its place"):
        prepared.of(otsu.pk)


def test_query_with_a_place_is_not_asked_without_a_key():
    with pytest.raises(ValueError, match="the place a key"):
        Prepared(names_of).of()


def test_text_is_made_once(otsu):
    keys = []

    def make_queryset(key: int):
        keys.append(key)
        return names_of(key)

    prepared = Prepared(make_queryset)
    for __ in range(3):
        list(prepared.of(otsu.pk))

    assert keys == [PLACE]


def test_changes_of_every_scope_are_those_of_their_query():
    make_public_register()
    make_story()

    scopes, others = [None], []
    for model in feeds().values():
        first, second = (followed_with(record) for record in model.objects.order_by("pk")[:2])
        scopes.append(first)
        others.append(second)  # another key in the place of the first, whatever the kind
    others += [of_page(kind.model.objects.latest("pk")) for kind in registry if kind.route]
    assert all(list(changes.versions(scope)) for scope in (*scopes, *others))
    for scope in (*scopes, *others):
        pages = scope and scope.pages(scope.model, scope.key)
        for kind in ("", *changes.KINDS) if scope in scopes else ("",):
            rows = changes.versions(scope, kind)
            whole = list(versions._queryset(pages, kind))
            assert [tuple(row) for row in rows] == whole
            assert rows.count() == len(whole)
