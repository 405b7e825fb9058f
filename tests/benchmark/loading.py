"""What loading, dumping and rebuilding take, each as the command that staff would run."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from tests.benchmark import facts, processes
from tests.benchmark.databases import Database, shell
from tests.benchmark.servers import ROOT, environment


@dataclass(frozen=True)
class Run:
    """One command: how long it took, its CPU with that of PostgreSQL, its highest memory."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def run(database: Database, *command: str) -> Run:
    """Run a command of our site. Raise `CalledProcessError` if it fails."""
    of_database = processes.family(database.pid) if database.pid else []
    worked = processes.cpu_ms(of_database)
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(**database.ours),
        stdout=subprocess.DEVNULL,
    )
    __, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = processes.family(database.pid) if database.pid else []
    of_database_ms = processes.cpu_ms(after) - worked
    cpu = used.ru_utime + used.ru_stime + of_database_ms / 1000
    return Run(seconds, cpu, used.ru_maxrss / 1024)


def load(database: Database, records: int) -> dict[str, float]:
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
    }


def dump(database: Database) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return _figures(run(database, "dump_register", folder))


def rebuild(database: Database, command: str) -> dict[str, float]:
    return _figures(run(database, command))


def _figures(done: Run) -> dict[str, float]:
    return {"seconds": done.seconds, "cpu_seconds": done.cpu_seconds, "peak_mb": done.peak_mb}
