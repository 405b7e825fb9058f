"""What programs and exchanges are found by."""

from cities.records.search_fields import SearchFields
from cities.search_fields import PARTNERS

ORGANIZATIONS = ("roles__organization__name", "roles__organization__abbreviation")
"""The names of those who run it."""

PROGRAM = SearchFields(
    kind="program",
    order=7,
    title="title",
    text=("summary", "for_whom", "how_to_apply"),
    keywords=("kind", "audience", "contact_office", *ORGANIZATIONS, *PARTNERS),
    cities=("relationships__partner",),
    date="since",
)

EXCHANGE = SearchFields(
    kind="exchange",
    order=8,
    title="title",
    text=("story", "venue", "reason", "cost_words"),
    keywords=("program__title", "state", "where__name", *ORGANIZATIONS, *PARTNERS),
    cities=("relationships__partner",),
    date="begins",
)
