"""What is saved at a moment, as one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from cities.models import LogEntry
from cities.records.derived import collecting
from lrscc.changes import editions


@contextmanager
def saved_at(moment: datetime) -> Iterator[None]:
    """What is saved inside is saved together, as a form is, at a moment.

    The moments of the log never go back: begin with the earliest.
    """
    with (
        patch("lrscc.changes.writing.now", lambda: moment),
        patch("simple_history.models.timezone.now", lambda: moment),
        collecting(),
    ):
        yield


def all_changed_at(moment: datetime) -> None:
    """Every record, as if it was published at this moment and not changed since."""
    editions.update()
    LogEntry.objects.update(moment=moment)


def change(record: Any, **values: Any) -> None:
    """Save other values of a record."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
