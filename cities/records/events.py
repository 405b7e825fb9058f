"""What matters of the record as events in the log of the site: keys and counts, never words."""

import getpass
import logging
from collections import Counter
from typing import Any

from django.db import transaction

from cities.records.change_sets import ChangeSet, ProposedChange

RECORDS_NAMED = 100
"""How many records of one change set a line names."""

logger = logging.getLogger("lrscc.events")


def write(event: str, **facts: Any) -> None:
    """Write a line for people and, as JSON, for programs."""
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
    logger.info("%s: %s", event, said, extra={"said": {"event": event, **facts}})


def by_command(event: str, **facts: Any) -> None:
    """Write what a command did, and as which user of the machine it ran."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # one that has a number and no name
        user = ""
    write(event, **facts, system_user=user or "unknown")


def published(change_set: ChangeSet, by: Any) -> None:
    """Write that a change set was published, once that is for good."""
    person = by.pk if by else None
    transaction.on_commit(lambda: _write_published(change_set.pk, person), robust=True)


def _write_published(change_set: int, person: int | None) -> None:
    changes = ProposedChange.objects.filter(change_set=change_set).order_by("pk")
    done = list(changes.values_list("deed", "kind", "object_id"))
    counts = Counter(deed for deed, *__ in done)
    named = [f"{deed} {kind} {key}" for deed, kind, key in done[:RECORDS_NAMED]]
    facts = {"change_set": change_set, "account": person, **counts, "records": named}
    write("change set published", **facts)
