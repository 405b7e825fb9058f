"""What the site's engines know of cities, relationships and sources."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities import register_tables, schema_org, search_fields, source_uses
from cities.models import (
    Agreement,
    Authority,
    City,
    Entry,
    Organization,
    Register,
    Relationship,
    RelationshipType,
    Source,
    Succession,
)
from cities.place_names import named_apart
from cities.records.record_types import Changes, Known, RecordType, itself, lower_first, registry
from cities.shared import standing_of_city
from cities.standing import Kind


def _entry(known: Known) -> str:
    kind = lower_first(str(Kind(known.kind).label))
    return gettext("entry %(number)s (%(kind)s)") % {"number": known.number, "kind": kind}


def _name(record: Any) -> str:
    return record.name


registry.register(
    RecordType(
        City,
        _("city"),
        _("Cities"),
        route="city",
        feed="city",
        feed_title=_name,
        followed_with={"city": itself},
        changes=Changes(title="name"),
        search=replace(search_fields.CITY, alone=named_apart, standing=standing_of_city),
        cited_by=source_uses.CITY,
        schema_org=schema_org.city,
        table=register_tables.CITIES,
    ),
    RecordType(
        Relationship,
        _("relationship"),
        _("Relationships"),
        changes=Changes(page="partner", title="name"),
        cited_by=source_uses.RELATIONSHIP,
        table=register_tables.RELATIONSHIPS,
    ),
    RecordType(
        Entry,
        _("entry"),
        _("Entries"),
        changes=Changes(
            phrase=_entry,
            page="relationship__partner",
            anchor="entry",
            title="name",
            number="number",
            kind="kind",
        ),
        table=register_tables.ENTRIES,
    ),
    RecordType(
        Agreement,
        _("agreement"),
        _("Agreements"),
        changes=Changes(page="relationships__partner", title="name"),
        embedded_in=("relationships",),
        cited_by=source_uses.AGREEMENT,
        table=register_tables.AGREEMENTS,
    ),
    RecordType(
        Source,
        _("source"),
        _("Sources"),
        route="source",
        changes=Changes(title_language="title_language"),
        search=search_fields.SOURCE,
        table=register_tables.SOURCES,
    ),
    RecordType(
        Organization,
        _("organization"),
        _("Organizations"),
        feed="organization",
        feed_title=_name,
        followed_with={"organization": itself},
        changes=Changes(title="name"),
        cited_by=source_uses.ORGANIZATION,
        schema_org=schema_org.organization,
        table=register_tables.ORGANIZATIONS,
    ),
    RecordType(
        RelationshipType,
        _("relationship type"),
        _("Types of relationship"),
        search=search_fields.RELATIONSHIP_TYPE,
        table=register_tables.RELATIONSHIP_TYPES,
    ),
    RecordType(
        Succession,
        _("succession"),
        _("Successions"),
        embedded_in=("successor",),
        table=register_tables.SUCCESSIONS,
    ),
    RecordType(
        Authority,
        _("authority"),
        _("Authorities"),
        table=register_tables.AUTHORITIES,
    ),
    RecordType(
        Register,
        _("register"),
        _("Register"),
        table=register_tables.REGISTER,
    ),
)
