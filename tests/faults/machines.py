"""Two machines with one database, one cache and one folder of documents.

They are two sites on this machine, each with a folder of its own. What asks them is like a proxy
that asks the other one where the first does not answer.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from lrscc.accounts.throttle import LIMITS
from tests.__main__ import start_postgresql
from tests.admin.browser import form_in
from tests.test_serve import ROOT, SECRET, Served, environment, free_port, send, sign_in, token_in
from tests.tools import needs

SCAN = b"%PDF-1.7\n" + b"page " * 1000
ADD = "/admin/cities/source/add/"
READERS, WRITERS = 8, 4
SECONDS_UNDER_LOAD = 20
REQUESTS_TO_THE_API = 40
"""A minute, for one address."""

ACCOUNTS = """
import django; django.setup()
from lrscc.management.commands.serve import Command
from lrscc.running.preparing import first_sign_ins
Command()._show_sign_ins(first_sign_ins())
"""


class Machine(Served):
    """One of several behind a proxy, by which all have the same name."""

    def ask(self, method: str, path: str, content: Any = "", **headers: str) -> Any:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(line):
            line.request(method, path, content or None, {"Host": "localhost", **headers})
            answer = line.getresponse()
            answer.text = answer.read().decode()
        return answer


class Machines:
    """Two of them, and what they share."""

    def __init__(self, folder: Path, database: str, cache: str) -> None:
        self.folder, self.database = folder, database
        self.variables = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "CACHE_URL": cache}
        self.variables |= {"DOCUMENTS_DIR": str(folder / "shared"), "LIMIT_PAGES": "none"}
        self.variables["LIMIT_API"] = str(REQUESTS_TO_THE_API)
        for command in ("migrate -v0", "load_register lrscc/data/register"):
            self.run("manage.py", *command.split())
        printed = self.run("-c", ACCOUNTS, DJANGO_SETTINGS_MODULE="lrscc.settings")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "tests.test_serve.environment", lambda own: environment(own, **self.variables)
            )
            self.both = [Machine(folder / name) for name in ("first", "second")]
        for served in self.both:
            served.printed = printed

    def run(self, *command: str, **variables: str) -> str:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(self.folder / "commands", **self.variables, **variables),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def ask_either(self, method: str, path: str, content: Any = "", **headers: str) -> Any:
        """What a proxy answers: it asks the other machine where the first does not answer."""
        for served in self.both:
            try:
                return served.ask(method, path, content, **headers)
            except (OSError, HTTPException):
                continue
        raise AssertionError("neither machine answers")

    def sql(self, question: str, *values: Any) -> list[Any]:
        with closing(psycopg2.connect(self.database)) as line, line.cursor() as cursor:
            cursor.execute(question, values)
            return [value for (value,) in cursor.fetchall()]


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A real Valkey, or Redis, that keeps nothing on the disk."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    needs(program, "Valkey or Redis", "Install valkey-server (Debian: apt install valkey-server).")
    port, folder = free_port(), tmp_path_factory.mktemp("cache")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    yield SimpleNamespace(url=f"redis://127.0.0.1:{port}/1", process=process)
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def machines(tmp_path_factory, cache) -> Iterator[Machines]:
    # Not below the folder of pytest: each pytest that starts closes it to the user of PostgreSQL.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(action="ignore"):  # of where it keeps its own files
            database = start_postgresql(folder)
        made = Machines(tmp_path_factory.mktemp("machines"), database, cache.url)
        yield made
        for served in made.both:
            served.close()


def signed_in(served: Served, name: str) -> dict[str, str]:
    cookies = {key: morsel.value for key, morsel in sign_in(served, name)[1].items()}
    return {"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())}


def new_source(slug: str) -> dict[str, Any]:
    typed = {"title": f"Source {slug}", "slug": slug, "publisher": "City of Lansing"}
    return typed | {"kind": "proceedings", "reliability": "proceedings", "language": "en"}


def filled(page: Any, **typed: Any) -> tuple[bytes, dict[str, str]]:
    content = encode_multipart(BOUNDARY, form_in(page) | typed)
    return content, {"Content-Type": MULTIPART_CONTENT}


# --- what they share ----------------------------------------------------------------------


def test_session_of_one_machine_is_one_of_the_other(machines):
    first, second = machines.both

    page = second.ask("GET", "/admin/", **signed_in(first, "staff"))

    assert page.status == 200
    assert "<strong>staff</strong>" in page.text


def test_document_uploaded_to_one_machine_is_read_on_the_other(machines):
    first, second = machines.both
    cookie = signed_in(first, "staff")
    scan = SimpleNamespace(name="minutes.pdf", read=lambda: SCAN, content_type="application/pdf")
    content, kind = filled(first.ask("GET", ADD, **cookie), **new_source("shared"), document=scan)

    added = first.ask("POST", ADD, content, **cookie, **kind)
    draft = second.ask("GET", "/sources/shared/document/")
    publish = "from cities.models import Source; Source.objects.get(slug='shared').publish()"
    machines.run("manage.py", "shell", "-c", publish)
    public = [served.ask("GET", "/sources/shared/document/") for served in machines.both]

    assert added.status == 302, added.text
    assert draft.status == 404
    assert [(one.status, one.text) for one in public] == [(200, SCAN.decode())] * 2


def test_guesses_at_both_machines_are_one_count(machines):
    statuses = []
    for number in range(LIMITS["both"].free + 2):
        served = machines.both[number % 2]
        page = served.ask("GET", "/admin/login/")
        csrf = re.search(r"__Host-csrf=(\w+)", page.headers["Set-Cookie"])[1]
        typed = {"login": "nobody", "password": "wrong", "csrfmiddlewaretoken": token_in(page)}
        statuses.append(send(served, "/admin/login/", typed, csrf=csrf).status)

    assert statuses == [200] * LIMITS["both"].free + [429] * 2


def test_requests_to_both_machines_are_counted_together(machines):
    """Each alone would allow all of them."""
    asked = machines.both * REQUESTS_TO_THE_API
    statuses = [served.ask("GET", "/api/v1/register/").status for served in asked]

    assert statuses.count(200) >= REQUESTS_TO_THE_API
    assert statuses[-2:] == [429, 429]


def test_answer_that_one_machine_made_the_other_only_reads(machines):
    """A table that somebody locks shows it: who has to make the page waits for it in vain."""
    first, second = machines.both
    for served in [*machines.both] * 20:
        served.ask("GET", "/about/")  # each process knows the register
    page = first.ask("GET", "/cities/otsu/")

    with closing(psycopg2.connect(machines.database)) as other:
        other.cursor().execute("LOCK TABLE cities_city IN ACCESS EXCLUSIVE MODE")
        kept, made = second.ask("GET", "/cities/otsu/"), second.ask("GET", "/cities/asan/")

    assert (kept.status, kept.text) == (200, page.text)
    assert made.status == 503


def test_change_at_one_machine_is_at_once_on_the_other(machines):
    second = machines.both[1]
    before = [served.ask("GET", "/changes/feed.atom").text for served in machines.both]
    publish = (
        "from cities.models import Source; s = Source(**{values}); s.save(); s.publish()"
    ).format(values=new_source("changed"))
    assert second.ask("GET", "/sources/changed/").status == 404

    machines.run("manage.py", "shell", "-c", publish)
    after = [served.ask("GET", "/changes/feed.atom").text for served in machines.both]

    assert before[0] == before[1]
    assert after[0] == after[1] != before[0]
    assert [served.ask("GET", "/sources/changed/").status for served in machines.both] == [200] * 2


# --- what breaks --------------------------------------------------------------------------


def write_until(machines: Machines, writer: int, end: float, cookie: dict[str, str]) -> list[str]:
    """Add sources one after the other; the slugs of those that were answered as saved."""
    answered = []
    for number in range(10_000):
        if time.monotonic() > end:
            break
        slug = f"load-{writer}-{number}"
        content, kind = filled(machines.ask_either("GET", ADD, **cookie), **new_source(slug))
        answer = machines.ask_either("POST", ADD, content, **cookie, **kind)
        if answer.status == 302:
            answered.append(slug)
    return answered


def read_until(machines: Machines, reader: int, end: float) -> list[tuple[int, float]]:
    seen = []
    for number in range(10_000):
        if time.monotonic() > end:
            break
        began = time.monotonic()
        path = ("/", "/cities/otsu/", f"/cities/?on={1990 + number % 30}-0{reader + 1}-01")[
            number % 3
        ]
        seen.append((machines.ask_either("GET", path).status, time.monotonic() - began))
    return seen


def test_machine_that_is_killed_under_load_loses_nothing_that_was_answered(machines):
    """A proxy asks the other machine again. A form that is so sent twice is saved once."""
    cookie = signed_in(machines.both[0], "staff")
    end = time.monotonic() + SECONDS_UNDER_LOAD
    with ThreadPoolExecutor(READERS + WRITERS) as clients:
        writing = [
            clients.submit(write_until, machines, writer, end, cookie) for writer in range(WRITERS)
        ]
        reading = [clients.submit(read_until, machines, one, end) for one in range(READERS)]
        time.sleep(SECONDS_UNDER_LOAD / 2)
        os.killpg(machines.both[0].process.pid, signal.SIGKILL)
        answered = [slug for one in writing for slug in one.result()]
        seen = [one for each in reading for one in each.result()]
    saved = machines.sql("SELECT slug FROM cities_source WHERE slug LIKE 'load-%%'")

    waits = sorted(seconds for __, seconds in seen)
    sys.stdout.write(
        f"\n{len(seen)} pages, 95 of 100 within {waits[len(waits) * 95 // 100]:.2f} s, all within"
        f" {waits[-1]:.1f} s; {len(answered)} records answered, {len(saved)} saved\n"
    )
    assert {status for status, __ in seen} == {200}
    assert len(answered) > WRITERS
    assert sorted(saved) == sorted(answered)


@pytest.mark.parametrize("how", ["SIGSTOP", "SIGKILL"])
def test_pages_are_served_without_the_cache(machines, cache, how):
    """One that hangs costs seconds at most, one that is away next to nothing."""
    os.kill(cache.process.pid, signal.Signals[how])
    took = []
    for path in ("/cities/asan/", "/cities/?on=1999-01-01", "/search/?q=otsu", "/admin/login/"):
        began = time.monotonic()
        assert machines.ask_either("GET", path).status == 200, path
        took.append(time.monotonic() - began)
    page = machines.both[1].ask("GET", "/admin/", **signed_in(machines.both[1], "clerk"))

    sys.stdout.write(f"\n{how} of the cache: a page takes {max(took):.1f} s at most\n")
    assert page.status == 200
    os.kill(cache.process.pid, signal.SIGCONT)
    assert max(took) < 10
