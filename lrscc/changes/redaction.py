"""Take back what the log keeps of an earlier version of a record, and say why."""

from django.db import transaction
from django.utils.timezone import now

from cities.records.log import LogEntry, LoggedRecord, Representation


class NotRedactableError(Exception):
    """It cannot be redacted; the message says why and what to do."""


@transaction.atomic
def redact(sha256: str, because: str) -> int:
    """Empty a representation for good. Return in how many entries of the log it stood.

    Raise `NotRedactableError` without a reason, and for what visitors can still read.
    """
    if not because.strip():
        raise NotRedactableError("Say why. The public can read the reason.")
    found = Representation.objects.filter(sha256=sha256).first()
    if found is None:
        raise NotRedactableError("The log has no version of a record with this hash.")
    if not found.text:
        raise NotRedactableError(f"It was redacted already: {found.redacted_because}")
    if LoggedRecord.objects.filter(sha256=sha256, is_public=True).exists():
        raise NotRedactableError(
            "Visitors can still read this version. Change or withdraw the record first."
        )
    found.text, found.redacted_at, found.redacted_because = "", now(), because.strip()
    found.save()
    return LogEntry.objects.filter(sha256=sha256).count()
