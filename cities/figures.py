"""What the partners come to in numbers: home and the list of partners show the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cities.models import Relationship, RelationshipType
from cities.standing import Status


@dataclass(frozen=True)
class Figure:
    """A number, or a date, and what it says."""

    title: str
    value: Any


def figures(
    relationships: Iterable[Relationship], types: Iterable[RelationshipType]
) -> list[Figure]:
    """Ties that are alive by type, those that stand otherwise, countries, and the first tie.

    `ties` have their standing of a day. What is zero or not on record is left out.
    """
    relationships = list(relationships)
    alive = [relationship for relationship in relationships if relationship.standing.is_alive]
    of_type = Counter(relationship.standing.type for relationship in alive)
    of_status = Counter(relationship.standing.status for relationship in relationships)
    began = [relationship.standing.began for relationship in alive if relationship.standing.began]
    counted = [
        *((kind.name_plural, of_type[kind.slug]) for kind in types),
        (_("Kind of tie not found yet"), of_type[None]),
        (_("Of these dormant"), of_status[Status.DORMANT]),
        (_("Of these suspended"), of_status[Status.SUSPENDED]),
        (_("Of these contested"), of_status[Status.CONTESTED]),
        (_("Proposed"), of_status[Status.PROPOSED]),
        (_("Ended"), of_status[Status.ENDED]),
        (_("Countries"), len({relationship.partner.country for relationship in alive})),
        (_("First tie"), min(began, key=_first_day).on if began else None),
    ]
    return [Figure(title, value) for title, value in counted if value]


def _first_day(mark: Any) -> date:
    return mark.on.earliest
