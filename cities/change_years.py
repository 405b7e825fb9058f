"""The way through time: the years in which the standing of a tie changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import F
from django.utils.timezone import localdate

from cities.models import Relationship, StandingPeriod


@dataclass(frozen=True)
class Stop:
    """A year in which something changed, and the address of the list at its end."""

    year: int
    day: date
    address: str
    is_here: bool


@dataclass(frozen=True)
class Way:
    """The stops in order, and those next to the day asked about."""

    stops: list[Stop]
    before: Stop | None
    after: Stop | None


def way_through(day: date, conditions: Mapping[str, str]) -> Way:
    """The way as seen from a day; each address keeps the conditions, such as a country."""
    today = localdate()
    changes = StandingPeriod.objects.filter(
        relationship__in=Relationship.objects.public(),
        opened_by=F("since"),
        first_day__lte=today,
    )
    years = changes.order_by("first_day__year").values_list("first_day__year", flat=True)
    ends = [(year, min(date(year, 12, 31), today)) for year in years.distinct()]
    stops = [
        Stop(year, end, "?" + urlencode({"on": end, **conditions}), end == day)
        for year, end in ends
    ]
    return Way(
        stops,
        next((stop for stop in reversed(stops) if stop.day < day), None),
        next((stop for stop in stops if stop.day > day), None),
    )
