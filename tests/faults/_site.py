"""A site on PostgreSQL, started as an operator starts it, and a disk that can be filled."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.__main__ import start_postgresql
from tests.test_serve import ROOT, SECRET, Served, environment

ACCOUNTS = """
import django; django.setup()
from lrscc.management.commands.serve import Command
from lrscc.running.preparing import first_sign_ins
Command()._show_sign_ins(first_sign_ins())
"""


def postgresql(folder: Path) -> str:
    """The URL of a server in a folder, which stops with this process."""
    with warnings.catch_warnings(action="ignore"):  # of where it keeps its own files
        return start_postgresql(str(folder))


def run(folder: Path, url: str, *command: str) -> str:
    """What a command of ours prints."""
    variables = {"DATABASE_URL": url, "SECRET_KEY": SECRET}
    variables["DJANGO_SETTINGS_MODULE"] = "lrscc.settings"
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(folder, **variables) | {"PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def served_on(url: str, folder: Path) -> Served:
    """A site with the register and three accounts; `printed` has their passwords."""
    for command in ("migrate -v0", "load_register lrscc/data/register"):
        run(folder, url, "manage.py", *command.split())
    printed = run(folder, url, "-c", ACCOUNTS)
    variables = {"DATABASE_URL": url, "SECRET_KEY": SECRET}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "tests.test_serve.environment", lambda where: environment(where, **variables)
        )
        served = Served(folder)
    served.printed, served.url, served.folder = printed, url, folder
    return served


def workers(served: Served) -> list[int]:
    """The processes that answer requests."""
    path = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def disk_of(folder: Path, size: str) -> Iterator[Path]:
    """A file system in memory, which only root can make."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False
    )
    if made.returncode:
        pytest.skip("This user cannot mount a small disk.")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
