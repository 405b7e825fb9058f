"""How programs, exchanges and awards are written in the register's files."""

from cities.records.register_tables import Table
from exchanges.models import (
    AwardCategory,
    AwardKind,
    Exchange,
    ExchangeRole,
    Funding,
    PopulationBand,
    Program,
    ProgramRole,
)

PROGRAMS = Table(
    Program,
    name="programs",
    key=("slug",),
    fields=(
        "slug",
        "title",
        "kind",
        "audience",
        "for_whom",
        "relationships",
        "summary",
        "how_to_apply",
        "application_address",
        "contact_office",
        "contact_email",
        "since",
        "until",
        "sources",
    ),
    children={
        "roles": Table(
            ProgramRole,
            parent="program",
            key=("role", "organization"),
            fields=("organization", "role"),
        )
    },
    former_names=("programmes",),
)

EXCHANGES = Table(
    Exchange,
    name="exchanges",
    key=("slug",),
    fields=(
        "slug",
        "program",
        "title",
        "relationships",
        "direction",
        "state",
        "reason",
        "begins",
        "ends",
        "where",
        "venue",
        "applications_open_on",
        "applications_close_on",
        "cost",
        "cost_currency",
        "cost_words",
        "people_sent",
        "people_hosted",
        "students",
        "volunteers",
        "volunteer_hours",
        "home_stays",
        "counts_source",
        "story",
        "sources",
    ),
    children={
        "roles": Table(
            ExchangeRole,
            parent="exchange",
            key=("role", "organization"),
            fields=("organization", "role"),
        ),
        "funding": Table(
            Funding,
            parent="exchange",
            key=("organization", "year", "nature", "what"),
            fields=("organization", "nature", "what", "amount", "currency", "year", "source"),
        ),
    },
    former_fields={"programme": "program"},
)

AWARD_CATEGORIES = Table(
    AwardCategory,
    name="award_categories",
    key=("slug",),
    fields=("slug", "name", "honors", "rank", "since_year", "until_year", "source", "note"),
    children={"kinds": Table(AwardKind, parent="category", key=("kind",), fields=("kind",))},
    former_fields={"honours": "honors"},
)

POPULATION_BANDS = Table(
    PopulationBand,
    name="population_bands",
    key=("least", "since_year"),
    fields=("least", "most", "since_year", "until_year", "source", "note"),
)
