"""Who has the form of a record open: a sign for others, and never a lock.

It is kept in the shared cache alone, and forgotten when the form is saved or left, or has given
no sign of life for some minutes. Of two who open a form in the same moment one may be missed,
until their page asks again.
"""

import time
from contextlib import suppress
from typing import Any, NamedTuple

from django.core.cache import caches

CACHE = "open_forms"

FORGOTTEN_AFTER = 5 * 60
"""Seconds without a sign of life. A page gives one each minute."""


class Opened(NamedTuple):
    """Somebody who has a form open."""

    who: str
    since: float
    seen: float

    @property
    def minutes(self) -> int:
        return int((time.time() - self.since) // 60)


def note_open(record: Any, user: Any) -> list[Opened]:
    """Note that somebody has the form of a record open. Return the others who have it open."""
    found, now = _open(record), time.time()
    known = found.pop(user.pk, None)
    others = sorted(found.values(), key=lambda one: one.since)
    who = user.get_full_name() or user.get_username()
    found[user.pk] = Opened(who, known.since if known else now, now)
    _keep(record, found)
    return others


def forget_open(record: Any, user: Any) -> None:
    """Forget that somebody has the form of a record open."""
    found = _open(record)
    if found.pop(user.pk, None):
        _keep(record, found)


def _open(record: Any) -> dict[int, Opened]:
    """Return who has the form of a record open, by the key of the person."""
    since = time.time() - FORGOTTEN_AFTER
    kept: dict[int, Any] = {}
    with suppress(Exception):  # a cache that fails refuses no form
        kept = caches[CACHE].get(_key(record), {})
    opened = {pk: Opened(*one) for pk, one in kept.items()}
    return {pk: one for pk, one in opened.items() if one.seen > since}


def _keep(record: Any, found: dict[int, Opened]) -> None:
    with suppress(Exception):
        if found:
            rows = {pk: tuple(one) for pk, one in found.items()}
            caches[CACHE].set(_key(record), rows, FORGOTTEN_AFTER)
        else:
            caches[CACHE].delete(_key(record))


def _key(record: Any) -> str:
    return f"{record._meta.label_lower}:{record.pk}"
