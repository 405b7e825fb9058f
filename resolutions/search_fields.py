"""What resolutions, statements, meetings and members are found by."""

from typing import Any

from cities.records.search_fields import ITSELF, SearchFields
from cities.search_fields import ORGANIZATION, PARTNERS
from resolutions import numbers
from resolutions.filters import numbered_as
from resolutions.models import Resolution

CITIES = ("places__name", "places__names__text")
"""The names of the cities that a record is about."""


def _numbered(question: str) -> Any:
    """The resolutions whose number a question is, in any spelling; none if it is no number."""
    if not numbers.spelling(question).digits:
        return None
    return Resolution.objects.public().filter(numbered_as(question))


RESOLUTION = SearchFields(
    kind="resolution",
    order=3,
    title=ITSELF,
    text=(
        "summary",
        "texts__text",
        "actions__note",
        "actions__agenda_label",
        "effects__what",
        "effects__replies__summary",
    ),
    keywords=(
        "kind",
        "introduced_by",
        "normalized_number",
        "other_numbers__number",
        *ORGANIZATION,
        "sponsors__name",
        "actions__kind",
        "actions__on",
        "actions__announced_as",
        "effects__kind",
        *CITIES,
        *PARTNERS,
    ),
    cities=("places", "relationships__partner"),
    date="actions__on",
    newest_first=("texts",),
    numbered=_numbered,
    proposed=False,
)

STATEMENT = SearchFields(
    kind="statement",
    order=4,
    title="title",
    text=("speaker", "office", "summary"),
    keywords=(*ORGANIZATION, *CITIES, *PARTNERS),
    cities=("places", "relationships__partner"),
    date="on",
)

MEETING = SearchFields(
    kind="meeting",
    order=5,
    title=ITSELF,
    text=("note", "why_cancelled", "held_at", "presided_by", "minutes__text"),
    keywords=("kind", "state", *ORGANIZATION),
    constants=("meeting",),
    date="on",
    newest_first=("minutes",),
    proposed=False,
)

MEMBER = SearchFields(
    kind="member",
    order=6,
    title="name",
    text=("summary",),
    keywords=(
        "sort_name",
        "terms__organization__name",
        "terms__organization__abbreviation",
        "terms__role",
        "offices__role",
        "terms__seat__label",
    ),
)
