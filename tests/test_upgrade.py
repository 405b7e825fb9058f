"""A database of an older version becomes what a new one is, and keeps what is in it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.__main__ import ROOT


def run(folder: Path, *command: str) -> str:
    """Run a command on the database in a folder; return what it prints."""
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "lrscc.settings"
    python = [sys.executable, *command]
    ran = subprocess.run(
        python, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True
    )
    return ran.stdout


def test_older_database_becomes_what_a_new_one_is(tmp_path):
    older, new = tmp_path / "older", tmp_path / "new"
    older.mkdir()
    new.mkdir()
    run(older, "-m", "tests.upgrading", "older")

    for folder in (older, new):
        run(folder, "manage.py", "migrate", "--verbosity=0")

    expected, found = (
        set(run(folder, "-m", "tests.upgrading", "describe").splitlines())
        for folder in (new, older)
    )
    assert expected - found == {"right: Commission staff cities add_city"}, "taken away before"
    assert found - expected == {"source: An older record"}
    run(older, "manage.py", "migrate", "--check")
