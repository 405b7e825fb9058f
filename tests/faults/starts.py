"""First starts that are killed, one after the other in the same folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.test_serve import ROOT, Served, environment, free_port, sign_in


def second_after_tables_begin(line: str, folder: Path) -> bool:
    if not line and (folder / "register.sqlite3").exists():
        time.sleep(1)
        return True
    return False


def in_the_middle_of_loading(line: str, folder: Path) -> bool:
    return line.startswith("  organizations: ")


def as_the_last_password_is_printed(line: str, folder: Path) -> bool:
    return line.startswith("  Publisher ")


KILLS = [second_after_tables_begin, in_the_middle_of_loading, as_the_last_password_is_printed]


def killed_start(folder: Path, is_time: Callable[[str, Path], bool]) -> str:
    """Start the site, and kill it when it is time; what it had printed."""
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    printed = ""
    if is_time is second_after_tables_begin:
        while not is_time("", folder):
            time.sleep(0.1)
    else:
        for line in process.stdout:
            printed += line
            if is_time(line, folder):
                break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return printed


def test_first_start_is_killed_and_begins_again(tmp_path):
    printed = [killed_start(tmp_path, kill) for kill in KILLS]
    began = time.monotonic()
    served = Served(tmp_path)
    try:
        took = time.monotonic() - began
        with_accounts = [said for said in (*printed, served.printed) if "Publisher " in said]
        served.printed = with_accounts[-1]
        signed_in = [sign_in(served, name)[0].status for name in ("staff", "clerk", "publisher")]
        ready, home = served.ask("GET", "/readyz/"), served.ask("GET", "/")
    finally:
        served.close()
    sys.stdout.write(f"\nkilled {len(KILLS)} times; the next start took {took:.0f} s\n")
    assert signed_in == [302] * 3
    assert (ready.status, home.status) == (200, 200), ready.text


def test_two_first_starts_at_once_are_one_after_the_other(tmp_path):
    with ThreadPoolExecutor() as both:
        served = [*both.map(Served, [tmp_path, tmp_path])]
    try:
        ready = [one.ask("GET", "/readyz/").status for one in served]
    finally:
        for one in served:
            one.close()
    printed = [one.printed for one in served if "Publisher " in one.printed]
    sys.stdout.write(f"\ntwo starts: {len(printed)} loaded the register, both answer\n")
    assert (ready, len(printed)) == ([200, 200], 1)


def setup(folder: Path) -> subprocess.Popen:
    """Start `manage.py setup`, with the settings that it wrote before if it did."""
    path, options = folder / "register.env", ["--load", "lrscc/data/register"]
    options += ["--first-name=Ann", "--last-name=Example", "--email=ann@city.example"]
    variables = environment(folder) | {"ENV_FILE": str(path) if path.exists() else ""}
    del variables["DATA_DIR"]
    if not path.exists():
        options += ["--env-file", str(path), f"--data-dir={folder / 'data'}"]
    return subprocess.Popen(
        [sys.executable, "manage.py", "setup", "--no-input", *options],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_setup_is_killed_and_begins_again(tmp_path):
    """A second after the tables are begun, as the settings are there, and 3 s after a start."""
    for file, seconds in (("data/register.sqlite3", 1), ("register.env", 0), ("register.env", 3)):
        killed = setup(tmp_path)
        while not (tmp_path / file).exists():
            time.sleep(0.02)
        time.sleep(seconds)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
    settings = (tmp_path / "register.env").read_text()

    began = time.monotonic()
    last = setup(tmp_path)
    said, __ = last.communicate(timeout=300)

    sys.stdout.write(f"\nkilled 3 times; the next took {time.monotonic() - began:.0f} s\n")
    assert last.returncode == 0, said
    assert "Give this link to Ann Example" in said
    assert (tmp_path / "register.env").read_text() == settings
    assert [path.name for path in tmp_path.iterdir() if path.name[0] == "."] == []
