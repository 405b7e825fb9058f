"""What loading, dumping and rebuilding take, each as the command that staff would run."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tomli_w

from tests.benchmark import facts, processes
from tests.benchmark.databases import SQLITE, Database, shell
from tests.benchmark.servers import PATIENCE, ROOT, environment


@dataclass(frozen=True)
class Run:
    """One command: how long it took, its CPU with that of PostgreSQL, its highest memory."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    longest_wait: float | None
    """Seconds that somebody else who saves meanwhile had to wait; None on PostgreSQL."""


class Waiting(threading.Thread):
    """Somebody who takes the lock for writing on SQLite again and again, and gives it back."""

    PAUSE = 0.02

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True)
        self.file, self.longest, self.is_over = file, 0.0, threading.Event()

    def run(self) -> None:
        with closing(
            sqlite3.connect(self.file, timeout=PATIENCE, isolation_level=None)
        ) as connection:
            while not self.is_over.wait(self.PAUSE):
                before = time.perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                self.longest = max(self.longest, time.perf_counter() - before)

    def stop(self) -> float:
        """Return the longest wait in seconds."""
        self.is_over.set()
        self.join()
        return self.longest


def run(database: Database, *command: str) -> Run:
    """Run a command of our site. Raise `CalledProcessError` if it fails."""
    of_database = processes.family(database.pid) if database.pid else []
    worked = processes.cpu_ms(of_database)
    waiting = None
    if database.system == SQLITE:
        waiting = Waiting(Path(database.ours["DATA_DIR"], "register.sqlite3"))
        waiting.start()
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(**database.ours),
        stdout=subprocess.DEVNULL,
    )
    __, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - before
    longest_wait = waiting.stop() if waiting else None
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = processes.family(database.pid) if database.pid else []
    of_database_ms = processes.cpu_ms(after) - worked
    cpu = used.ru_utime + used.ru_stime + of_database_ms / 1000
    return Run(seconds, cpu, used.ru_maxrss / 1024, longest_wait)


def load(database: Database, records: int) -> dict[str, Any]:
    """Load made-up resolutions into a new database that has the register and what they name."""
    size = facts.Size(records)
    database.folder.mkdir(parents=True, exist_ok=True)
    shell(
        database.ours,
        "from django.core.management import call_command as call;"
        f" call('migrate', verbosity=0); call('load_register', {str(facts.REGISTER)!r})",
    )
    with tempfile.TemporaryDirectory() as folder:
        tables: dict[str, Any] = facts.few(size)
        named, resolutions = Path(folder, "named.toml"), Path(folder, "resolutions.toml")
        named.write_text(tomli_w.dumps(tables))
        resolutions.write_text(tomli_w.dumps({"resolutions": list(facts.resolutions(size))}))
        run(database, "load_register", str(named))
        done = run(database, "load_register", str(resolutions))
    return {
        "resolutions": records,
        "rate": records / done.seconds,
        "cpu_ms": done.cpu_seconds * 1000 / records,
        "peak_mb": done.peak_mb,
        "longest_wait": done.longest_wait,
    }


def dump(database: Database) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return asdict(run(database, "dump_register", folder))


def rebuild(database: Database, command: str) -> dict[str, Any]:
    return asdict(run(database, command))
