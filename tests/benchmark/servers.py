"""The servers that are compared: each with two workers, on this machine alone."""

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmark import processes
from tests.tools import UNLIMITED

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only for the benchmark, " * 4
PATIENCE = 900
"""Seconds that the slowest answer may take."""
WORKERS = 2
GUNICORN = ("-m", "gunicorn", "--workers", str(WORKERS), "--threads", "4", "--log-level", "error")

Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a process of either site."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | UNLIMITED | {"SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT)} | variables


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """One site as it is served; `database_pid` is the PostgreSQL whose work counts with it."""

    name: str
    command: list[str]
    variables: dict[str, str]
    database_pid: int | None = None
    port: int = field(default_factory=free_port)
    process: Any = None
    pids: list[int] = field(default_factory=list)
    connection: Any = None

    def start(self) -> float:
        """Start it; return the seconds until its first answer, or raise `RuntimeError`."""
        before = time.perf_counter()
        command = [part.replace("PORT", str(self.port)) for part in self.command]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(**self.variables),
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the benchmark, which stops its servers
        )
        while self.process.poll() is None and time.perf_counter() - before < PATIENCE:
            try:
                if self.get(self.first_address).status == 200:
                    seconds = time.perf_counter() - before
                    self.pids = self._all_processes()
                    return seconds
            except OSError:
                self.disconnect()
                time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"The server “{self.name}” does not answer.")

    def _all_processes(self) -> list[int]:
        """Return the main process and its workers. One may answer before the other is there."""
        until = time.perf_counter() + PATIENCE
        found = processes.family(self.process.pid)
        while len(found) < 1 + WORKERS and time.perf_counter() < until:
            time.sleep(0.01)
            found = processes.family(self.process.pid)
        return found

    @property
    def first_address(self) -> str:
        return "/100/" if self.name == "bare" else "/"

    def stop(self) -> None:
        """Stop it as a system would, and wait until it is gone."""
        self.disconnect()
        if self.process is None or self.process.poll() is not None:
            return
        workers = processes.family(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            for number in workers:
                with suppress(ProcessLookupError):  # it may have ended by now
                    os.kill(number, signal.SIGKILL)
            self.process.wait()

    def connect(self) -> None:
        """Open a new connection, which one of the workers then serves."""
        self.disconnect()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.connection.connect()

    def disconnect(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def get(self, address: str, headers: Headers = NO_HEADERS) -> "Answer":
        """Ask it over a connection that is kept; `ms` is from the question to the last byte."""
        if self.connection is None or _is_closed(self.connection.sock):
            self.connect()
        before = time.perf_counter()
        self.connection.request("GET", address, headers=dict(headers))
        response = self.connection.getresponse()
        body = response.read()
        ms = (time.perf_counter() - before) * 1000
        return Answer(response.status, ms, body, response.headers)

    def cpu_ms(self) -> float:
        """Return the CPU time that it and its database have used so far."""
        database = processes.family(self.database_pid) if self.database_pid else []
        return processes.cpu_ms([*self.pids, *database])

    def memory_mb(self) -> float:
        return processes.memory_mb(processes.family(self.process.pid))


def _is_closed(connection: Any) -> bool:
    """Return whether the other side has ended a connection, or it was never open."""
    return connection is None or bool(select.select([connection], [], [], 0)[0])


@dataclass(frozen=True)
class Answer:
    status: int
    ms: float
    body: bytes
    headers: Any


def our_site(name: str, variables: dict[str, str], database_pid: int | None) -> Server:
    """Return our site as `manage.py serve` runs it."""
    return Server(name, ["manage.py", "serve", "--port", "PORT"], variables, database_pid)


def with_gunicorn(
    name: str, module: str, variables: dict[str, str], database_pid: int | None = None
) -> Server:
    """Return another site, served as ours is."""
    command = [*GUNICORN, "--bind", "127.0.0.1:PORT", module]
    return Server(name, command, variables, database_pid)
