"""Replace the process with the production server."""

import os
import signal
import sys
from typing import Any

WORKERS, THREADS = 2, 4


def run(host: str, port: int) -> None:
    """Become gunicorn: two processes, so that one slow answer never stops the site."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "lrscc.wsgi",
        "--config", f"python:{__name__}",
        "--bind", address,
        "--worker-class", "lrscc.running.worker.BufferingWorker",
        "--workers", str(WORKERS),
        "--threads", str(THREADS),
        "--preload",
        "--log-level", "warning",
        "--graceful-timeout", "10",
        "--limit-request-line", "8190",
        "--no-control-socket",  # a file in the home folder, which a service may not write
    ]  # fmt: skip
    os.execv(sys.executable, command)


def when_ready(server: Any) -> None:
    """Load what the processes share, and stop at Ctrl-C as at SIGTERM: the server's own quick
    stop can lock itself up."""
    from lrscc.running.sharing import load_what_is_shared  # noqa: PLC0415 - Django is set up now

    load_what_is_shared()
    signal.signal(signal.SIGINT, lambda *ignored: os.kill(os.getpid(), signal.SIGTERM))


def post_worker_init(worker: Any) -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the one that stops the others."""
    from lrscc.running import clock  # noqa: PLC0415 - Django is set up now

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.start()
