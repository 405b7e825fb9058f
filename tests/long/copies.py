"""Copies and pages while several processes write: `python -m tests.long.copies`.

Each round starts a site with ten processes and three that write at random: some transactions are
long, some are taken back, some are imports, and one process is killed in the middle of its work.
Meanwhile the client printed in docs/api.md follows the log, and readers look at a page that one
writer keeps changing: what they read is never older than what was committed before they asked. In
the end the copy is byte-equal to a fresh one, and nothing that is derived from the records differs
from them.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.request import urlopen

from tests.__main__ import ROOT, start_postgresql
from tests.benchmark.servers import Server, environment
from tests.mirror import printed_client

WRITERS, READERS = 3, 6
SERVER = ["-m", "gunicorn", "lrscc.wsgi", "--bind", "127.0.0.1:PORT", "--workers", "10"]
SERVER += ["--log-level", "error"]
WITNESS = "witness"
SECONDS_BETWEEN_READS = 0.1
"""Of each reader: without them, the writers would hardly get a turn on a small machine."""
PATIENCE = 3600
"""Seconds that a writer may take for what it is to save before it is killed."""


def write(seed: int, edits: int, folder: Path) -> None:
    """Save at random, and note in a file which edit is next; the first writer notes in another
    one which version it has committed."""
    import django  # noqa: PLC0415 - only this process needs the site

    django.setup()
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.db import Error, transaction  # noqa: PLC0415

    from cities.records.derived import collecting  # noqa: PLC0415
    from lrscc.files.loading import load  # noqa: PLC0415
    from lrscc.files.reading import RegisterError  # noqa: PLC0415
    from resolutions.models import Member  # noqa: PLC0415
    from tests import factories, test_mirror  # noqa: PLC0415

    factories._numbers = count(100_000 * (seed + 1))
    test_mirror._numbers = count(100_000 * (seed + 1))
    chance = random.Random(seed)
    for number in range(1, edits + 1):
        note(folder, f"edit-{seed}", number)
        kind = chance.random()
        with suppress(ValidationError, Error, RegisterError):
            if kind < 0.1:
                with transaction.atomic(), collecting():
                    test_mirror.edit(chance)
                    time.sleep(chance.random() * 0.3)
            elif kind < 0.12:
                load([sources_of(folder, seed, number)], lambda *_: None)
            else:
                test_mirror.edit(chance)
        if seed % 10 == 0:
            saved = Member.objects.get(slug=WITNESS)  # no other edit withdraws a member
            saved.name = f"Version {number}"
            with suppress(Error):
                saved.save()
                note(folder, "version", number)


def note(folder: Path, name: str, number: int) -> None:
    """Write a number where other processes read it, at any moment."""
    (folder / f"{name}.new").write_text(str(number))
    (folder / f"{name}.new").rename(folder / name)


def noted(folder: Path, name: str) -> int:
    """Return the number that a process noted last; 0 before the first."""
    path = folder / name
    return int(path.read_text()) if path.exists() else 0


def sources_of(folder: Path, seed: int, number: int) -> Path:
    """Return a file to import: a few new records, and one that the next import changes."""
    slugs = ["imported-again", *(f"imported-{seed}-{number}-{one}" for one in range(5))]
    path = folder / f"import-{seed}.toml"
    path.write_text("".join(
        f'[[sources]]\nslug = "{slug}"\ntitle = "Import {seed}-{number}"\n'
        'kind = "proceedings"\nreliability = "proceedings"\n'
        for slug in slugs
    ))  # fmt: skip
    return path


class Reader(Thread):
    """Reads one page again and again, and notes what was out of date."""

    def __init__(self, site: str, folder: Path, is_over: Event) -> None:
        super().__init__()
        self.address, self.folder, self.is_over = f"{site}/members/{WITNESS}/", folder, is_over
        self.reads = 0
        self.faults: list[str] = []

    def run(self) -> None:
        while not self.is_over.is_set():
            committed = noted(self.folder, "version")
            try:
                with urlopen(self.address) as answer:
                    found = re.search(r"Version (\d+)", answer.read().decode())
            except OSError as error:
                self.faults.append(str(error))
                continue
            read = int(found[1]) if found else -1
            self.reads += 1
            if read < committed:
                self.faults.append(f"read {read} after {committed} was committed")
            time.sleep(SECONDS_BETWEEN_READS)


class Follower(Thread):
    """Keeps a copy up to date, as docs/api.md says."""

    def __init__(self, site: str, is_over: Event) -> None:
        super().__init__()
        self.site, self.is_over = site, is_over
        self.copy: dict[str, Any] = {}

    def run(self) -> None:
        follow = printed_client()
        while not self.is_over.is_set():
            follow(self.copy, self.site)
            time.sleep(0.05)
        follow(self.copy, self.site)


def manage(variables: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(**variables),
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        sys.stdout.write(done.stdout)  # what differs, for example
        done.check_returncode()


def start_writer(variables: dict[str, str], seed: int, edits: int, folder: Path) -> Any:
    command = [sys.executable, "-m", "tests.long.copies", "--write", str(seed)]
    command += ["--edits", str(edits), "--folder", str(folder)]
    settings = {"DJANGO_SETTINGS_MODULE": "lrscc.settings"}
    return subprocess.Popen(command, cwd=ROOT, env=environment(**variables, **settings))


def write_all(variables: dict[str, str], seed: int, edits: int, folder: Path) -> None:
    """Let all writers save what they are to, and end one in the middle of it."""
    writers: list[Any] = []
    try:
        for number in (*range(WRITERS), 9):
            if number == 9:
                kill_in_the_middle(writers[-1], folder, 10 * seed + WRITERS - 1, edits)
            writers.append(start_writer(variables, 10 * seed + number, edits // WRITERS, folder))
        ends = [bool(writer.wait()) for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
    assert ends == [False] * (WRITERS - 1) + [True, False]


def kill_in_the_middle(writer: Any, folder: Path, seed: int, edits: int) -> None:
    """End a writer without warning once it has done a part of its work."""
    until = time.monotonic() + PATIENCE
    while noted(folder, f"edit-{seed}") < edits // WRITERS // 4:
        assert writer.poll() is None, "The writer ended by itself."
        assert time.monotonic() < until, "The writer stands still."
        time.sleep(0.05)
    writer.kill()


def one_round(seed: int, edits: int, variables: dict[str, str], folder: Path) -> str:
    """Return what went well, in one line. Raise `AssertionError` otherwise."""
    manage(variables, "migrate", "--verbosity=0")
    manage(variables, "shell", "-c", "from tests.factories import make_member as make;"
           f" make('{WITNESS}', name='Version 0')")  # fmt: skip
    server = Server("ours", SERVER, variables)
    server.start()
    site, is_over = f"http://127.0.0.1:{server.port}", Event()
    readers = [Reader(site, folder, is_over) for __ in range(READERS)]
    follower = Follower(site, is_over)
    try:
        for thread in (*readers, follower):
            thread.start()
        write_all(variables, seed, edits, folder)
        is_over.set()
        for thread in (*readers, follower):
            thread.join()
        fresh: dict[str, Any] = {}
        printed_client()(fresh, site)
    finally:
        is_over.set()
        server.stop()
    assert [line for reader in readers for line in reader.faults] == []
    assert json.dumps(follower.copy, sort_keys=True) == json.dumps(fresh, sort_keys=True)
    manage(variables, "check_derived")
    reads = sum(reader.reads for reader in readers)
    saved = sum(noted(folder, path.name) for path in folder.glob("edit-*"))
    return f"{saved} edits, {len(fresh['records'])} records equal, {reads} reads, none out of date"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.long.copies", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--write", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.write is not None:
        write(asked.write, asked.edits, asked.folder)
        return 0
    os.environ.setdefault("SECRET_KEY", "only for tests, " * 4)
    for database in ("sqlite", "postgresql"):
        for number in range(asked.rounds if asked.database in (database, "both") else 0):
            with tempfile.TemporaryDirectory() as name:
                variables = {"DATA_DIR": f"{name}/data"}
                Path(variables["DATA_DIR"]).mkdir()
                if database == "postgresql":
                    variables["DATABASE_URL"] = start_postgresql(f"{name}/postgresql")
                done = one_round(number, asked.edits, variables, Path(name))
            sys.stdout.write(f"{database}, round {number + 1}: {done}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
