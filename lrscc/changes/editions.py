"""Editions of the log: a new one begins where a copy can no longer go on from what it holds."""

import uuid

from django.db import transaction
from django.utils.timezone import now

from cities.records.log import ChangeKind, Edition, LogEntry, LoggedRecord, Shown, site_version
from lrscc.changes import backfill
from lrscc.changes.representation import SHAPE, represented
from lrscc.changes.writing import ROWS_PER_QUERY, Batch, update_records


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
    update()
    edition = Edition.objects.create(shape=SHAPE, reason=reason, follows=site_version().number)
    batch, moment = uuid.uuid4(), now()
    public = LoggedRecord.objects.filter(is_public=True).order_by("newest__number", "pk")
    entries = [
        LogEntry(
            batch=batch,
            record=record,
            kind=ChangeKind.RESTATED,
            shown=Shown.NOWHERE,
            moment=moment,
            sha256=record.sha256,
        )
        for record in public
    ]
    LogEntry.objects.bulk_create(entries, batch_size=ROWS_PER_QUERY)
    for entry in entries:
        entry.record.newest = entry  # type: ignore[union-attr]
    update_records([entry.record for entry in entries])  # type: ignore[misc]
    return edition


def update() -> None:
    """Write to the log whatever it does not know of the records, kind by kind."""
    batch = Batch()
    for kind in represented().values():
        batch.add(kind, kind.answering())
    batch.save()
