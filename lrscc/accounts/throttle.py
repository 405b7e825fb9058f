"""Guessing is slowed down, and nobody is locked out for good: see ADR 0015.

Each try is counted before it is checked, in the database, so that a hundred guesses at once are
a hundred tries. A try that was right is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lrscc.accounts.addresses import client_address, household
from lrscc.models import Tries

FORGOTTEN_AFTER = timedelta(hours=1)
"""Tries are counted from zero again so long after the last one."""
KEPT = timedelta(days=1)
"""After which the row of a count is deleted."""
ROWS_DELETED = 100


class ThrottledError(Exception):
    """There were too many tries; the next is allowed in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """How many tries come without a delay, and how long the delay grows."""

    free: int
    longest: int

    def delay(self, number: int) -> timedelta:
        """Return how long to wait after so many tries: 2, 4, 8… seconds."""
        excess = number - self.free + 1
        return timedelta(seconds=min(2 ** min(excess, 20), self.longest) if excess > 0 else 0)


LIMITS = {"both": Limit(5, 300), "name": Limit(20, 300), "address": Limit(50, 60)}
"""By what tries are counted: a name from one address, a name from anywhere, an address."""


@dataclass(frozen=True)
class Attempt:
    """A try that was allowed and counted."""

    keys: dict[str, str]
    number: int
    """The how-manieth it is for this name, from anywhere."""

    def succeeded(self) -> None:
        """Forget the tries for the name, and take this one back from the address."""
        with transaction.atomic():
            mine = [key for by, key in self.keys.items() if by != "address"]
            Tries.objects.filter(key__in=mine).delete()
            Tries.objects.filter(key=self.keys["address"], number__gt=0).update(
                number=F("number") - 1
            )


def attempt(request: HttpRequest, what: str, name: str) -> Attempt:
    """Count a try of somebody to do something. Raise `ThrottledError` if there were too many."""
    address = household(client_address(request))
    keys = {
        "both": _key(what, "both", f"{name}\n{address}"),
        "name": _key(what, "name", name),
        "address": _key(what, "address", address),
    }
    number = _count(keys, timezone.now())
    _delete_old()
    return Attempt(keys, number)


def _key(what: str, by: str, value: str) -> str:
    """Return what a count is kept under: nobody reads a name or an address from it."""
    return salted_hmac("lrscc.tries", f"{what}\n{by}\n{value}", algorithm="sha256").hexdigest()


@transaction.atomic
def _count(keys: dict[str, str], now: datetime) -> int:
    """Count one more under each key, or under none: a refused try leaves nothing behind."""
    limits = {key: LIMITS[by] for by, key in keys.items()}
    Tries.objects.bulk_create(
        [Tries(key=key, number=0, last=now) for key in sorted(limits)], ignore_conflicts=True
    )
    rows = {
        row.key: row
        for row in Tries.objects.select_for_update().filter(key__in=limits).order_by("key")
    }
    for row in rows.values():
        if now - row.last > FORGOTTEN_AFTER:
            row.number = 0
    # Whoever waited for a row comes later than whoever asked later: only a delay is a wait.
    delays = {key: limits[key].delay(row.number) for key, row in rows.items()}
    waits = [rows[key].last + delay - now for key, delay in delays.items() if delay]
    if (wait := max(waits, default=timedelta())) > timedelta():
        raise ThrottledError(ceil(wait.total_seconds()))
    for row in rows.values():
        row.number += 1
        row.last = max(row.last, now)
    Tries.objects.bulk_update(rows.values(), ["number", "last"])
    return rows[keys["name"]].number


@transaction.atomic
def _delete_old() -> None:
    """Delete counts of long ago; those that somebody else is deleting are theirs."""
    old = Tries.objects.select_for_update(skip_locked=True).filter(last__lt=timezone.now() - KEPT)
    if keys := list(old.values_list("key", flat=True)[:ROWS_DELETED]):
        Tries.objects.filter(key__in=keys).delete()


def use_once(what: str, value: str) -> bool:
    """Return whether this value is used for the first time since yesterday, and note its use."""
    try:
        with transaction.atomic():
            Tries(key=_key(what, "once", value), number=0, last=timezone.now()).save(
                force_insert=True
            )
    except IntegrityError:
        return False
    return True


def counted(request: HttpRequest, what: str, name: str, check: Callable[[], bool]) -> bool:
    """Return what a check of a secret says, and count it if it fails."""
    this = attempt(request, what, name)
    if is_right := check():
        this.succeeded()
    return is_right
