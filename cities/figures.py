"""The numbers above a list of partners, on the home page and on the list itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext, ngettext_lazy

from cities.models import Relationship, RelationshipType
from cities.records.dates import RecordDate
from cities.standing import Status
from cities.words import lower_first

STATUS_COUNTS = {
    Status.PROPOSED: ngettext_lazy("%(count)s proposed", "%(count)s proposed", "count"),
    Status.ACTIVE: ngettext_lazy("%(count)s active", "%(count)s active", "count"),
    Status.DORMANT: ngettext_lazy("%(count)s inactive", "%(count)s inactive", "count"),
    Status.SUSPENDED: ngettext_lazy("%(count)s suspended", "%(count)s suspended", "count"),
    Status.ENDED: ngettext_lazy("%(count)s ended", "%(count)s ended", "count"),
    Status.CONTESTED: ngettext_lazy("%(count)s disputed", "%(count)s disputed", "count"),
}


@dataclass(frozen=True)
class Figure:
    """A number, or a date, and what it counts."""

    title: str
    value: Any


def figures(
    relationships: Iterable[Relationship], types: Iterable[RelationshipType]
) -> list[Figure]:
    """Return how many relationships there are by type and status, the countries and the first.

    The relationships have their standing of a day. What is zero or unknown is left out.
    """
    relationships = list(relationships)
    alive = [relationship for relationship in relationships if relationship.standing.is_alive]
    of_type = Counter(relationship.standing.type for relationship in alive)
    of_status = Counter(relationship.standing.status for relationship in relationships)
    counted = [
        *((kind.name_plural, of_type[kind.slug]) for kind in types),
        (gettext("Type not on record"), of_type[None]),
        (gettext("Of these, inactive"), of_status[Status.DORMANT]),
        (gettext("Of these, suspended"), of_status[Status.SUSPENDED]),
        (gettext("Of these, disputed"), of_status[Status.CONTESTED]),
        (gettext("Proposed"), of_status[Status.PROPOSED]),
        (gettext("Ended"), of_status[Status.ENDED]),
        (gettext("Countries"), _countries(alive)),
        (gettext("Since"), first_date(relationships)),
    ]
    return [Figure(title, value) for title, value in counted if value]


def first_date(relationships: Iterable[Relationship]) -> RecordDate | None:
    """Return when the first relationship began of those that have not ended."""
    began = [
        relationship.standing.began.on
        for relationship in relationships
        if relationship.standing.is_alive and relationship.standing.began
    ]
    return min(began, key=_first_day) if began else None


def status_counts(relationships: Iterable[Relationship]) -> list[str]:
    """Return how many relationships have each status: “13 active”, “1 ended”."""
    of_status = Counter(relationship.standing.status for relationship in relationships)
    return [
        words % {"count": of_status[status]}
        for status, words in STATUS_COUNTS.items()
        if of_status[status]
    ]


def partners_in_words(
    relationships: Iterable[Relationship], types: Iterable[RelationshipType]
) -> dict[str, str]:
    """Return “8 sister cities and 5 friendship cities” and “9 countries”, of what is alive."""
    alive = [relationship for relationship in relationships if relationship.standing.is_alive]
    of_type = Counter(relationship.standing.type for relationship in alive)
    named = [
        f"{count} {lower_first(kind.name if count == 1 else kind.name_plural)}"
        for kind in types
        if (count := of_type[kind.slug])
    ]
    countries = _countries(alive)
    return {
        "cities": get_text_list(named, gettext("and")),
        "countries": ngettext("%(count)s country", "%(count)s countries", countries)
        % {"count": countries},
    }


def _countries(relationships: Iterable[Relationship]) -> int:
    return len({relationship.partner.country for relationship in relationships})


def _first_day(on: Any) -> date:
    return on.earliest
