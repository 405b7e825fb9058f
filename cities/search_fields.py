"""What cities, types of relationship and sources are found by."""

from cities.records.search_fields import SearchFields

CITY = SearchFields(
    kind="city",
    order=1,
    title="name",
    also=(("names__text", "names__language"),),
    text=(
        "summary",
        "summaries__text",
        "organizations__summary",
        "relationships__story",
        "relationships__entries__note",
        "relationships__entries__partner_term",
        "relationships__entries__reason",
        "relationships__entries__condition",
        "relationships__entries__why_not_preferred",
        "relationships__agreements__titles__text",
        "relationships__agreements__note",
        "relationships__agreements__signed_at",
        "relationships__agreements__signatories__name",
        "relationships__agreements__signatories__office",
    ),
    keywords=(
        "kind",
        "country_name",
        "former_countries__country",
        "subdivision_name",
        "part_of__name",
        "organizations__name",
        "organizations__abbreviation",
        "relationships__lead_commissioner",
        "relationships__entries__kind",
        "relationships__entries__on",
        "relationships__entries__decided_by__name",
        "relationships__entries__decided_by__abbreviation",
        "relationships__entries__type__name",
        "relationships__agreements__kind",
    ),
    cities=("",),
)

RELATIONSHIP_TYPE = SearchFields(
    kind="relationship_type",
    order=2,
    title="name",
    text=("definition",),
    keywords=("name_plural",),
)

SOURCE = SearchFields(
    kind="source",
    order=9,
    title="title",
    text=("publisher", "finding_aid"),
    keywords=("kind", "reliability", "address"),
    date="dated",
    proposed=False,
)

PARTNERS = (
    "relationships__partner__name",
    "relationships__partner__names__text",
)
"""The names of the partner cities of a record’s relationships."""

ORGANIZATION = ("organization__name", "organization__abbreviation")
"""The names of a record’s organization."""
