"""Limits by network address: what counts, for which limit, and what is answered beyond it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lrscc import limits
from lrscc.running.environment import Environment
from tests.factories import make_partnership
from tests.pictures import give_picture

pytestmark = pytest.mark.django_db

ROOT = Path(site.BASE_DIR)
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
NOON = 1_795_780_800.0 + 37
"""Thirty-seven seconds after a minute began."""
SENTENCE = "Too many requests came from your network in the last minute. Wait {}, then try again."


@pytest.fixture(params=["Counters", "a cache of Django"])
def counted(request, settings, tmp_path, monkeypatch) -> None:
    """Three pages, two searches and four requests to the API a minute, and a clock that stands."""
    settings.LIMITS = {"pages": 3, "search": 2, "api": 4}
    own = {"BACKEND": "lrscc.running.counters.Counters", "LOCATION": tmp_path / "counts" / "file"}
    of_django = {"BACKEND": LOCMEM, "LOCATION": str(tmp_path)}
    kept_in = own if request.param == "Counters" else of_django
    settings.CACHES = settings.CACHES | {"limits": kept_in}
    move_clock(monkeypatch, NOON)
    limits._away_until[:] = [0.0]


def move_clock(monkeypatch, moment: float) -> None:
    monkeypatch.setattr(limits.time, "time", lambda: moment)


def statuses(client: Client, address: str, times: int, **extra: str) -> list[int]:
    found = []
    for __ in range(times):
        response = client.get(address, **extra)
        found.append(response.status_code)
        for close in response._resource_closers:  # the files, and not the database's connection
            close()
    return found


@pytest.mark.parametrize(
    ("address", "free"),
    [
        *(("/about/", 3), ("/cities/otsu/feed.atom", 3), ("/search/suggest?q=o", 3)),
        *(("/nothing/", 3), ("/?a=%00", 3)),
        *(("/healthz/x", 3), ("/robots.txt/", 3), ("/.well-known/nothing", 3)),
        *(("/search/?q=otsu", 2), ("/api/v1/search/?q=otsu", 2)),
        *(("/api/v1/cities/", 4), ("/api/docs/", 4), ("/api/nothing/", 4)),
        *(("/admin/login/", 3), ("/admin/nothing/", 3)),
    ],
)
def test_one_too_many_is_refused_in_words(client, counted, caplog, address, free):
    make_partnership("otsu")

    first = statuses(client, address, free)
    refused = client.get(address)
    again = client.get(address)

    assert 429 not in first
    for response in (refused, again):
        assert (response.status_code, response.headers["Retry-After"]) == (429, "23")
        assert response.headers["Content-Security-Policy"]
    detail = SENTENCE.format("23 seconds")
    if address.startswith("/api/"):
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert json.loads(refused.content) == {
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "detail": detail,
        }
    else:
        assert f"<p>{detail}</p>" in refused.text
        assert "<h1>Too many requests</h1>" in refused.text
    said = [record for record in caplog.records if "oo many" in record.getMessage().lower()]
    assert [record.getMessage() for record in said] == [
        f"Too many requests from one address: more than {free} of "
        + {2: "search", 3: "pages", 4: "api"}[free]
    ]


@pytest.mark.parametrize(
    "address",
    [
        *("/healthz/", "/readyz/", "/robots.txt", "/.well-known/security.txt"),
        *("/static/lrscc/site.css", "/cities/otsu/picture/", "/cities/otsu/mark.svg"),
    ],
)
def test_health_and_parts_of_pages_are_not_counted(client, counted, address):
    give_picture(make_partnership("otsu").partner)

    assert statuses(client, "/about/", 4) == [200, 200, 200, 429]
    assert 429 not in statuses(client, address, 8)


@pytest.mark.parametrize("address", ["/static/nothing", "/x/picture/", "/readyz/"])
def test_what_is_no_page_has_twenty_times_the_limit(client, counted, monkeypatch, address):
    monkeypatch.setattr(limits, "PARTS_OF_A_PAGE", 2)

    assert 429 not in statuses(client, address, 6)
    assert statuses(client, address, 2) == [429, 429]


def test_limits_are_apart_and_begin_with_the_minute(client, counted, monkeypatch):
    assert statuses(client, "/about/", 4)[-1] == 429
    assert statuses(client, "/search/?q=otsu", 3)[-1] == 429
    assert statuses(client, "/api/v1/cities/", 4) == [200] * 4

    move_clock(monkeypatch, NOON + 23)

    assert statuses(client, "/about/", 4) == [200, 200, 200, 429]


def test_last_second_is_said_as_one(client, counted, monkeypatch):
    move_clock(monkeypatch, NOON + 22.5)

    statuses(client, "/about/", 3)

    assert SENTENCE.format("1 second") in client.get("/about/").text


def test_limit_of_none_counts_nothing(client, counted, settings):
    settings.LIMITS = settings.LIMITS | {"pages": None}

    assert statuses(client, "/about/", 9) == [200] * 9


@pytest.mark.parametrize(
    ("one", "other", "are_the_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_address_is_counted_alone_or_with_its_network(client, counted, one, other, are_the_same):
    assert statuses(client, "/about/", 4, REMOTE_ADDR=one)[-1] == 429

    of_other = client.get("/about/", REMOTE_ADDR=other).status_code

    assert of_other == (429 if are_the_same else 200)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "are_counted"),
    [
        (["10.0.0.1"], "10.0.0.1", "192.0.2.9", True),  # the proxy says who asks
        (["10.0.0.1"], "10.0.0.1", "", False),  # it does not say
        ([], "10.0.0.1", "192.0.2.9", False),  # a proxy that no setting names
        ([], "10.0.0.1", "", True),
        ([], "9.9.9.9", "192.0.2.9", True),  # anybody can send the header
        ([], "", "", False),  # a socket
    ],
)
def test_nobody_is_limited_for_what_others_ask_behind_a_proxy(
    client, counted, settings, proxies, peer, forwarded, are_counted
):
    settings.TRUSTED_PROXIES = proxies
    extra = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert (statuses(client, "/about/", 4, **extra)[-1] == 429) is are_counted
    if proxies and forwarded:
        other = extra | {"HTTP_X_FORWARDED_FOR": "192.0.2.9, 192.0.2.10"}
        assert client.get("/about/", **other).status_code == 200


def test_who_is_signed_in_may_work_on_at_the_desk(client, admin_client, counted):
    assert statuses(admin_client, "/admin/", 9) == [200] * 9
    assert statuses(client, "/admin/", 4) == [302, 302, 302, 429]
    assert statuses(admin_client, "/admin/", 2) == [200] * 2


def test_refusal_asks_nothing_of_the_database(client, counted):
    for address in ("/about/", "/api/v1/cities/"):
        assert statuses(client, address, 6)[-1] == 429
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 429
        assert [query["sql"] for query in queries] == []


def test_counting_asks_nothing_of_the_database(client, counted, answered, settings):
    client.get("/about/")
    with CaptureQueriesContext(connection) as with_limit:
        client.get("/about/")
    settings.LIMITS = dict.fromkeys(settings.LIMITS)
    with CaptureQueriesContext(connection) as without:
        client.get("/about/")

    assert len(with_limit) == len(without) == 1


def test_cache_that_is_away_refuses_nobody_and_is_left_alone_for_a_while(
    client, counted, caplog, monkeypatch
):
    asked = []

    def fail(name: str) -> int:
        asked.append(name)
        raise ConnectionError("no such host")

    monkeypatch.setattr(limits, "one_more", fail)
    assert statuses(client, "/about/", 9) == [200] * 9
    move_clock(monkeypatch, NOON + 11)
    assert statuses(client, "/about/", 9) == [200] * 9

    assert len(asked) == 2
    assert [record.getMessage() for record in caplog.records] == [
        "Requests are not counted: the cache cannot be used (no such host)"
    ] * 2


def test_nobody_reads_an_address_from_the_counts(client, counted, monkeypatch):
    names = []
    monkeypatch.setattr(limits, "one_more", lambda name: names.append(name) or 1)

    client.get("/about/", REMOTE_ADDR="192.0.2.1")
    client.get("/about/", REMOTE_ADDR="192.0.2.2")

    assert len({*names}) == 2
    assert all(
        len(name) == 32 and "192" not in bytes.fromhex(name).decode("latin-1") for name in names
    )


# --- what an operator chooses ----------------------------------------------------------


@pytest.mark.parametrize("given", ["0", "-1", "many", "", "1.5", "1000001", "³"])
def test_limit_that_is_no_number_is_refused_in_words(given, monkeypatch):
    monkeypatch.setenv("LIMIT_API", given)

    with pytest.raises(ImproperlyConfigured) as refused:
        Environment()("LIMIT_API")

    assert str(refused.value) == (
        "LIMIT_API is not a number of requests a minute. Write it like 300, or none."
    )


def test_limits_are_read_from_the_environment():
    assert settings_of(LIMIT_PAGES="20", LIMIT_SEARCH="none") == (
        "{'pages': 20, 'search': None, 'api': 600} Counters"
    )
    shared = settings_of(CACHE_URL="redis://127.0.0.1:6379/1")
    assert shared == "{'pages': 300, 'search': 60, 'api': 600} RedisCache"


def settings_of(**variables: str) -> str:
    """What the settings say of the limits."""
    code = (
        "from lrscc.settings import CACHES, LIMITS;"
        " print(LIMITS, CACHES['limits']['BACKEND'].rpartition('.')[2])"
    )
    unset = ("LIMIT_PAGES", "LIMIT_SEARCH", "LIMIT_API", "CACHE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | {"ENV_FILE": ""} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
