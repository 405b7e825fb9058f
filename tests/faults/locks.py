"""A table of PostgreSQL that somebody locks while the site is asked."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest

from tests.faults._site import postgresql, served_on
from tests.test_serve import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    url = postgresql(tmp_path_factory.mktemp("postgresql"))
    served = served_on(url, tmp_path_factory.mktemp("data"))
    yield served
    served.close()


def asked(served: Served, path: str) -> tuple[str, int, float]:
    began = time.monotonic()
    status = served.ask("GET", path).status
    return path, status, time.monotonic() - began


def test_locked_table_holds_up_no_health_and_nobody_for_long(served):
    for __ in range(20):  # both processes know the register, as after any minute
        served.ask("GET", "/about/")
    with closing(psycopg2.connect(served.url)) as other:
        other.cursor().execute("LOCK TABLE cities_city IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(32) as clients:
            pages = [
                clients.submit(asked, served, f"/cities/?on={1990 + n}-01-01") for n in range(16)
            ]
            time.sleep(1)
            health = [asked(served, "/healthz/") for __ in range(10)]
            answers = [page.result() for page in pages]
        other.rollback()
    after = [asked(served, "/cities/") for __ in range(3)]

    slowest = max(seconds for *__, seconds in answers)
    sys.stdout.write(
        f"\n16 pages were answered {sorted({status for __, status, __ in answers})} in at most"
        f" {slowest:.1f} s, health in {max(seconds for *__, seconds in health):.2f} s\n"
    )
    assert {status for __, status, __ in answers} <= {503, 200}
    assert slowest < 15
    assert max(seconds for *__, seconds in health) < 1
    assert {status for __, status, __ in health} == {200}
    assert {status for __, status, __ in after} == {200}
