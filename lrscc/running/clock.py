"""Publish what is scheduled while the site is served, and send mails that are still to be sent."""

import logging
import threading

from django.db import close_old_connections, connections

logger = logging.getLogger(__name__)

EVERY = 30
"""Seconds between two looks at what is due."""


def start() -> None:
    """Begin to look, beside the requests of this process."""
    threading.Thread(target=run, args=(threading.Event(),), name="clock", daemon=True).start()


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Publish and send what is due, again and again, until `stop` is set."""
    from cities.records.scheduling import release_due  # noqa: PLC0415 - Django is set up now
    from lrscc.accounts.unsent import send_again  # noqa: PLC0415 - as above

    while not stop.wait(every):
        close_old_connections()
        try:
            release_due()
            send_again()
        except Exception:
            logger.exception("What is due was not published or sent; the next try comes soon.")
        finally:
            connections.close_all()
