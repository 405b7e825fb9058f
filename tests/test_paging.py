"""Long lists read the ids of a page first, and then the rows of that page alone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resolutions.models import Resolution
from tests.factories import make_action, make_resolution, make_source
from tests.reading import links_of

pytestmark = pytest.mark.django_db


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

    of_it = [q["sql"] for q in asked if ' FROM "resolutions_resolution"' in q["sql"]]
    (counted,) = [sql for sql in of_it if sql.startswith("SELECT COUNT(")]
    (ids,) = [sql for sql in of_it if sql.startswith('SELECT "resolutions_resolution"."id" AS')]
    (rows,) = [sql for sql in of_it if sql.startswith('SELECT "resolutions_resolution"."id",')]
    assert "courseperiod" not in counted
    assert "LIMIT 25" in ids or "LIMIT 10" in ids
    assert "OFFSET" not in rows
    assert not re.search(r"LIMIT \d+$", rows)


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
