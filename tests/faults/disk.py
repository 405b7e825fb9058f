"""A disk without room: reading continues, saving is refused in words, and no half file is left."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.faults._site import disk_of
from tests.test_serve import Served, send, token_in

PAGES = ("/", "/cities/", "/cities/otsu/", "/api/v1/cities/", "/search/?q=otsu", "/timeline/")
NO_ROOM = "There is no room left to save anything"


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", "64m") as folder:
        yield folder


def fill(folder: Path) -> Path:
    """Leave no byte on the disk of a folder."""
    path = folder / "filler"
    with suppress(OSError), path.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with suppress(OSError), path.open("ab", buffering=0) as file:
        while True:
            file.write(b"x")
    return path


def signing_in(served: Served):
    """What is answered to the name and the password that the first start printed."""
    password = re.search(r"  staff +(\S+)\n", served.printed)[1]
    form = served.ask("GET", "/admin/login/")
    csrf = SimpleCookie(form.headers["Set-Cookie"])["__Host-csrf"].value
    typed = {"login": "staff", "password": password, "csrfmiddlewaretoken": token_in(form)}
    return send(served, "/admin/login/?next=/admin/", typed, csrf=csrf)


def test_full_disk_lets_people_read_and_says_why_nothing_is_saved(small_disk):
    served = Served(small_disk / "data")
    try:
        before = {path: served.ask("GET", path).status for path in PAGES}
        filler = fill(small_disk)
        free = os.statvfs(small_disk).f_bavail
        read = {path: served.ask("GET", path).status for path in (*PAGES, "/members/", "/gaps/")}
        health, ready = served.ask("GET", "/healthz/"), served.ask("GET", "/readyz/")
        refused = signing_in(served)
        files = {path for path in small_disk.rglob("*") if path.suffix in (".pdf", ".webp")}
        filler.unlink()
        time.sleep(1)
        after = signing_in(served)
    finally:
        served.close()
    sys.stdout.write(
        f"\n{free} blocks free: pages {sorted(set(read.values()))}, health {health.status},"
        f" ready {ready.status}, signing in {refused.status}; with room again {after.status}\n"
    )
    assert set(before.values()) == {200}
    assert set(read.values()) == {200}
    assert (health.status, ready.status) == (200, 503)
    assert '"disk": "failed"' in ready.text
    assert refused.status == 503
    assert NO_ROOM in refused.text
    assert (files, after.status) == (set(), 302)
