"""Long lists read the ids of a page first, and then the rows of that page alone."""

import re
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from cities.models import Organization
from cities.records.derived import collecting
from cities.records.paging import ListPages
from resolutions.filters import ResolutionFilter
from resolutions.models import CoursePeriod, Resolution
from tests.factories import make_action, make_resolution, make_source
from tests.reading import links_of

pytestmark = pytest.mark.django_db


@collecting()
def make_many(count):
    """Resolutions, every third without an action, two on each day."""
    source = make_source()
    for number in range(count):
        resolution = make_resolution(f"r-{number:03}")
        if number % 3:
            make_action(resolution, "adopt", f"{1900 + number // 2}", source=source)


def in_order():
    return list(Resolution.objects.public().for_list().values_list("slug", flat=True))


def test_pages_show_every_resolution_once_in_the_order_of_the_whole_list(client):
    make_many(60)

    pages = [client.get(f"/resolutions/?page={number}") for number in (1, 2, 3)]

    shown = [
        link.split("/")[2]
        for page in pages
        for link in links_of(page)
        if link.startswith("/resolutions/r-")
    ]
    assert shown == in_order()
    assert len(set(shown)) == 60
    assert "Page 3 of 3" in pages[2].text


def test_pages_of_the_api_do_so_too(client):
    make_many(60)

    pages = [
        client.get(f"/api/v1/resolutions/?page_size=25&page={number}").json()
        for number in (1, 2, 3)
    ]

    assert [record["slug"] for page in pages for record in page["results"]] == in_order()
    assert [page["count"] for page in pages] == [60] * 3


@pytest.mark.parametrize("address", ["/resolutions/?", "/api/v1/resolutions/?page_size=25&"])
@pytest.mark.parametrize("number", [1, 3])
def test_rows_are_read_by_their_ids_and_counted_without_their_order(client, address, number):
    make_many(60)

    with CaptureQueriesContext(connection) as asked:
        client.get(f"{address}page={number}")

    of_it = [q["sql"] for q in asked if ' FROM "resolutions_' in q["sql"]]
    (counted,) = [sql for sql in of_it if sql.startswith("SELECT COUNT(")]
    (ids,) = [sql for sql in of_it if ' FROM "resolutions_courseperiod"' in sql]
    (rows,) = [sql for sql in of_it if sql.startswith('SELECT "resolutions_resolution"."id",')]
    assert "courseperiod" not in counted
    assert "LIMIT 25" in ids or "LIMIT 10" in ids
    assert "OFFSET" not in ids  # the last page is read from its own end
    assert "OFFSET" not in rows
    assert not re.search(r"LIMIT \d+$", rows)


def test_page_is_found_by_the_index_alone():
    make_many(60)
    rows = CoursePeriod.objects.listed(localdate()).values_list("resolution", flat=True)

    for part in (rows[:25], rows[25:50], rows.reverse()[:10]):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for other in ("seqscan", "bitmapscan", "sort"):  # cheap for few rows
                    cursor.execute(f"SET LOCAL enable_{other} = off")
        plan = part.explain()
        assert "resolutions_period_listed" in plan
        assert "ORDER BY" not in plan  # SQLite sorts nothing
        assert "Sort" not in plan  # nor does PostgreSQL


@pytest.mark.parametrize("query", ["", "on=1920-06-01", "status=adopted", "q=r"])
def test_pages_of_both_halves_meet_without_a_gap(client, query):
    make_many(110)
    found = ResolutionFilter(QueryDict(query), Resolution.objects.public())
    shown: list[int] = []
    pages = ListPages(
        found.in_order(found.qs), 25, lambda pks: Resolution.objects.filter(pk__in=pks)
    )

    for number in pages.page_range:
        shown += [row.pk for row in pages.page(number)]

    rows = found.qs.newest_first(found.day)
    assert len(shown) > 20
    assert shown == list(rows.values_list("pk", flat=True))


def test_list_follows_what_makes_a_resolution_public():
    """Its own address and publication, and that of its organization, stand in the index."""
    resolution = make_resolution("r", title="A text")
    listed = CoursePeriod.objects.listed(localdate())
    before = list(listed.values_list("slug", "listed_on"))
    make_action(resolution, "adopt", "1950")
    adopted = list(listed.values_list("slug", "listed_on"))
    resolution.withdraw(because="No.", on=localdate())

    assert before == [("r", date.min)]
    assert adopted == [("r", date(1950, 1, 1))]
    assert not listed.exists()


def test_list_follows_the_organization():
    resolution = make_resolution("r", publication="draft")
    listed = CoursePeriod.objects.listed(localdate())
    as_draft = listed.exists()
    resolution.slug = "other"
    resolution.publish()
    published = list(listed.values_list("slug", flat=True))
    organization = Organization.objects.get(pk=resolution.organization_id)
    organization.publication = "draft"
    organization.save()

    assert not as_draft
    assert published == ["other"]
    assert not listed.exists()


def test_list_with_a_status_or_a_day_counts_by_it(client):
    make_many(6)
    open_one = make_resolution("open")
    make_action(open_one, "introduce", "1950")

    found = {
        query: client.get(f"/resolutions/?{query}").context["form"].count
        for query in ("", "status=adopted", "status=introduced", "on=1901-06-01", "on=never")
    }

    assert found == {
        "": 7,
        "status=adopted": 4,
        "status=introduced": 1,
        "on=1901-06-01": 2,
        "on=never": 7,
    }
