"""The next anniversary of a relationship, as exactly as its beginning is known."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Any

from cities.records.dates import RecordDate
from cities.standing import Kind, Standing, Status

_EXACT = re.compile(r"\d{4}(-\d\d)?(-\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Anniversary:
    """How many years it will have lasted, and when: on a day, in a month or in a year."""

    years: int
    on: RecordDate
    began: RecordDate

    def as_dict(self) -> dict[str, Any]:
        return {"years": self.years, "on": self.on.as_dict()}


def anniversary_of(standing: Standing, day: date) -> Anniversary | None:
    """Return the next anniversary of an active relationship, from a day on.

    A source that only names it does not say when it began.
    """
    began = standing.began
    if standing.status != Status.ACTIVE or began.kind == Kind.ATTESTED:
        return None
    return next_anniversary(began.on, day)


def next_anniversary(began: RecordDate, day: date) -> Anniversary | None:
    """Return the next anniversary of a date, on a day or later.

    Of a month or a year it is that month or year, until it is over. There is none of a date that
    is uncertain, approximate or in one of several years.
    """
    first = began.earliest
    if first is None or not _EXACT.fullmatch(began.edtf):
        return None
    year = max(day.year, first.year + 1)
    while year <= MAXYEAR:
        on = RecordDate.parse(_in_year(began.edtf, year))
        if on.latest is not None and on.latest >= day:
            return Anniversary(year - first.year, on, began)
        year += 1
    return None


def _in_year(edtf: str, year: int) -> str:
    """Return the same day, month or year of another year: February 29 is the 28th in most."""
    try:
        date.fromisoformat(moved := f"{year:04}{edtf[4:]}")
    except ValueError:
        return moved.replace("-02-29", "-02-28")  # a month or a year is no day, and stays
    return moved
