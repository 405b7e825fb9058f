"""Publish what is scheduled while the site is served, send mails that are still to be sent, and
delete the rows of sessions that are over."""

import logging
import threading
import time

from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)

EVERY = 30
"""Seconds between two looks at what is due."""

SESSIONS_EVERY = 3600
"""Seconds after which old sessions are deleted; `serve` has done so when it began."""


def start() -> None:
    """Begin to look, beside the requests of this process."""
    threading.Thread(target=run, args=(threading.Event(),), name="clock", daemon=True).start()


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Publish and send what is due, again and again, until `stop` is set."""
    from cities.records.scheduling import release_due  # noqa: PLC0415 - Django is set up now
    from lrscc.accounts.unsent import send_again  # noqa: PLC0415 - as above
    from lrscc.running.preparing import forget_old_sessions  # noqa: PLC0415 - as above

    forgotten = time.monotonic()
    while not stop.wait(every):
        close_old_connections()
        try:
            release_due()
            send_again()
            if time.monotonic() - forgotten > SESSIONS_EVERY:
                forget_old_sessions()
                forgotten = time.monotonic()
        except Exception:
            logger.exception("What is due was not published or sent; the next try comes soon.")
        finally:
            connections.close_all()
