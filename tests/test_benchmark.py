"""The benchmark compares like with like, and computes what it reports."""

import json
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.test.client import Client

from tests.benchmark import facts, loading, measuring, ours, report, servers
from tests.benchmark.databases import TWIN_SETTINGS, shell
from tests.benchmark.measuring import BARE, FIRST, KEPT, TWIN
from tests.benchmark.work import works

SIZE = facts.Size(60, 15)
ADDRESSES = [
    "/",
    "/cities/",
    "/cities/example-1/",
    "/resolutions/",
    "/resolutions/?page=3",
    "/resolutions/example-resolution-7/",
    "/search/?q=library",
    "/search/?q=aqueduct",
    "/changes/",
    "/changes/feed.atom",
    "/timeline/?page=2",
    "/gaps/",
    "/sitemap.xml",
    "/sitemap-resolution.xml",
    "/api/v1/resolutions/?page=2",
    "/api/v1/resolutions/example-resolution-7/",
    "/api/v1/actions/?resolution=example-resolution-7",
    "/api/v1/changes/",
]
ASK_ALL = """
import json, sys
from django.test import Client
client = Client(headers={"host": "127.0.0.1"})
answers = {address: client.get(address) for address in ADDRESSES}
print(json.dumps({address: [found.status_code, found.text] for address, found in answers.items()}))
"""


@pytest.fixture(scope="module")
def both(module_db, tmp_path_factory):
    """The answers of our site and of the twin to the same addresses, by address."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        ours.fill(SIZE)
        call_command(ours.deriving_command(), stdout=StringIO())
        client = Client(headers={"host": "127.0.0.1"})
        statuses = ours.statuses(client)
        own = {address: client.get(address) for address in ADDRESSES}
    folder = tmp_path_factory.mktemp("twin")
    (folder / "statuses.json").write_text(json.dumps(statuses))
    variables = {
        "DATABASE_URL": f"sqlite:///{folder}/twin.sqlite3",
        "DJANGO_SETTINGS_MODULE": TWIN_SETTINGS,
    }
    call = f"prepare({SIZE.records}, {SIZE.cities}, {str(folder / 'statuses.json')!r})"
    shell(variables, f"from tests.benchmark.twin.filling import prepare; {call}")
    twin = json.loads(shell(variables, f"ADDRESSES = {ADDRESSES!r}{ASK_ALL}"))
    return {
        address: ((own[address].status_code, own[address].text), tuple(twin[address]))
        for address in ADDRESSES
    }


def texts(both, address, pattern):
    """What a pattern finds on our page and on that of the twin."""
    return [re.findall(pattern, text) for __, text in both[address]]


def rows(both, address):
    return [json.loads(text)["results"] for __, text in both[address]]


# --- the same facts on both sites ---------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_both_sites_answer(both, address):
    assert [status for status, __ in both[address]] == [200, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/resolutions/", "/resolutions/?page=3"])
def test_lists_have_the_same_titles_in_the_same_order(both, address):
    own, twin = texts(both, address, r"<h2[^>]*><a href=\"(/resolutions/[^\"]+)\">([^<]+)")

    assert own == twin
    assert len(own) == (25 if address == "/resolutions/" else 15)


@pytest.mark.django_db
def test_lists_count_the_same(both):
    assert texts(both, "/resolutions/", r"(\d+) resolutions<") == [["65"], ["65"]]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/cities/"])
def test_same_cities_are_listed(both, address):
    own, twin = texts(both, address, r'href="/cities/([\w-]+)/"')

    assert set(own) == set(twin)
    assert len(set(own)) >= 14


@pytest.mark.django_db
def test_page_of_a_city_has_the_same_history(both):
    own, twin = texts(both, "/cities/example-1/", r"Step \d of the relationship with Example 1\.")

    assert sorted(set(own)) == sorted(set(twin))
    assert len(set(own)) == 3


@pytest.mark.django_db
def test_page_of_a_resolution_has_the_same_votes_and_words(both):
    address = "/resolutions/example-resolution-7/"
    for pattern in (r"Example Member \d", r"WHEREAS, |RESOLVED, ", r"Has vote 7\."):
        own, twin = texts(both, address, pattern)

        assert sorted(set(own)) == sorted(set(twin)) != []
    own, twin = texts(both, address, r"<th[^>]*>(?:<a[^>]*>)?(Example Member \d)")
    assert own == twin
    assert len(own) == facts.MEMBERS


@pytest.mark.django_db
def test_api_lists_the_same_resolutions(both):
    names = ("slug", "title", "kind", "summary")
    own, twin = (
        [[row[name] for name in names] for row in page]
        for page in rows(both, "/api/v1/resolutions/?page=2")
    )

    assert own == twin
    assert len(own) == 15


@pytest.mark.django_db
def test_api_gives_the_same_status_and_text(both):
    own, twin = (
        json.loads(text) for __, text in both["/api/v1/resolutions/example-resolution-7/"]
    )

    assert own["status"]["status"] == twin["status"] == "adopted"
    assert own["status"]["since"]["earliest"] == twin["decided_earliest"]
    clauses = [clause["text"] for clause in own["texts"][0]["clauses"]]
    assert all(words in twin["text"].replace("\n", " ") for words in clauses)


@pytest.mark.django_db
def test_api_gives_the_same_ballots(both):
    (own,), (twin,) = rows(both, "/api/v1/actions/?resolution=example-resolution-7")

    def ballots(found):
        return [(ballot["name"], ballot["choice"]) for ballot in found]

    assert ballots(own["votes"]["ballots"]) == ballots(twin["ballots"])
    assert own["votes"]["counts"]["yes"] == twin["counts"]["yes"] == 7
    assert own["votes"]["counts"]["no"] == twin["counts"]["no"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("word", "count"), [("library", "7"), ("aqueduct", "3")])
def test_search_finds_as_many_resolutions(both, word, count):
    own = texts(both, f"/search/?q={word}", r'Resolutions <span class="count">(\d+)')[0]
    twin = texts(both, f"/search/?q={word}", r"Resolutions \((\d+)\)")[1]

    assert own == twin == [count]


@pytest.mark.django_db
def test_sitemaps_have_the_same_resolutions(both):
    own, twin = texts(both, "/sitemap-resolution.xml", r"<loc>\w+://[^/]+(/resolutions/[^<]+)")

    assert sorted(own) == sorted(twin)
    assert len(own) == 65


# --- the facts ----------------------------------------------------------------------------


def test_facts_are_the_same_each_time_and_of_the_size_wanted():
    first, again = (list(facts.resolutions(facts.Size(100))) for __ in range(2))

    assert first == again
    assert len({row["slug"] for row in first}) == len({row["number"] for row in first}) == 100
    votes = [len(row["actions"][0].get("ballots", [])) for row in first]
    assert (votes.count(9), votes.count(0)) == (96, 4)
    assert sum(len(row["texts"]) for row in first) == 90
    assert sum(facts.RARE_WORD in row["title"] for row in first) == 3
    assert len({row["relationships"][0] for row in first}) == 11


def test_thousand_cities_are_made_up_beside_those_of_the_register():
    size = facts.Size(100, 1000)

    assert len({partner for __, partner in facts.relationships(size)}) == 1000
    assert len(facts.few(size)["cities"]) == 1000 - len(facts.register()["relationships"])


@pytest.mark.parametrize(
    ("records", "expected"),
    [(30, [30]), (100, [40, 40, 20]), (2300, [1000, 1000, 100, 40, 40, 40, 40, 40])],
)
def test_newest_resolutions_are_loaded_a_few_at_a_time(records, expected):
    assert list(ours.batches(records)) == expected


# --- servers ------------------------------------------------------------------------------


def test_bare_view_answers_the_bytes_and_is_gone_when_stopped():
    server = servers.with_gunicorn(BARE, "tests.benchmark.bare", {})
    try:
        server.start()
        answer = server.get("/1234/")

        assert (answer.status, len(answer.body)) == (200, 1234)
        assert answer.ms > 0
        assert server.cpu_ms() > 0
        assert server.memory_mb() > 10
        assert len(server.pids) >= 3  # the master and two workers
    finally:
        server.stop()

    assert server.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        server.get("/1/")


def test_server_that_does_not_start_is_reported():
    server = servers.with_gunicorn("twin", "tests.benchmark.no_such_module", {})

    with pytest.raises(RuntimeError, match="“twin” does not answer"):
        server.start()


def test_writer_who_has_to_wait_is_noticed(tmp_path):
    file = tmp_path / "register.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE records (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        waiting = loading.Waiting(file)
        waiting.start()
        time.sleep(0.3)
        other.execute("COMMIT")
        longest = waiting.stop()

    assert longest > 0.1


# --- measuring ---------------------------------------------------------------------------


class FakeServer:
    """A server whose answers take as long as wanted, in no time."""

    def __init__(self, name, asked, ms=10.0, status=200):
        self.name, self.asked, self.ms, self.status, self.worked = name, asked, ms, status, 0.0

    def connect(self):
        self.asked.append((self.name, "new connection", None))

    def get(self, address, headers=servers.NO_HEADERS):
        self.asked.append((self.name, address, headers.get("If-None-Match")))
        self.worked += self.ms / 2
        status = 304 if "If-None-Match" in headers else self.status
        return servers.Answer(status, self.ms, b"" if status == 304 else b"page", {"ETag": '"1"'})

    def cpu_ms(self):
        return self.worked


@pytest.fixture
def comparison():
    asked = []
    fakes = {name: FakeServer(name, asked, ms) for name, ms in MS.items()}
    cookies = dict.fromkeys(MS, "session=1")
    made = measuring.Comparison(fakes, cookies, {})
    made.asked = asked
    return made


MS = {FIRST: 400.0, KEPT: 1.0, TWIN: 50.0, BARE: 0.5}


def work(name):
    return next(one for one in works(facts.Size(100)) if one.name == name)


def test_each_server_is_asked_in_every_round_for_as_long(comparison):
    found = comparison.measure([work("home")], 2, lambda text: None).work["home"]

    # At most 30 questions, or 150 ms; one at least.
    counts = {name: figures["answers"] for name, figures in found.items()}
    assert counts == {FIRST: 2, KEPT: 60, TWIN: 6, BARE: 60}
    assert {name: figures["p50"] for name, figures in found.items()} == MS
    assert {name: figures["cpu"] * 2 for name, figures in found.items()} == MS
    bare = {address for name, address, __ in comparison.asked if name == BARE}
    assert bare == {"/4/", "new connection"}


def test_kept_answers_are_asked_for_again_and_first_ones_are_not(comparison):
    comparison.measure([work("one resolution")], 3, lambda text: None)

    def addresses(server):
        return [a for name, a, __ in comparison.asked if name == server and a.startswith("/")]

    assert len(set(addresses(KEPT))) == 1
    assert len(set(addresses(FIRST))) == len(addresses(FIRST)) > 3
    assert addresses(TWIN)[: len(addresses(FIRST))] == addresses(FIRST)


def test_what_the_client_has_is_named_for_a_304(comparison):
    found = comparison.measure([work("304 of a page")], 1, lambda text: None).work["304 of a page"]

    assert found.keys() == {FIRST, KEPT, BARE}
    assert (found[FIRST]["bytes"], found[KEPT]["bytes"]) == (4, 0)  # without kept answers: whole
    assert ("bare", "/0/", None) in comparison.asked
    assert {tag for name, a, tag in comparison.asked if name == KEPT} == {None, '"1"'}


def test_admin_has_first_answers_only(comparison):
    found = comparison.measure([work("admin list")], 1, lambda text: None).work["admin list"]

    assert found.keys() == {FIRST, TWIN, BARE}


def test_work_that_fails_is_named_and_the_rest_is_measured(comparison):
    comparison.servers[TWIN].status = 500

    found = comparison.measure([work("home"), work("304 of a page")], 1, lambda text: None)

    assert found.failures == {"home": "twin: / answered 500, not 200."}
    assert found.work.keys() == {"304 of a page"}
    assert list(report.of_failures({"failures": found.failures})) == [
        "Not measured: home. twin: / answered 500, not 200.\n"
    ]


# --- the report ---------------------------------------------------------------------------


def figures(p50, cpu, size=1000):
    return {"p50": p50, "p99": 2 * p50, "cpu": cpu, "bytes": size, "answers": 30}


def run_of(records=10_000, scale=1.0, **more):
    """A run in which our site takes twice the twin, and kept answers three times the bare view."""
    page = {
        FIRST: figures(20.0 * scale, 30.0),
        KEPT: figures(0.9, 0.6),
        TWIN: figures(10.0, 15.0),
        BARE: figures(0.3, 0.2),
    }
    admin = {name: page[name] for name in (FIRST, TWIN, BARE)}
    return {
        "database": "sqlite",
        "records": records,
        "failures": {},
        "cities": 11,
        "work": {"home": page, "admin list": admin},
        "memory_mb": {KEPT: 180.0, FIRST: 180.0, TWIN: 90.0, BARE: 50.0},
        "start_seconds": {KEPT: 5.0, FIRST: 5.0, TWIN: 1.0, BARE: 0.5},
        **more,
    }


def test_ratios_are_those_of_the_figures():
    page = run_of()["work"]["home"]

    assert report.ratio(page, "cpu", FIRST, TWIN) == 2.0
    assert report.ratio(page, "p50", KEPT, BARE) == pytest.approx(3.0)
    assert report.ratio(run_of()["work"]["admin list"], "p50", KEPT, BARE) is None


def test_row_of_the_table_has_every_server_and_ratio():
    row = next(line for line in report.of_work(run_of()).splitlines() if line.startswith("| home"))

    assert row == (
        "| home | 1,000 | 20.0 / 40.0, 30.0 | 0.90 / 1.80, 0.60 | 10.0 / 20.0, 15.0"
        " | 0.30 / 0.60, 0.20 | 2.00 × | 3.00 × | 3.00 × |"
    )


def test_targets_stand_beside_the_worst_that_was_measured():
    loaded = {"resolutions": 1000, "rate": 120.0, "cpu_ms": 8.0, "peak_mb": 250.0}
    command = {"seconds": 30.0, "cpu_seconds": 25.0, "peak_mb": 200.0, "longest_wait": 0.5}
    run = run_of(load=loaded, dump=command, rebuild=command | {"cpu_seconds": 10.0})

    found = {target.name: target for target in report.Targets([run]).found}

    assert {name: (target.worst, target.is_met) for name, target in found.items()} == {
        "served again, p50, to the bare view": ("3.00 × (home)", True),
        "served again, CPU, to the bare view": ("3.00 × (home)", True),
        "first answer, CPU, to the twin: home, lists, one city": ("2.00 × (home)", False),
        "first answer, CPU, to the twin: admin list": ("2.00 × (admin list)", False),
        "memory of the two workers": ("180 MB", True),
        "cold start on an existing database": ("5.00 s", False),
        "`load_register`, resolutions a second": ("120", False),
        "`load_register`, peak memory": ("250 MB", True),
        "dump and rebuild, CPU": ("25.0 s (dump)", False),
        "dump and rebuild, longest wait of another writer": ("0.50 s (dump)", True),
    }


def test_targets_have_a_column_for_each_database():
    runs = [run_of(), run_of(database="postgresql", memory_mb={KEPT: 240.0, TWIN: 1, BARE: 1})]

    rows = report.of_targets(runs).splitlines()

    assert "| memory of the two workers | ≤ 200 MB | 180 MB | 240 MB | **no** |" in rows


def test_targets_are_those_of_ten_thousand_resolutions():
    few = run_of(100, memory_mb={KEPT: 999.0})

    found = {target.name: target for target in report.Targets([few, run_of()]).found}

    assert found["memory of the two workers"].worst == "180 MB"


def test_growth_is_from_the_fewest_resolutions_to_the_most():
    runs = [run_of(100), run_of(10_000, scale=1.2), run_of(100_000, scale=1.6)]

    found = {growth.work.name: growth for growth in report.growths(runs)}

    assert found["home"].sizes == (100, 100_000)
    assert found["home"].first == pytest.approx(1.6)
    assert found["home"].kept == pytest.approx(1.0)
    assert found["admin list"].kept is None
    targets = {target.name: target for target in report.Targets(runs).found}
    target = targets["growth of p50 from 100 to 100,000, of most work"]
    assert (target.worst, target.is_met) == ("1.60 × (home, first)", False)
    assert report.growths([run_of()]) == []


def test_report_has_a_table_for_each_run_and_the_targets():
    results = {"about": {"date": "2026-11-27"}, "runs": [run_of(100), run_of()]}

    text = report.markdown(results)

    assert re.findall(r"^### (.*)$", text, re.M) == [
        "SQLite, 100 resolutions, 11 cities",
        "SQLite, 10,000 resolutions, 11 cities",
        "Growth",
        "Targets",
    ]


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([5.0], 99, 5.0), ([3.0, 1.0, 2.0], 50, 2.0), ([float(n) for n in range(1, 201)], 99, 198.0)],
)
def test_percentile_is_a_value_that_was_measured(values, percent, expected):
    assert measuring.percentile(values, percent) == expected


def test_first_answers_are_not_asked_for_twice():
    """Steps of a prime meet every record before they meet one again."""
    one = next(work for work in works(facts.Size(10_000)) if work.name == "one resolution")

    assert len({one.ours(turn) for turn in range(10_000)}) == 10_000


def test_command_explains_itself():
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmark", "--help"],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--records" in done.stdout
