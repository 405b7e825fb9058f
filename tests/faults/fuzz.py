"""Requests that no page of ours makes, over pages, API and desk: none finds a fault or a secret.

`FUZZ=5000` sends so many; `FUZZ=17-18` sends the seventeenth of the run once more. Each request
is undone, so that it meets the same records, whichever came before it.
"""

import json
import logging
import os
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from cities.models import ChangeSet
from cities.records.derived import collecting
from lrscc.accounts import sessions
from tests.__main__ import ROOT
from tests.admin.browser import form_in
from tests.admin.people import MAKERS, NO_GROUP, SUPERUSER, browser
from tests.drafts import MARK, add_drafts_apart, make_public_register
from tests.factories import make_full_exchange, make_full_partnership, make_full_resolution
from tests.fuzzing import ZAP, Doors, Pairs, Request, request
from tests.reading import everything_from
from tests.resolutions.story import make_story
from tests.test_drafts import NAMELESS, START, put_drafts_into_a_set
from tests.test_project import API, PAGES, routes

pytestmark = pytest.mark.django_db

SEED = 14
ROLES = [
    *("Commission staff", "Council clerk", "Publisher", "Commissioner", "Administrator"),
    *(NO_GROUP, SUPERUSER),
]
SEES_NO_DRAFT = {"Visitor", NO_GROUP}
SECRETS = [
    *("Traceback (most recent", "site-packages", "psycopg2", "sqlite3.", "django.db", "pbkdf2_"),
    *(str(ROOT), "OperationalError", "DataError", "IntegrityError", "SELECT ", "INSERT INTO"),
]
SLOW = 10
"""Seconds of work that no request takes."""


def wanted() -> range:
    first, __, last = os.environ.get("FUZZ", "20000").rpartition("-")
    return range(int(first or 0), int(last))


@pytest.fixture(scope="module")
def records(module_db, indexed) -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with collecting():
        make_public_register()
        make_story()
        make_full_partnership()
        make_full_exchange()
        make_full_resolution()
        for make in MAKERS.values():
            make()
        add_drafts_apart()
        put_drafts_into_a_set()
    yield
    logging.disable(logging.NOTSET)


def addresses_of_the_desk() -> list[str]:
    """Every address of the desk, those of records with the keys of three of them."""
    found = []
    for pattern, __ in routes(get_resolver()):
        if not pattern.startswith(site.ADMIN_PATH):
            continue
        model = next(
            (
                model
                for model in admin.site._registry
                if f"/{model._meta.app_label}/{model._meta.model_name}/" in pattern
            ),
            ChangeSet,
        )
        keys = [*model._base_manager.order_by("pk").values_list("pk", flat=True)]
        pattern = re.sub(r"\(\?P<(\w+)>.*?\)", r"<\1>", pattern).replace("^", "").replace("$", "")
        for key in {*keys[:2], *keys[-1:], 999} if "<" in pattern else [0]:
            found.append("/" + re.sub("<.*?>", str(key), pattern).replace("\\", ""))
    return sorted({*found})


class Site:
    """The site in this process, and a browser of somebody in each role."""

    def __init__(self) -> None:
        self.clients = {role: browser(role) for role in ROLES} | {"Visitor": Client()}
        for client in self.clients.values():
            client.raise_request_exception = False
        self.cookies = {
            role: client.cookies.output(header="") for role, client in self.clients.items()
        }
        self.forms: dict[tuple[str, str], Pairs] = {}
        self.doors = Doors(
            sorted({*everything_from(Client(), START), *PAGES, *API}),
            addresses_of_the_desk(),
            self.form_at,
            ROLES,
        )

    def send(self, role: str, method: str, path: bytes, query: bytes = b"", **more: Any) -> Any:
        client = self.clients[role]
        client.cookies = SimpleCookie(self.cookies[role])
        extra = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
        with transaction.atomic():
            response = client.generic(method, "/", **more, **extra)
            if response.streaming:
                response.content = b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response

    def form_at(self, role: str, path: str) -> Pairs:
        key = (role, path)
        if key not in self.forms:
            page = self.send(role, "GET", path.encode())
            is_page = page.status_code == 200 and "html" in page.headers["Content-Type"]
            fields = form_in(page) if is_page else {}
            self.forms[key] = [
                (name, value)
                for name, values in fields.items()
                for value in (values if isinstance(values, list) else [values])
            ]
        return self.forms[key]

    def answer(self, sent: Request) -> Any:
        return self.send(
            *(sent.role, sent.method, sent.path, sent.query),
            data=sent.content,
            content_type=sent.content_type,
            headers=sent.headers,
        )


def fault_in(sent: Request, response: Any, seconds: float) -> str:
    """What is wrong with an answer, in the words by which faults are counted."""
    said = response.content.decode(errors="replace")
    if response.status_code == 503 and sent.path == b"/readyz/":
        checks = json.loads(said)["checks"] if said else {"log": "failed"}  # of HEAD
        failed = [name for name, state in checks.items() if state != "ok"]
        return "" if failed == ["log"] else f"not ready: {failed}"  # tests lift its guard
    if response.status_code >= 500:
        return f"status {response.status_code}: {cause(response)}"
    for secret in SECRETS:
        if secret in said:
            return f"leak: {secret}"
    asked = str((sent.path, sent.query, sent.content)).lower()
    is_nameless = sent.path.decode(errors="replace").startswith(NAMELESS)
    if (
        sent.role in SEES_NO_DRAFT
        and MARK in said.lower()
        and MARK not in asked
        and not is_nameless
    ):
        return f"draft seen by {sent.role}"
    if ZAP in said and "html" in response.headers.get("Content-Type", ""):
        return "script reflected"
    is_page = "json" not in response.headers.get("Content-Type", "")
    if response.status_code >= 400 and sent.method != "HEAD" and is_page and len(said) < 20:
        return f"status {response.status_code} without words"
    target = response.headers.get("Location", "/")
    if not re.match(r"/(?!/)|http://testserver[/?]", target) and not target.startswith("?"):
        return f"leads away: {target[:40]}"
    return f"took over {SLOW} s" if seconds > SLOW else ""


def cause(response: Any) -> str:
    """Where our code, or else another's, raised what became a 5xx."""
    if not getattr(response, "exc_info", None):
        return "no exception"
    kind, error, trace = response.exc_info
    frames = traceback.extract_tb(trace)
    ours = [
        frame for frame in frames if str(ROOT) in frame.filename and ".venv" not in frame.filename
    ]
    ours = [frame for frame in ours if "/tests/" not in frame.filename]
    where = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in (*ours[-1:], frames[-1])
    ]
    return f"{kind.__name__}: {str(error)[:80]} ({' > '.join(where)})"


@pytest.fixture
def endless_sessions(monkeypatch):
    """Each request is undone, also what it notes of the last sign of life."""
    monkeypatch.setattr(sessions, "IDLE", timedelta(days=1))
    monkeypatch.setattr(sessions, "LONGEST", timedelta(days=1))


def test_no_request_finds_a_fault_or_a_secret(records, endless_sessions, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    site, statuses, faults, slowest = Site(), Counter(), Counter(), 0.0
    say(f"{len(site.doors.public)} public addresses and {len(site.doors.desk)} of the desk")
    for number in wanted():
        sent = request(SEED, number, site.doors)
        began = time.process_time()
        response = site.answer(sent)
        seconds = time.process_time() - began
        slowest = max(slowest, seconds)
        statuses[response.status_code] += 1
        if fault := fault_in(sent, response, seconds):
            faults[fault] += 1
            if faults[fault] == 1:
                say(f"{fault}\n    {number}. {str(sent)[:1500]}")
        if number % 500 == 499:
            say(f"{number + 1}: {dict(sorted(statuses.items()))}, slowest {slowest:.1f} s")
    say(f"{len(wanted())} requests, {len(site.forms)} forms: {dict(sorted(statuses.items()))}")
    assert dict(faults) == {}


def say(line: str) -> None:
    sys.stdout.write(f"\n{line}")
    sys.stdout.flush()
