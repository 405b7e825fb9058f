"""What the log says of requests, for people and for programs."""

import json
import logging
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime
from io import StringIO

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.utils.module_loading import import_string

from lrscc.running import logs
from tests.factories import make_city
from tests.test_middleware import database_down

pytestmark = pytest.mark.django_db


@contextmanager
def written(name: str):
    """What the site writes to standard error meanwhile, in this form."""
    handler = logging.StreamHandler(StringIO())
    given = site.LOGGING["formatters"]["line"]
    handler.setFormatter(
        logs.Json() if name == "json" else logs.Line(given["format"], style=given["style"])
    )
    for filter_name in site.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(site.LOGGING["filters"][filter_name]["()"])())
    logging.getLogger().addHandler(handler)
    try:
        yield handler.stream
    finally:
        logging.getLogger().removeHandler(handler)


def test_request_is_logged_for_programs(client, settings):
    settings.LOG_REQUESTS = True
    make_city("otsu")

    with written("json") as stream:
        client.get("/cities/otsu/?a=b", headers={"x-forwarded-for": "203.0.113.9"})

    [line] = map(json.loads, stream.getvalue().splitlines())
    assert datetime.fromisoformat(line.pop("time")).utcoffset().total_seconds() == 0
    assert re.fullmatch("[0-9a-f]{16}", line.pop("request"))
    assert 0 < line.pop("queries") < 30
    assert line.pop("milliseconds") >= 0
    assert re.fullmatch(r"GET /cities/otsu/: 200, \d+ ms, \d+ queries", line.pop("message"))
    assert line == {
        "level": "INFO",
        "logger": "lrscc.requests",
        "person": "",
        "address": "127.0.0.1",
        "method": "GET",
        "path": "/cities/otsu/",
        "status": 200,
    }


def test_visitor_leaves_no_line_and_no_address(client):
    with written("line") as stream:
        client.get("/cities/")
        with database_down():
            client.get("/cities/")

    line, of_django = stream.getvalue().splitlines()
    assert line[-20:] == of_django[-20:]
    assert re.fullmatch(
        r"[-\d: ,]+ ERROR lrscc\.errors: The database cannot be reached: GET /cities/: connection"
        r" refused \[id [0-9a-f]{16}\]",
        line,
    )


def test_page_of_a_fault_has_the_id_that_is_in_the_log(client):
    with written("json") as stream, database_down():
        fault = client.get("/cities/")
    fine = client.get("/cities/")

    lines = map(json.loads, stream.getvalue().splitlines())
    assert {line["request"] for line in lines} == {fault.headers["X-Request-ID"]}
    assert "X-Request-ID" not in fine.headers


def test_refusal_is_one_line_with_the_person_and_the_address(client, caplog):
    user = User.objects.create_user("commissioner", is_staff=True)
    client.force_login(user)

    with caplog.at_level(logging.WARNING, "django.request"), written("line") as stream:
        answer = client.get("/admin/cities/city/add/")

    [line] = stream.getvalue().splitlines()
    assert answer.status_code == 403
    assert "WARNING django.request: Forbidden (Permission denied): /admin/cities/" in line
    assert re.search(rf" \[id [0-9a-f]{{16}}, person {user.pk}, address 127\.0\.0\.1\]$", line)
    assert "commissioner" not in line


def test_refusal_of_an_address_is_one_line(client, admin_client):
    with written("line") as stream:
        client.get("/", headers={"host": "evil.example"})
        admin_client.get("/admin/cities/city/?_to_field=nothing")

    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert "ERROR django.security.DisallowedHost: Invalid HTTP_HOST header" in lines[0]


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("lrscc", logging.ERROR, "", 0, message, args, None)
    vars(made).update(more)
    return made


def test_fault_of_the_code_keeps_its_traceback():
    keep = logs.RefusedWithoutTraceback()
    try:
        raise ValueError("here")
    except ValueError:
        info = sys.exc_info()
    refused, faulty, other = (
        record("said", exc_info=info, **more)
        for more in ({"status_code": 403}, {"status_code": 500}, {})
    )

    assert [keep.filter(each) for each in (refused, faulty, other)] == [True] * 3
    assert [bool(each.exc_info) for each in (refused, faulty, other)] == [False, True, True]
    assert "ValueError: here" in json.loads(logs.Json().format(faulty))["traceback"]


def test_what_somebody_typed_begins_no_line():
    typed = record("refused: %s", "name\r\n2026-11-27 INFO lrscc: Nothing happened")

    line = logs.Line("{levelname}: {message}{of_request}", style="{").format(typed)

    assert line == "ERROR: refused: name\\r\\n2026-11-27 INFO lrscc: Nothing happened"
    assert "\n" not in logs.Json().format(typed)


def test_line_outside_of_a_request_says_nothing_of_one():
    line = record("Started.")

    logs.InRequest().filter(line)

    assert logs.Line("{message}{of_request}", style="{").format(line) == "Started."


def test_slow_query_is_logged_without_its_values(monkeypatch, caplog):
    monkeypatch.setattr(logs, "SECONDS_OF_A_SLOW_QUERY", -1.0)
    make_city("otsu")

    logs.log_requests(lambda request: list(User.objects.filter(username="secret")) or _answer())(
        RequestFactory().get("/")
    )

    [message] = [line for line in caplog.messages if " s: SELECT" in line]
    assert re.match(r"\d+\.\d s: SELECT ", message)
    assert "secret" not in message


def _answer():
    return type("Answer", (), {"status_code": 200, "headers": {}})()


@pytest.mark.parametrize("is_logged", [True, False])
def test_privacy_page_says_what_is_kept(client, settings, is_logged):
    settings.LOG_REQUESTS = is_logged

    page = client.get("/privacy/").text

    assert ("We also keep a list of requests" in page) is is_logged
    assert ("We keep no list of visits." in page) is not is_logged


def test_form_of_the_log_that_does_not_exist_is_refused():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=site.BASE_DIR,
        env={**os.environ, "LOG_FORMAT": "xml"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "LOG_FORMAT is not “line” or “json”. Write one of them." in done.stderr
