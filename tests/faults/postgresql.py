"""On PostgreSQL: a full disk, workers that are killed while they save, backups meanwhile."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import psycopg2
import pytest

from tests.faults._site import disk_of, postgresql, run, served_on, workers
from tests.faults.copies import assert_of_one_moment
from tests.faults.disk import NO_ROOM, PAGES, fill
from tests.faults.machines import filled, new_source, signed_in
from tests.test_backups import Installation
from tests.test_serve import Served

ADD = "/admin/cities/source/add/"
SAVERS, SECONDS, KILLS = 4, 20, 6


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", "400m") as folder:
        yield folder


def saved(served: Served, cookie: dict[str, str], slug: str) -> tuple[int, str]:
    """The status and the words of the answer to the form of a new source."""
    page = served.ask("GET", ADD, **cookie)
    if page.status != 200:
        return page.status, f"on the empty form: {page.text}"
    content, kind = filled(page, **new_source(slug))
    answer = served.ask("POST", ADD, content, **cookie, **kind)
    return answer.status, answer.text


def test_full_disk_under_postgresql_refuses_what_is_saved_and_nothing_else(small_disk, tmp_path):
    url = postgresql(small_disk / "pg")
    served = served_on(url, tmp_path / "data")
    try:
        cookie = signed_in(served, "staff")
        filler = fill(small_disk)
        tries = {f"full-{number}": saved(served, cookie, f"full-{number}") for number in range(60)}
        read = {path: served.ask("GET", path).status for path in (*PAGES, "/members/", "/gaps/")}
        health = served.ask("GET", "/healthz/").status
        filler.unlink()
        time.sleep(3)
        after, __ = saved(served, cookie, "after")
        ready = served.ask("GET", "/readyz/")
        kept = sources(url)
    finally:
        served.close()
    done = [slug for slug, (status, __) in tries.items() if status == 302]
    refused = [answer for answer in tries.values() if answer[0] != 302]
    sys.stdout.write(
        f"\nno byte left: {len(done)} sources were saved in pages that were there, {len(refused)}"
        f" refused ({sorted({status for status, __ in refused})}); pages"
        f" {sorted(set(read.values()))}, health {health}; with room again {after}\n"
    )
    assert len(refused) > 20
    assert {status for status, __ in refused} == {503}
    assert all(NO_ROOM in words for __, words in refused)
    assert set(read.values()) == {200}
    assert (health, after, ready.status) == (200, 302, 200), ready.text
    assert [slug for slug in kept if slug.startswith("full-")] == sorted(done)


def test_workers_are_killed_while_they_save(tmp_path):
    """What was answered is there once, what was not is there whole or not at all."""
    url = postgresql(tmp_path / "pg")
    served = served_on(url, tmp_path / "data")
    try:
        cookies = [signed_in(served, "staff") for __ in range(SAVERS)]
        end = time.monotonic() + SECONDS
        with ThreadPoolExecutor(SAVERS) as savers:
            saving = [
                savers.submit(save_until, served, cookie, saver, end)
                for saver, cookie in enumerate(cookies)
            ]
            killed = kill_until(served, end)
            results = [future.result() for future in saving]
        served.wait_until_it_answers()
        pages = [served.ask("GET", path).status for path in PAGES]
    finally:
        served.close()
    answered = {slug for done, __ in results for slug in done}
    lost = {slug for __, failed in results for slug in failed}
    kept = [slug for slug in sources(url) if slug.startswith("kept-")]
    sys.stdout.write(
        f"\n{killed} workers were killed while {SAVERS} people saved: {len(answered)} saves were"
        f" answered, {len(lost)} were not, {len(lost & {*kept})} of these were saved\n"
    )
    assert killed >= KILLS
    assert len(lost) > 0
    assert len(kept) == len({*kept})
    assert answered <= {*kept} <= answered | lost
    assert histories(url) == {*kept}
    assert pages == [200] * len(PAGES)
    run(tmp_path / "data", url, "manage.py", "check_derived")


def save_until(served: Served, cookie: dict[str, str], saver: int, end: float):
    """What one person saved, and what was not answered, until a moment."""
    done, failed, number = [], [], 0
    while time.monotonic() < end:
        slug, number = f"kept-{saver}-{number}", number + 1
        try:
            status, words = saved(served, cookie, slug)
        except (OSError, HTTPException):
            failed.append(slug)
            continue
        assert status == 302, (status, words)
        done.append(slug)
    return done, failed


def kill_until(served: Served, end: float) -> int:
    """Kill a worker again and again, as the system does that has no memory left."""
    killed = 0
    while time.monotonic() < end - 2:
        time.sleep(2)
        os.kill(workers(served)[killed % 2], signal.SIGKILL)
        killed += 1
    return killed


def histories(url: str) -> set[str]:
    """The sources of the savers that have one row of history, and one record."""
    with psycopg2.connect(url) as database:
        cursor = database.cursor()
        cursor.execute(
            "SELECT source.slug FROM cities_source source JOIN cities_historicalsource past"
            " ON past.id = source.id WHERE source.slug LIKE 'kept-%'"
            " GROUP BY source.slug HAVING count(*) = 1"
        )
        return {slug for (slug,) in cursor.fetchall()}


def test_backup_of_postgresql_is_of_one_moment_while_others_save(tmp_path):
    original = Installation(tmp_path / "original", postgresql(tmp_path / "pg"))
    original.run("-m", "tests.copying", "fill")
    assert_of_one_moment(original, tmp_path)


def sources(url: str) -> list[str]:
    with psycopg2.connect(url) as database:
        cursor = database.cursor()
        cursor.execute("SELECT slug FROM cities_source ORDER BY slug")
        return [slug for (slug,) in cursor.fetchall()]
