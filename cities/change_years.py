"""The years in which the status of a relationship changed, as links to the list of that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import F
from django.utils.timezone import localdate

from cities.models import Relationship, StandingPeriod
from cities.records.kept import kept


@dataclass(frozen=True)
class ChangeYear:
    """A year in which something changed, and the address of the list at its end."""

    year: int
    day: date
    address: str
    is_current: bool


@dataclass(frozen=True)
class ChangeYears:
    """The years in order, and those before and after the day of the list."""

    years: list[ChangeYear]
    before: ChangeYear | None
    after: ChangeYear | None


def change_years(day: date, conditions: Mapping[str, str]) -> ChangeYears:
    """Return the years as seen from a day; each address keeps filters such as the country."""
    today = localdate()
    ends = [(number, min(date(number, 12, 31), today)) for number in _years_of_change(today)]
    years = [
        ChangeYear(number, end, "?" + urlencode({"on": end, **conditions}), end == day)
        for number, end in ends
    ]
    return ChangeYears(
        years,
        next((year for year in reversed(years) if year.day < day), None),
        next((year for year in years if year.day > day), None),
    )


@kept
def _years_of_change(today: date) -> list[int]:
    changes = StandingPeriod.objects.filter(
        relationship__in=Relationship.objects.public(),
        opened_by=F("since"),
        first_day__lte=today,
    )
    numbers = changes.order_by("first_day__year").values_list("first_day__year", flat=True)
    return list(numbers.distinct())
