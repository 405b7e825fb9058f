"""Copies and pages while several processes write: `python -m tests.long.copies`.

Each round starts a site with ten processes and three that write at random: some transactions are
long, some are taken back, one process is killed in the middle of its work. Meanwhile the client
printed in docs/api.md follows the log, and readers look at a page that one writer keeps changing:
what they read is never older than what was committed before they asked. In the end the copy is
byte-equal to a fresh one, and nothing that is derived from the records differs from them.
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
WITNESS = "witness"


def write(seed: int, edits: int, folder: Path) -> None:
    """Save at random; the first writer says in a file which version it has committed."""
    import django  # noqa: PLC0415 - only this process needs the site

    django.setup()
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.db import Error, transaction  # noqa: PLC0415

    from cities.models import Source  # noqa: PLC0415
    from cities.records.derived import collecting  # noqa: PLC0415
    from tests import factories, test_mirror  # noqa: PLC0415

    factories._numbers = count(100_000 * (seed + 1))
    test_mirror._numbers = count(100_000 * (seed + 1))
    chance = random.Random(seed)
    for number in range(1, edits + 1):
        with suppress(ValidationError, Error):
            if chance.random() < 0.1:
                with transaction.atomic(), collecting():
                    test_mirror.edit(chance)
                    time.sleep(chance.random() * 0.3)
            else:
                test_mirror.edit(chance)
        if seed % 10 == 0:
            saved = Source.objects.get(slug=WITNESS)
            saved.title = f"Version {number}"
            with suppress(Error):
                saved.save()
                (folder / "version.new").write_text(str(number))
                (folder / "version.new").rename(folder / "version")


class Reader(Thread):
    """Reads one page again and again, and notes what was out of date."""

    def __init__(self, site: str, folder: Path, is_over: Event) -> None:
        super().__init__()
        self.address, self.folder, self.is_over = f"{site}/sources/{WITNESS}/", folder, is_over
        self.reads = 0
        self.stale: list[str] = []

    def run(self) -> None:
        while not self.is_over.is_set():
            committed = int((self.folder / "version").read_text())
            with urlopen(self.address) as answer:
                found = re.search(r"Version (\d+)", answer.read().decode())
            read = int(found[1]) if found else -1
            self.reads += 1
            if read < committed:
                self.stale.append(f"read {read} after {committed} was committed")


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
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(**variables),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def start_writer(variables: dict[str, str], seed: int, edits: int, folder: Path) -> Any:
    command = [sys.executable, "-m", "tests.long.copies", "--write", str(seed)]
    command += ["--edits", str(edits), "--folder", str(folder)]
    settings = {"DJANGO_SETTINGS_MODULE": "lrscc.settings"}
    return subprocess.Popen(command, cwd=ROOT, env=environment(**variables, **settings))


def one_round(seed: int, edits: int, variables: dict[str, str], folder: Path) -> str:
    """Return what went well, in one line. Raise `AssertionError` otherwise."""
    manage(variables, "migrate", "--verbosity=0")
    manage(variables, "shell", "-c", "from tests.factories import make_source as make;"
           f" make(slug='{WITNESS}', title='Version 0')")  # fmt: skip
    (folder / "version").write_text("0")
    server = Server("ours", SERVER, variables)
    server.start()
    site, is_over = f"http://127.0.0.1:{server.port}", Event()
    readers = [Reader(site, folder, is_over) for __ in range(READERS)]
    follower = Follower(site, is_over)
    try:
        writers = [
            start_writer(variables, 10 * seed + number, edits // WRITERS, folder)
            for number in range(WRITERS)
        ]
        for thread in (*readers, follower):
            thread.start()
        time.sleep(4)
        writers[-1].kill()
        writers.append(start_writer(variables, 10 * seed + 9, edits // WRITERS, folder))
        for writer in writers:
            writer.wait()
        is_over.set()
        for thread in (*readers, follower):
            thread.join()
        fresh: dict[str, Any] = {}
        printed_client()(fresh, site)
    finally:
        is_over.set()
        server.stop()
    assert [line for reader in readers for line in reader.stale] == []
    assert json.dumps(follower.copy, sort_keys=True) == json.dumps(fresh, sort_keys=True)
    manage(variables, "check_derived")
    reads = sum(reader.reads for reader in readers)
    return f"{len(fresh['records'])} records equal, {reads} reads, none out of date"


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
