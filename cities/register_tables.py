"""How cities, relationships and sources are written in the register's files."""

from datetime import date
from typing import Any

from cities.models import (
    Agreement,
    AgreementTitle,
    Authority,
    Citation,
    City,
    CityName,
    CitySummary,
    Entry,
    FormerCountry,
    Organization,
    Population,
    Register,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.records.register_tables import Table, by_date
from cities.standing import ENDINGS


def _ends_last(values: dict[str, Any]) -> tuple[bool, date]:
    """Sort entries by date, ends last: an entry is checked against those before it."""
    return values.get("kind") in ENDINGS, by_date(values)


SOURCES = Table(
    Source,
    name="sources",
    key=("slug",),
    fields=(
        "slug",
        "title",
        "title_language",
        "publisher",
        "kind",
        "reliability",
        "dated",
        "language",
        "address",
        "archived_address",
        "finding_aid",
        "accessed_on",
    ),
    former_fields={"grade": "reliability"},
)

CITIES = Table(
    City,
    name="cities",
    key=("slug",),
    fields=(
        "slug",
        "name",
        "is_another_place",
        "kind",
        "country",
        "subdivision",
        "part_of",
        "summary",
        "latitude",
        "longitude",
        "is_outside_country",
        "time_zone",
        "geography_source",
        "website",
        "wikidata_id",
        "began",
        "ceased",
    ),
    children={
        "names": Table(
            CityName,
            parent="city",
            key=("kind", "language", "text"),
            fields=("text", "language", "kind", "since", "until", "source"),
        ),
        "summaries": Table(
            CitySummary,
            parent="city",
            key=("language",),
            fields=("language", "text", "written_by"),
        ),
        "populations": Table(
            Population,
            parent="city",
            key=("area", "on", "source"),
            fields=("count", "area", "scope", "on", "source"),
        ),
        "former_countries": Table(
            FormerCountry,
            parent="city",
            key=("country",),
            fields=("country", "since", "until", "source"),
        ),
    },
    former_names=("places",),
    former_fields={
        "population": "populations",
        "population_year": "populations",
        "population_scope": "populations",
        "population_source": "populations",
    },
)

SUCCESSIONS = Table(
    Succession,
    name="successions",
    key=("predecessor", "successor", "kind"),
    fields=("predecessor", "successor", "kind", "on", "source", "note"),
)

ORGANIZATIONS = Table(
    Organization,
    name="organizations",
    key=("slug",),
    fields=(
        "slug",
        "name",
        "abbreviation",
        "classification",
        "place",
        "summary",
        "website",
        "email",
        "telephone",
        "postal_address",
        "hours",
        "contact_source",
        "founded",
        "dissolved",
        "source",
    ),
)

REGISTER = Table(
    Register,
    name="register",
    key=(),
    fields=("home", "maintainer", "records_office"),
)

AUTHORITIES = Table(
    Authority,
    name="authorities",
    key=("place", "organization", "since"),
    fields=("organization", "place", "since", "until", "basis", "source"),
)

RELATIONSHIP_TYPES = Table(
    RelationshipType,
    name="relationship_types",
    key=("slug",),
    fields=("slug", "name", "name_plural", "definition", "rank", "needs_agreement"),
)

ENTRIES = Table(
    Entry,
    parent="relationship",
    key=("number",),
    fields=(
        "number",
        "kind",
        "on",
        "party",
        "acceptance",
        "why_not_preferred",
        "decided_by",
        "type",
        "partner",
        "partner_term",
        "partner_term_language",
        "agreement",
        "planned_for",
        "last_contact",
        "reason",
        "condition",
        "review_on",
        "no_document_by",
        "no_document_on",
        "note",
    ),
    children={
        "citations": Table(
            Citation,
            parent="entry",
            key=("role", "source"),
            fields=("source", "role", "locator", "says"),
        )
    },
    load_order=_ends_last,
    former_fields={"line": "number"},
)

RELATIONSHIPS = Table(
    Relationship,
    name="relationships",
    key=("slug",),
    fields=("slug", "home", "partner", "lead_commissioner", "review_on", "story", "other_records"),
    late_children={"entries": ENTRIES},
)

AGREEMENTS = Table(
    Agreement,
    name="agreements",
    key=("slug",),
    fields=(
        "slug",
        "kind",
        "relationships",
        "signed_on",
        "signed_at",
        "term",
        "until",
        "renewal_rule",
        "note",
        "documents",
        "no_document_by",
        "no_document_on",
    ),
    children={
        "titles": Table(
            AgreementTitle, parent="agreement", key=("language",), fields=("language", "text")
        ),
        "signatories": Table(
            Signatory,
            parent="agreement",
            key=("name", "on_behalf_of"),
            fields=("name", "office", "on_behalf_of"),
        ),
    },
)
