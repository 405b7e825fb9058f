"""Backups made while others save, restores that are killed, and the monthly drill."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lrscc.backups.archive import Archive
from tests.test_backups import ROOT, Installation, assert_equal

WRITER = """
import django, itertools, pathlib, sys, time
django.setup()
from django.db import transaction
from tests.factories import make_source
longest, folder = 0.0, pathlib.Path(sys.argv[1])
for number in itertools.count():
    began = time.monotonic()
    with transaction.atomic():
        make_source(slug=f"left-{number}")
        make_source(slug=f"right-{number}")
    longest = max(longest, time.monotonic() - began)
    if (folder / "stop").exists():
        print(f"{number + 1} saved, the longest in {longest:.1f} s")
        break
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("original"))
    installation.run("-m", "tests.copying", "fill")
    return installation


def started(installation: Installation, *command: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **installation.variables},
        stdout=subprocess.PIPE,
        text=True,
    )


def pairs_in(path: Path) -> tuple[int, int]:
    """How many rows of each half are in a backup."""
    with Archive(path) as archive:
        archive.verify()
        [sources] = [table for table in archive.manifest.tables if table.name == "cities_source"]
        lines = list(archive.lines(sources))
    halves = [sum(f'"{half}-' in line for line in lines) for half in ("left", "right")]
    return halves[0], halves[1]


def assert_of_one_moment(original: Installation, folder: Path) -> None:
    """Back up three times while a program saves pairs of rows: each backup has whole pairs."""
    writer = started(original, "-c", WRITER, str(folder))
    found = []
    for number in range(3):
        time.sleep(3)
        began = time.monotonic()
        original.backup(folder / f"{number}.zip")
        found.append((*pairs_in(folder / f"{number}.zip"), time.monotonic() - began))
    (folder / "stop").touch()
    said, __ = writer.communicate(timeout=60)

    sys.stdout.write(
        f"\nbackups of {[f'{left}+{right} rows' for left, right, __ in found]};"
        f" the slowest took {max(took for *__, took in found):.0f} s; {said}"
    )
    assert all(left == right for left, right, __ in found)
    assert found[-1][0] > found[0][0] > 0
    assert writer.returncode == 0


def test_backup_is_of_one_moment_while_others_save(original, tmp_path):
    assert_of_one_moment(original, tmp_path)


def test_restore_that_is_killed_is_run_again(original, tmp_path):
    path, copy = tmp_path / "register.zip", Installation(tmp_path / "copy")
    original.backup(path)
    for seconds in (4, 8, 16):
        restoring = started(copy, "manage.py", "restore", str(path))
        time.sleep(seconds)
        restoring.send_signal(signal.SIGKILL)
        restoring.communicate()
        assert not (copy.folder / "register.sqlite3").exists()

    began = time.monotonic()
    copy.restore(path)
    took = time.monotonic() - began

    sys.stdout.write(f"\nkilled after 4, 8 and 16 s; the next restore took {took:.0f} s\n")
    assert_equal(copy, original.rows(), original.documents())


def test_monthly_drill(original, tmp_path):
    path = tmp_path / "register.zip"
    original.backup(path)

    began = time.monotonic()
    said = original.run("manage.py", "backup", "--check", str(path))

    sys.stdout.write(f"\nthe drill took {time.monotonic() - began:.0f} s\n")
    assert said.endswith(f"Restored.\n{path} can be restored.\n")
    assert "secret key" not in said


OLDER = """
import os, pathlib, sys
from tests import upgrading
upgrading.make_older()
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from lrscc.backups.making import make
loader = MigrationLoader(connection, replace_migrations=False)
before = [key for key in loader.graph.leaf_nodes() if key[0] not in dict(upgrading.OLDER)]
make(pathlib.Path(sys.argv[1]), loader.project_state([*before, *upgrading.OLDER]).apps)
"""


def test_backup_of_an_older_version_is_migrated(tmp_path):
    older, new = Installation(tmp_path / "older"), Installation(tmp_path / "new")
    older.folder.mkdir()
    path = tmp_path / "register.zip"
    older.run("-c", OLDER, str(path))

    new.restore(path)

    assert "source: An older record" in new.run("-m", "tests.upgrading", "describe")
    new.run("manage.py", "migrate", "--check")
    new.run("manage.py", "check_derived")
