"""Answers are kept as long as nothing changes for the public, and not a moment longer."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.models import City
from lrscc import answers
from lrscc.pages import city as page
from tests.factories import (
    home,
    make_city,
    make_entry,
    make_name,
    make_partnership,
    make_register,
    make_source,
)
from tests.moments import change
from tests.pictures import give_picture
from tests.test_middleware import busy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answered")]

ADDRESSES = [
    "/",
    "/cities/",
    "/cities/otsu/",
    "/cities/otsu/mark.svg",
    "/cities/otsu/card.png",
    "/cities/otsu/feed.atom",
    "/changes/",
    "/changes/feed.atom",
    "/exchanges/calendar.ics",
    "/sitemap-city.xml",
    "/api/v1/cities/",
    "/api/v1/cities/otsu/",
    "/api/v1/log/",
]


def asked(client: Client, address: str, **extra: Any) -> tuple[Any, list[str]]:
    """An answer, and what was asked of the database for it."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, **extra)
    return response, [query["sql"] for query in queries]


def test_answer_is_made_once_and_then_costs_one_question(client):
    make_partnership("otsu")
    for address in ADDRESSES:
        first, made = asked(client, address)
        again, kept = asked(client, address)

        assert (first.status_code, len(made) > 1) == (200, True), address
        assert (again.status_code, again.content) == (200, first.content), address
        assert again.headers.items() == first.headers.items(), address
        assert again.headers["Cache-Control"] == "public, no-cache", address
        assert len(kept) == 1, address
        assert "cities_logentry" in kept[0], address


def test_what_a_browser_has_is_not_sent_again_and_no_page_is_made_for_it(client):
    make_partnership("otsu")
    tags = {}
    for address in ADDRESSES:
        for encoding in ("", "gzip"):
            accepted = {"accept-encoding": encoding}
            whole = client.get(address, headers=accepted)
            head = client.head(address, headers=accepted)
            tag = tags[address, encoding] = whole.headers["ETag"]

            same, made = asked(client, address, headers=accepted | {"if-none-match": f"W/{tag}"})

            assert head.headers["ETag"] == tag, address
            assert (same.status_code, same.content, len(made)) == (304, b"", 1), address
            for name in ("ETag", "Cache-Control", "Vary"):
                assert same.headers[name] == whole.headers[name], (address, name)
    assert len(set(tags.values())) == len(tags)


def withdraw(city: City) -> None:
    for record in (city.relationships.get(), city):
        record.withdraw(because="A twin.", on=date(2026, 1, 1))


CHANGES: dict[str, Callable[[City], Any]] = {
    "a city is published": lambda city: make_city("nara"),
    "a name": lambda city: make_name(city, "大津市"),
    "a correction": lambda city: change(city, name="Ōtsu"),
    "an entry": lambda city: make_entry(city.relationships.get(), "terminated", "2010"),
    "it is withdrawn": withdraw,
    "another contact": lambda city: change(make_register().maintainer, telephone="517-555-0100"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_out_of_date_is_answered_from_the_moment_of_a_change(client, what):
    city = make_partnership("otsu").partner
    before = {address: client.get(address) for address in ADDRESSES}

    CHANGES[what](city)

    for address, old in before.items():
        fresh = client.get(address, headers={"if-none-match": old.headers["ETag"]})
        with patch("lrscc.answers._may_be_kept", lambda request: False):
            made = client.get(address)
        assert fresh.status_code == made.status_code != 304, address
        assert fresh.content == made.content, address


def test_draft_and_preview_change_no_answer(client):
    make_partnership("otsu")
    before = client.get("/cities/otsu/").headers["ETag"]

    change(make_source(publication="draft"), title="Another")
    City.objects.get(slug="otsu").relationships.get().entries.create(
        kind="noted", on="2020", number=9
    )

    assert client.get("/cities/otsu/").headers["ETag"] == before


def test_day_in_the_home_city_begins_other_answers(client):
    home()
    make_register()
    tags = []
    for moment in ("2026-11-28T04:59:00", "2026-11-28T05:01:00", "2026-11-28T23:00:00"):
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        with patch("django.utils.timezone.now", lambda now=now: now):
            tags.append(client.get("/about/").headers["ETag"])

    assert (tags[0] == tags[1], tags[1] == tags[2]) == (False, True)


def test_release_host_scheme_query_and_encoding_have_answers_of_their_own(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "register.example"]
    make_partnership("otsu")
    first = client.get("/cities/").headers["ETag"]
    others = [
        client.get("/cities/", headers={"host": "register.example"}),
        client.get("/cities/", secure=True),
        client.get("/cities/?country=US"),
        client.get("/cities/", headers={"accept-encoding": "gzip"}),
    ]
    with patch("lrscc.answers.release", lambda: "another"):
        others.append(client.get("/cities/"))

    assert len({first, *(other.headers["ETag"] for other in others)}) == 6
    assert (
        client.get("/cities/?status=active&country=US").headers["ETag"]
        == (client.get("/cities/?country=US&status=active").headers["ETag"])
    )
    assert gzip.decompress(others[3].content) == client.get("/cities/").content


def test_parameter_that_is_sent_twice_has_the_answer_of_its_last_value(client):
    make_partnership("otsu")
    japan, brazil = "country=US", "country=BR"
    address = "/api/v1/cities/?"

    assert "otsu" in client.get(f"{address}{brazil}&{japan}").text
    assert "otsu" not in client.get(f"{address}{japan}&{brazil}").text


def test_answer_is_the_same_whoever_asks(client, admin_client):
    make_partnership("otsu")
    visitor = client.get("/cities/otsu/")

    staff, asked_for = asked(admin_client, "/cities/otsu/")

    assert (staff.content, len(asked_for)) == (visitor.content, 1)
    answers.forget_all()
    assert admin_client.get("/cities/otsu/").content == visitor.content
    assert "Cookie" not in visitor.headers["Vary"]


def test_what_is_for_staff_and_what_is_refused_is_not_kept(client, admin_client):
    for address, status in (
        ("/admin/", 200),
        ("/cities/nowhere/", 404),
        ("/cities/?on=never", 400),
        ("/programmes/", 301),
        ("/healthz/", 200),
        ("/readyz/", 503),  # the tests have no triggers
    ):
        for _ in range(2):
            response = admin_client.get(address)
            assert (response.status_code, "ETag" in response.headers) == (status, False), address
    assert answers._at_hand._kept == {}


def test_addresses_that_anybody_can_make_up_push_out_no_page(client, monkeypatch):
    monkeypatch.setattr(answers, "CHOICES_KEPT", 2)
    make_partnership("otsu")
    client.get("/cities/")
    for number in range(20):
        client.get(f"/cities/?country=US&x={number}")
        client.get(f"/cities/?page={'0' * number}1")

    slots = set(answers._at_hand._kept)
    assert len([slot for slot in slots if slot.startswith("choice-")]) <= 2
    assert len([slot for slot in slots if slot.startswith("page-")]) <= 2
    assert len(asked(client, "/cities/")[1]) == 1


def test_memory_of_a_process_is_bounded(client, monkeypatch):
    make_partnership("otsu")
    size = len(client.get("/cities/otsu/").content)
    monkeypatch.setattr(answers, "BYTES_IN_MEMORY", 2 * size)
    answers.forget_all()
    for address in ADDRESSES:
        client.get(address)

    assert answers._at_hand._bytes <= 2 * size
    assert answers._at_hand._bytes == sum(len(k.content) for k in answers._at_hand._kept.values())
    for address in ADDRESSES:
        assert len(asked(client, address)[1]) == 1, address  # in the cache that all share


def test_another_process_answers_what_this_one_made(client):
    make_partnership("otsu")
    made = client.get("/cities/otsu/")
    answers._at_hand.clear()

    again, asked_for = asked(client, "/cities/otsu/")

    assert (again.content, len(asked_for)) == (made.content, 1)


def test_answer_during_which_something_changes_is_not_kept(client):
    make_partnership("otsu")

    def change_and_render(*given: Any) -> Any:
        make_city("nara")
        return real(*given)

    real = page.render
    with patch("lrscc.pages.city.render", change_and_render):
        response = client.get("/cities/otsu/")

    assert (response.status_code, "ETag" in response.headers) == (200, False)
    assert answers._at_hand._kept == {}


def test_answer_during_which_another_process_changes_something_is_not_kept(client):
    make_partnership("otsu")
    now = answers.state()
    later = now._replace(version=now.version._replace(number=now.version.number + 1))

    with patch("lrscc.answers.state", side_effect=[now, later]):
        response = client.get("/cities/otsu/")

    assert (response.status_code, "ETag" in response.headers) == (200, False)
    assert "Cookie" not in response.headers["Vary"]
    assert answers._at_hand._kept == {}


class Broken:
    """A cache that always fails."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("the disk is full")


def test_cache_that_fails_refuses_no_page(client):
    make_partnership("otsu")
    with patch("lrscc.answers.caches", {"answers": Broken()}):
        for _ in range(2):
            assert client.get("/cities/otsu/").status_code == 200


def test_answer_that_another_process_is_making_is_waited_for(client):
    make_partnership("otsu")
    made = client.get("/cities/otsu/")
    slot, kept = next(iter(answers._at_hand._kept.items()))
    answers._at_hand.clear()
    caches["answers"].clear()
    caches["answers"].add(f"building-{kept.key}", True, 10)

    def finish(seconds: float) -> None:
        caches["answers"].set(slot, kept)

    with patch("lrscc.answers.time.sleep", finish):
        again, asked_for = asked(client, "/cities/otsu/")

    assert (again.content, len(asked_for)) == (made.content, 1)


def test_answer_that_nobody_finishes_is_made_after_all(client):
    make_partnership("otsu")
    tag = client.get("/cities/otsu/").headers["ETag"].strip('"')
    answers.forget_all()
    caches["answers"].add(f"building-{tag}", True, 10)
    clock = iter(range(0, 1000, 4))

    with (
        patch("lrscc.answers.time.sleep", lambda seconds: None),
        patch("lrscc.answers.time.monotonic", lambda: next(clock)),
    ):
        assert client.get("/cities/otsu/").status_code == 200


def test_answer_that_another_process_gives_up_is_made_here(client):
    make_partnership("otsu")
    made = client.get("/cities/otsu/")
    building = f"building-{made.headers['ETag'].strip(chr(34))}"
    answers.forget_all()
    caches["answers"].add(building, True, 10)

    def give_up(seconds: float) -> None:
        caches["answers"].delete(building)

    with patch("lrscc.answers.time.sleep", give_up):
        assert client.get("/cities/otsu/").content == made.content


def test_who_asks_for_headers_alone_gets_those_of_the_answer(client):
    make_partnership("otsu")
    head = client.head("/cities/otsu/")

    assert (head.status_code, head.content, answers._at_hand._kept) == (200, b"", {})
    assert head.headers["ETag"] == client.get("/cities/otsu/").headers["ETag"]


def test_files_are_sent_and_not_kept(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = make_city("otsu")
    give_picture(city)
    source = make_source(slug="scan", publication="draft")
    source.document = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 text")
    source.full_clean()
    change(source, publication="published")

    for address in ("/cities/otsu/picture/", "/sources/scan/document/"):
        sent = client.get(address)
        assert (sent.status_code, sent.streaming) == (200, True), address
        assert b"".join(sent.streaming_content)
    head = client.head("/cities/otsu/picture/")
    for close in head._resource_closers:  # nobody reads to its end; `close` would end the database
        close()
    tag = head.headers["ETag"]
    same = client.get("/cities/otsu/picture/", headers={"if-none-match": tag})
    assert (same.status_code, same.headers["ETag"]) == (304, tag)
    assert answers._at_hand._kept == {}


def test_page_is_made_where_the_version_cannot_be_read(client):
    make_partnership("otsu")
    with patch("lrscc.answers.state", side_effect=OperationalError):
        response = client.get("/cities/otsu/")

    assert (response.status_code, "ETag" in response.headers) == (200, False)


def test_files_of_answers_are_never_culled(tmp_path):
    files = answers.Files(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 1}})
    for number in range(5):
        files.set(f"page-{number}", number)

    assert [files.get(f"page-{number}") for number in range(5)] == [0, 1, 2, 3, 4]


def test_busy_database_is_waited_for_once(answered, client):
    """Each wait takes seconds: a locked table held a page up three times."""
    client.get("/about/")
    asked = []

    def refuse(execute, sql, *others):
        asked.append(sql)
        raise OperationalError("canceling statement due to lock timeout") from busy()

    with connection.execute_wrapper(refuse):
        answer = client.get("/cities/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert len(asked) == 1
