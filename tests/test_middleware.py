"""What holds for every answer: headers, sound input, and words when something is wrong."""

import gzip
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.signals import request_finished
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, path

from lrscc import errors, urls
from lrscc.middleware import security_headers
from tests.factories import (
    make_city,
    make_organization,
    make_partnership,
    make_resolution,
    make_source,
    make_type,
)
from tests.otsu import WITHDRAWN, make_otsu
from tests.pictures import give_picture
from tests.problems import problem
from tests.reading import lines_of, title_of
from tests.resolutions.story import make_story
from tests.test_project import routes

pytestmark = pytest.mark.django_db

COULD_NOT_READ = "The address or the form could not be read. Check it and try again."

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " object-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests"
)
PAGE = {
    "Content-Security-Policy": f"{POLICY}; require-trusted-types-for 'script'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept-Language, If-None-Match",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Max-Age": "86400",
}
"""What a browser asks for first, before a question with a header of its own (CORS)."""

API = PAGE | {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
ADMIN = PAGE | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
DOCUMENT = PAGE | {"Content-Security-Policy": "default-src 'none'; sandbox"}
PICTURE = DOCUMENT | {"Cache-Control": "public, no-cache"}
OF_THE_CONTENT = {
    *("Allow", "Content-Disposition", "Content-Length", "Content-Type", "ETag", "Expires"),
    *("Last-Modified", "Location", "Retry-After", "Vary", "X-Request-ID"),
}
"""Headers that describe the content, or this answer to it, and differ."""


def headers_of(response) -> dict[str, str]:
    """The headers that are the site's, not the content's."""
    return {name: value for name, value in response.headers.items() if name not in OF_THE_CONTENT}


def fail(request):
    raise RuntimeError("A fault nobody foresaw.")


def forbid(request):
    raise PermissionDenied


class Faulty:
    """The site map with routes that fail."""

    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500
    urlpatterns = [
        *urls.urlpatterns,
        path("fail/", fail),
        path("forbid/", forbid),
        path("api/v1/fail/", fail),
        path("api/v1/forbid/", forbid),
        path("admin-fail/", fail),
    ]


@pytest.fixture
def faulty(settings):
    settings.ROOT_URLCONF = Faulty
    return Client(raise_request_exception=False)


@contextmanager
def database_down(error=OperationalError, cause=None):
    """A database that refuses every query, as one that has just stopped does."""

    def refuse(*args):
        raise error("connection refused") from cause

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def register(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_otsu()
    make_source(slug="gone", **WITHDRAWN)
    scan = make_source(slug="scan")
    scan.document.save("scan.pdf", ContentFile(b"%PDF-1.7"), save=False)
    scan.document_sha256 = "0" * 64
    scan.save()
    scan.document.close()
    give_picture(make_city("nara"))


# --- headers ----------------------------------------------------------------------------


ANSWERS = [
    ("/", 200, PAGE),
    ("/cities/otsu/", 200, PAGE),
    ("/robots.txt", 200, PAGE),
    ("/healthz/", 200, PAGE),
    ("/sources/scan/document/", 200, DOCUMENT),
    ("/cities/nara/picture/", 200, PICTURE),
    ("/cities/otsu/mark.svg", 200, DOCUMENT),
    ("/cities/otsu/card.png", 200, DOCUMENT),
    ("/cities/otsu/picture/", 404, PAGE),  # the disk has lost it
    ("/cities", 301, PAGE),
    ("/cities/?on=never", 400, PAGE),
    ("/cities/?on=%00", 400, PAGE),
    ("/forbid/", 403, PAGE),
    ("/nowhere/", 404, PAGE),
    ("/sources/gone/", 410, PAGE),
    ("/fail/", 500, PAGE),
    ("/api/v1/", 200, API),
    ("/api/v1/cities/", 200, API),
    ("/api/v1/openapi.json", 200, API),
    ("/api/docs/", 200, API),
    ("/api/v1/cities", 301, API),
    ("/api/v1/cities/?on=never", 400, API),
    ("/api/v1/cities/?on=%00", 400, API),
    ("/api/v1/forbid/", 403, API),
    ("/api/v1/cities/nowhere/", 404, API),
    ("/api/v1/sources/gone/", 410, API),
    ("/api/v1/fail/", 500, API),
    ("/admin/", 302, ADMIN),
    ("/admin/login/", 200, ADMIN),
    ("/admin/nowhere/", 302, ADMIN),
    ("/admin/login/?next=%00", 400, ADMIN),
]


def close(response):
    """Close the files of an answer, and leave the connection of the test open."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_answer_has_the_headers(faulty, register, method):
    for address, status, expected in ANSWERS:
        response = faulty.generic(method, address)

        assert (address, response.status_code) == (address, status)
        assert (address, headers_of(response)) == (address, expected)
        if address != "/admin/login/":  # a form there needs the cookie against forgery
            assert not response.cookies, address
        close(response)


@pytest.mark.parametrize(
    ("method", "address", "expected"),
    [
        ("POST", "/cities/", PAGE),
        ("TRACE", "/", PAGE),
        ("POST", "/api/v1/cities/", API),
        ("OPTIONS", "/api/v1/cities/", API | PREFLIGHT),
    ],
)
def test_answer_to_another_method_has_the_headers(client, method, address, expected):
    response = client.generic(method, address)

    assert response.status_code == (200 if method == "OPTIONS" else 405)
    assert headers_of(response) == expected
    assert not response.cookies


@pytest.mark.parametrize(
    ("address", "expected"), [("/", PAGE), ("/api/v1/cities/", API), ("/admin/login/", ADMIN)]
)
def test_answer_without_a_database_has_the_headers(client, address, expected):
    with database_down():
        response = client.post(address) if address == "/admin/login/" else client.get(address)

    assert headers_of(response) == expected


def test_static_file_has_the_headers(client, settings):
    settings.WHITENOISE_AUTOREFRESH = False  # as the site serves them

    response = client.get("/static/lrscc/site.css")
    again = client.get(
        "/static/lrscc/site.css", headers={"if-none-match": response.headers["ETag"]}
    )

    assert b"".join(response.streaming_content).decode().strip()
    assert (response.status_code, again.status_code) == (200, 304)
    static = PAGE | {"Cache-Control": "max-age=60, public"}
    assert headers_of(response) == static
    assert headers_of(again) == static
    assert not response.cookies


def test_note_beside_the_static_files_is_a_page_that_is_not_there(client, settings, tmp_path):
    settings.WHITENOISE_AUTOREFRESH = False  # as the site serves them
    settings.STATIC_ROOT = tmp_path
    names = ("served.txt", ".collected", "staticfiles.json")
    for name in names:
        (tmp_path / name).write_text("{}")

    answers = {name: client.get(f"/static/{name}") for name in names}

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "served.txt": 200,
        ".collected": 404,
        "staticfiles.json": 404,
    }
    assert title_of(answers[".collected"]) == title_of(client.get("/nowhere/"))
    close(answers["served.txt"])


@pytest.mark.parametrize("address", ["/", "/cities/otsu/", "/api/v1/cities/"])
def test_answer_is_sent_compressed_to_who_takes_it(client, address):
    make_otsu()

    plain = client.get(address)
    small = client.get(address, headers={"accept-encoding": "gzip"})

    assert gzip.decompress(small.content) == plain.content
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.content) < len(plain.content)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"] == small.headers["Vary"]


def test_file_is_sent_as_it_is(client, register):
    response = client.get("/sources/scan/document/", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in response.headers
    assert int(response.headers["Content-Length"]) == len(b"".join(response.streaming_content))


@override_settings(SECURE_SSL_REDIRECT=True)
def test_redirect_to_https_has_the_headers(client):
    response = client.get("/cities/")

    assert (response.status_code, response.headers["Location"]) == (
        301,
        "https://testserver/cities/",
    )
    assert headers_of(response) == PAGE


@pytest.mark.parametrize("address", ["/api/v1/cities/", "/api/v1/nothing/", "/api/v1/log/"])
def test_program_is_not_led_from_http_to_https(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True

    refused, answered = client.get(address), client.get(address, secure=True)

    assert (refused.status_code, refused.json()["detail"]) == (
        *(403, "Use https:// for this address."),
    )
    assert answered.status_code in (200, 404)


def test_answer_over_https_has_the_same_headers(client):
    assert headers_of(client.get("/", secure=True)) == PAGE


def test_host_that_is_not_ours_gets_the_headers(client):
    response = client.get("/api/v1/cities/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert response.json() == problem(400, COULD_NOT_READ)
    assert headers_of(response) == API


ASKED_BY_HEAD = [
    "/",
    "/cities/",
    "/cities/otsu/",
    "/sources/otsu-page/",
    "/sources/scan/document/",
    "/cities/nara/picture/",
    "/gaps/",
    "/about/",
    "/relationship-types/",
    "/api/docs/",
    "/api/v1/",
    "/api/v1/relationships/",
    "/cities/?on=never",
    "/nowhere/",
    "/static/lrscc/site.css",
    "/static/%00",
    "/?q=%ff",
    "/fail/",
    "/admin/login/",
]


def test_head_has_no_body_and_the_length_of_the_body(faulty, register):
    for address in ASKED_BY_HEAD:
        head, get = faulty.head(address), faulty.get(address)

        body = get.getvalue()
        assert (address, head.status_code) == (address, get.status_code)
        assert head.getvalue() == b"", address
        head.close()
        length = int(head.headers["Content-Length"])
        assert length == int(get.headers["Content-Length"]) == len(body), address
        assert body, address


def test_head_has_no_body_whatever_the_server_does_about_it(rf):
    """The test client and the server drop such content too, so they are not used here."""
    answer = security_headers(lambda request: HttpResponse("four"))

    response = answer(rf.head("/"))

    assert (response.content, response.headers["Content-Length"]) == (b"", "4")


# --- bad input --------------------------------------------------------------------------

TOO_LONG = "The address is too long. Shorten it and try again."
NUL = "The address or a cookie contains a null character. Remove it and try again."
NO_UTF8 = "The address contains characters that are not valid UTF-8. Type it again."
LONG_VALUE = "A value in the address is too long. Shorten it and try again."
BIG = "A number in the address is too large. Use a smaller one."

FAULTS = {
    "?on=%00": NUL,
    "?%00=1": NUL,
    "?q=a%00b": NUL,
    "%00": NUL,
    "?on=%ff": NO_UTF8,
    "?%c3%28": NO_UTF8,
    "%ff/": NO_UTF8,
    "%ed%a0%80/": NO_UTF8,
    f"?page={2**63}": BIG,
    f"?page=-{2**63 + 1}": BIG,
    f"?id=+{10**30}": BIG,
    f"?id=%20{10**20}%20": BIG,
    f"?id__in=1,{10**20}": BIG,
    f"?{'a' * 9}={'9' * 1000}": BIG,
    f"{10**19}/": BIG,
    "?q=" + "a" * 1001: LONG_VALUE,
    "?q=" + "%E5" * 1400: TOO_LONG,
    "?" + "q=1&" * 1001: TOO_LONG,
    "a" * 1000 + "/": TOO_LONG,
}
ROUTES = [
    *("/", "/cities/", "/cities/otsu/", "/gaps/", "/about/", "/relationship-types/"),
    *("/sources/otsu-page/", "/api/v1/", "/api/v1/cities/", "/api/v1/entries/", "/api/docs/"),
    *("/api/v1/relationships/lansing-otsu/", "/healthz/", "/admin/", "/admin/login/"),
    *("/admin/cities/city/", "/static/lrscc/", "/static/", "/nowhere/"),
]


def assert_refused(response, sentence: str, in_json: bool) -> None:
    assert response.status_code == 400
    if in_json:
        assert response.json() == problem(400, sentence)
    else:
        assert title_of(response) == "The address could not be read"
        assert lines_of(response)[:2] == ["The address could not be read", sentence]


@pytest.mark.parametrize("route", ROUTES)
def test_bad_input_is_refused_in_words_on_every_route(client, django_assert_num_queries, route):
    for ending, sentence in FAULTS.items():
        with django_assert_num_queries(0):
            response = client.get(route + ending)

        assert_refused(response, sentence, route.startswith("/api/"))


@pytest.mark.parametrize("ending", FAULTS)
def test_bad_input_is_refused_for_staff_too(admin_client, ending):
    response = admin_client.get(f"/admin/cities/city/{ending}")

    assert_refused(response, FAULTS[ending], in_json=False)


def test_query_that_was_never_encoded_is_refused(client):
    """Bytes that are no UTF-8, sent as they are."""
    response = client.get("/cities/", QUERY_STRING="on=\xff")

    assert_refused(response, NO_UTF8, in_json=False)


def test_query_in_plain_utf8_is_understood(client):
    make_partnership("otsu", type=make_type("大津"))
    query = "type=大津".encode().decode("latin-1")

    response = client.get("/api/v1/relationships/", QUERY_STRING=query)

    assert response.json()["count"] == 1


@pytest.mark.parametrize("path", ["/cities/málaga/", "/cities/大津/", "/cities/%c3%a9/"])
def test_address_in_letters_of_any_language_is_understood(client, path):
    response = client.get(path)

    assert lines_of(response)[:2] == ["Page not found", "There is nothing at this address."]


def test_cookie_with_nul_is_refused(client):
    """Cookies are quoted with octal numbers; a session is looked up in the database."""
    response = client.get(
        "/admin/", headers={"cookie": r'__Host-session="\000aaaaaaaaaaaaaaaaaaaaaaaaaaaa"'}
    )

    assert_refused(response, NUL, in_json=False)


@pytest.mark.parametrize(
    "query",
    [
        "page_size=200",
        "city=" + "a" * 1000,
        "city=1234567890123456789012x",
        "city=%E5%A4%A7%E6%B4%A5",
        "city=a+b",
        "city=",
        "city",
        "&&&",
    ],
)
def test_input_within_bounds_is_answered(client, query):
    make_otsu()

    response = client.get(f"/api/v1/relationships/?{query}")

    empty = query.startswith("city=") and query != "city="
    assert response.status_code == 200
    assert response.json()["count"] == (0 if empty else 1)


def test_too_many_parameters_are_refused(client):
    response = client.get("/cities/?" + "a&" * 1500)

    assert_refused(response, COULD_NOT_READ, in_json=False)


def test_form_that_is_too_long_is_refused(client):
    response = client.post("/admin/login/", {"login": "a" * 3_000_000})

    assert response.status_code == 413
    assert "The form has more text than it takes. Shorten it" in response.text


def test_form_that_cannot_be_read_is_refused(client):
    response = client.post(
        "/admin/login/", data=b"broken", content_type="multipart/form-data; boundary="
    )

    assert_refused(response, COULD_NOT_READ, in_json=False)


OUR_FAULT = "The problem is on our side. Nothing was saved. Please try again in a few minutes."
NO_DATABASE = "Our database cannot be reached. Nothing is lost. Please try again in a minute."

# --- former names of filters ------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/resolutions/?body=council", "/resolutions/?organization=council"),
        ("/meetings/?year=2013&body=a&page=2", "/meetings/?year=2013&organization=a&page=2"),
        ("/api/v1/seats/?body=&on=2013-01-01", "/api/v1/seats/?organization=&on=2013-01-01"),
        ("/resolutions/?body=a&body=b&q=", "/resolutions/?organization=a&organization=b&q="),
        ("/resolutions/?b%6Fdy=%C5%8Dtsu%26q", "/resolutions/?organization=%C5%8Dtsu%26q"),
        ("/members/?body=old&organization=new", "/members/?organization=new"),
        ("/members/?organization=new&q=1&body=old", "/members/?organization=new&q=1"),
        ("/members/?body=old&organization=", "/members/?organization="),
        ("/api/v1/sources/?grade=news", "/api/v1/sources/?reliability=news"),
        (
            "/exchanges/?programme=camp&body=a&grade=b",
            "/exchanges/?program=camp&organization=a&reliability=b",
        ),
        ("/cities/a%3Fb/?body=council", "/cities/a%3Fb/?organization=council"),
    ],
)
def test_former_name_of_a_filter_is_moved_for_ever(client, method, old, new):
    answer = getattr(client, method)(old)

    assert (answer.status_code, answer["Location"]) == (301, new)


def test_former_name_of_a_filter_never_leads_to_another_site(client):
    answer = client.get("/", PATH_INFO="//elsewhere.example/", QUERY_STRING="body=a")

    assert answer["Location"] == "/%2Felsewhere.example/?organization=a"


def test_former_name_of_a_filter_means_nothing_elsewhere(client, admin_client):
    assert client.get("/resolutions/?nobody=a").status_code == 200
    assert client.post("/resolutions/?body=a").status_code == 405
    answer = admin_client.get("/admin/?body=a")
    assert (answer.status_code, answer.request["QUERY_STRING"]) == (200, "body=a")


@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("/resolutions/?{}=council", 200, "2 resolutions"),
        ("/resolutions/?{}=never", 200, "0 resolutions"),
        ("/members/?{}=never", 200, "We have no council or commission by that name."),
        ("/api/v1/resolutions/?{}=council", 200, '"count":2'),
        ("/api/v1/resolutions/?{}=never", 200, '"count":0'),
        ("/changes/?{}=council", 200, "What changed: City Council"),
        ("/changes/?{}=never", 400, "There is no such record. These are the changes to all"),
        ("/api/v1/changes/?{}=council", 200, '"count":'),
        ("/api/v1/changes/?{}=never", 400, '"detail":"There is no such record."'),
    ],
)
def test_former_name_of_a_filter_keeps_its_meaning(client, address, status, text):
    make_story()
    make_resolution("elsewhere", organization=make_organization("other"))

    old = client.get(address.format("body"), follow=True)
    new = client.get(address.format("organization"))

    assert text in new.text
    assert (old.status_code, old.text) == (new.status_code, new.text)
    assert new.status_code == status


# --- errors in words --------------------------------------------------------------------


def test_fault_of_ours_is_reported_without_its_cause(faulty):
    response = faulty.get("/fail/")

    assert response.status_code == 500
    assert title_of(response) == "Sorry, something went wrong"
    assert lines_of(response) == [
        "Sorry, something went wrong",
        OUR_FAULT,
        "Home",
    ]
    assert "foresaw" not in response.text


def test_fault_of_ours_in_the_api_is_reported_in_json(faulty):
    response = faulty.get("/api/v1/fail/")

    assert response.status_code == 500
    assert response.json() == problem(500, OUR_FAULT)


def test_what_an_account_may_not_do_is_reported(faulty):
    page, data = faulty.get("/forbid/"), faulty.get("/api/v1/forbid/")

    sentence = (
        "Your account does not have permission to do this. Ask an administrator if it should."
    )
    assert (page.status_code, data.status_code) == (403, 403)
    assert title_of(page) == "You do not have permission"
    assert lines_of(page)[:2] == ["You do not have permission", sentence]
    assert data.json() == problem(403, sentence)


def test_form_without_its_token_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "staff"})

    assert response.status_code == 403
    assert lines_of(response)[:2] == [
        "You do not have permission",
        "The form expired, or cookies are off. Go back, reload the page and try again.",
    ]
    assert headers_of(response) == ADMIN


def test_only_the_api_which_takes_no_write_is_asked_without_a_token():
    free = {
        route
        for route, part in routes(get_resolver())
        if getattr(part.callback, "csrf_exempt", False)
    }

    assert free
    assert {route for route in free if not route.startswith("api/v1/")} == set()


# --- the database is down ---------------------------------------------------------------


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("address", ["/", "/cities/", "/cities/otsu/", "/gaps/", "/about/"])
def test_page_without_a_database_says_when_to_try_again(client, caplog, address, error):
    with database_down(error):
        response = client.get(address)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert title_of(response) == "This site is not available right now"
    assert lines_of(response) == [
        "This site is not available right now",
        NO_DATABASE,
        "Home",
    ]
    assert f"The database cannot be reached: GET {address}: connection refused" in caplog.messages


@pytest.mark.parametrize("address", ["/api/v1/cities/", "/api/v1/entries/lansing-otsu-1/"])
def test_api_without_a_database_says_so_in_json(client, address):
    with database_down():
        response = client.get(address)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert response.json() == problem(503, NO_DATABASE)


def test_admin_without_a_database_says_so(client):
    User.objects.create_user("staff", password="a long enough password", is_staff=True)
    client.login(username="staff", password="a long enough password")

    with database_down():
        response = client.get("/admin/cities/city/")

    assert response.status_code == 503
    assert lines_of(response)[0] == "This site is not available right now"


def test_form_that_loses_the_database_says_so(admin_client):
    with patch.object(ModelAdmin, "changeform_view", side_effect=OperationalError):
        response = admin_client.post("/admin/cities/city/add/")

    assert response.status_code == 503
    assert NO_DATABASE in lines_of(response)


def busy():
    """As SQLite says that somebody else has written for too long."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def test_page_of_a_busy_database_says_when_to_try_again(client, caplog):
    with database_down(cause=busy()):
        page, answer = client.get("/cities/"), client.get("/api/v1/cities/")

    said = "The site is busy right now. Nothing is lost. Please try again in a moment."
    for response in (page, answer):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert lines_of(page)[1] == said
    assert answer.json() == problem(503, said)
    assert "The database is busy: GET /cities/: connection refused" in caplog.messages


def test_pages_that_need_no_database_answer_without_one(client):
    with database_down():
        answers = [client.get(address).status_code for address in ("/healthz/", "/robots.txt")]
        page = client.get("/nowhere/")

    assert answers == [200, 200]
    assert lines_of(page)[0] == "Page not found"


ASK = """
import django, sys
django.setup()
from django.test import Client
answer = Client().get(sys.argv[1], headers={"host": "localhost"})
print(answer.status_code, answer.headers["Retry-After"], answer.text)
"""


def test_database_that_refuses_connections_is_reported_as_one_that_is_down(tmp_path):
    """The whole site in a process of its own, with a database server that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        url = f"postgres://nobody@127.0.0.1:{taken.getsockname()[1]}/register"
        answer = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", ASK, "/api/v1/cities/"],
            env=os.environ
            | {
                "DATABASE_URL": url,
                "DATA_DIR": str(tmp_path),
                "SECRET_KEY": "only for tests, " * 4,
                "DJANGO_SETTINGS_MODULE": "lrscc.settings",
            },
            capture_output=True,
            text=True,
            check=True,
        )

    assert answer.stdout == f"503 60 {json.dumps(problem(503, NO_DATABASE))}\n"
    assert (
        "The database cannot be reached: GET /api/v1/cities/: connection to server"
        in answer.stderr
    )
    assert "Traceback" not in answer.stderr


def test_errors_can_be_answered_before_anything_is_known(rf):
    """Django asks for these pages itself, with nothing but the request."""
    assert lines_of(errors.bad_request(rf.get("/")))[1] == (COULD_NOT_READ)
