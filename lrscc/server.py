"""Hands the process over to the production server."""

import os
import sys

WORKERS, THREADS = 2, 4


def run(host: str, port: int) -> None:
    """Become gunicorn: two processes, so that one slow answer never stops the site."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "lrscc.wsgi",
        "--bind", address,
        "--preload",  # a process that is still loading would not hear that it is to stop
        "--workers", str(WORKERS),
        "--threads", str(THREADS),
        "--log-level", "warning",
        "--graceful-timeout", "10",
        "--limit-request-line", "8190",
    ]  # fmt: skip
    os.execv(sys.executable, command)
