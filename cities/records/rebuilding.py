"""Make derived rows again, a few owners at a time, so that others can save meanwhile."""

from time import monotonic, sleep

from django.db import connection, transaction

from cities.records.derived import Derivation, lock

SECONDS_PER_BATCH = 0.4
"""How long about the owners of a batch are locked, or all writing on SQLite."""

PAUSE = 0.12
"""Seconds between two batches: SQLite lets those who wait ask again every 0.1 s."""


def rebuild(derivation: Derivation) -> int:
    """Make all rows of a derivation again, and write those that differ.

    Return the number of their owners.
    """
    pks = sorted(derivation.owners())
    done, size = 0, min(20, derivation.owners_per_batch)
    while done < len(pks):
        if done and not connection.in_atomic_block:
            sleep(PAUSE)
        began = monotonic()
        some = pks[done : done + size]
        with transaction.atomic():
            lock({derivation: some})
            derivation.begin()
            derivation.derive(some)
            derivation.end()
        done += len(some)
        per_owner = (monotonic() - began) / len(some)
        size = max(1, min(int(SECONDS_PER_BATCH / per_owner), derivation.owners_per_batch))
    return len(pks)
