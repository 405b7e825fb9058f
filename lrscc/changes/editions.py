"""Editions of the log: a new one begins where a copy can no longer go on from what it holds."""

from django.db import transaction

from cities.records.log import Edition, LoggedRecord, site_version
from lrscc.changes import backfill
from lrscc.changes.representation import SHAPE, represented
from lrscc.changes.writing import Batch


def keep_up(domain: str) -> None:
    """Begin the first edition, or a new one if representations have another shape.

    `domain` is the one that ids in feeds were made from before there was a log.
    """
    newest = Edition.objects.order_by("-pk").first()
    if newest is None:
        with transaction.atomic():
            Edition.objects.create(shape=SHAPE, reason="The log begins.")
            backfill.fill(domain)
    elif newest.shape != SHAPE:
        begin("Representations have another shape.")


@transaction.atomic
def begin(reason: str) -> Edition:
    """Begin an edition, and say again in it what is public: that is all a copy needs."""
    edition = Edition.objects.create(shape=SHAPE, reason=reason, follows=site_version().number)
    _write(Batch(restates=True))
    return edition


@transaction.atomic
def update() -> None:
    """Write to the log whatever it does not know of the records."""
    _write(Batch())


def _write(batch: Batch) -> None:
    in_order = sorted(represented().values(), key=lambda kind: kind.depth)
    for kind in in_order:
        known = LoggedRecord.objects.filter(kind=kind.record_type.label)
        batch.add(kind, kind.answering() | set(known.values_list("object_id", flat=True)))
    batch.save()
