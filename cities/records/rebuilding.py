"""Make derived rows again, a few owners at a time, so that others can save meanwhile."""

from time import monotonic, sleep

from django.db import connection, transaction

from cities.records.derived import Derivation, lock_owners

SECONDS_PER_BATCH = 0.4
"""How long about others wait for a batch: its owners are locked, and on SQLite all writing is."""

PAUSE = 0.12
"""Seconds for others after so much work: on SQLite those who wait ask again every 0.1 s."""


def rebuild(derivation: Derivation) -> int:
    """Make all rows of a derivation again, and write those that differ.

    Return the number of their owners.
    """
    pks = sorted(derivation.owners())
    done, size, worked = 0, min(20, derivation.owners_per_batch), 0.0
    while done < len(pks):
        began = monotonic()
        some = pks[done : done + size]
        with transaction.atomic():
            lock_owners({derivation: some})
            derivation.begin()
            derivation.derive(some)
            derivation.end()
        done += len(some)
        took = max(monotonic() - began, 0.001)
        worked += took
        size = max(1, min(int(len(some) * SECONDS_PER_BATCH / took), derivation.owners_per_batch))
        if done == len(pks) or worked > SECONDS_PER_BATCH / 2:
            _let_others_write()
            worked = 0.0
    return len(pks)


def _let_others_write() -> None:
    if not connection.in_atomic_block:
        sleep(PAUSE)
