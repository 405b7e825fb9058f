"""The register as files: what a record looks like in TOML, and how it is written.

A file holds arrays of tables (``[[places]]``, ``[[sources]]``, …). A record names others
by slug, leaves out what is empty, and is published unless it says otherwise.
`lrscc.register_loading` reads the same shapes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from cities.dates import RecordDate
from cities.models import (
    Agreement,
    AgreementTitle,
    Authority,
    Citation,
    City,
    CityName,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Signatory,
    Source,
    Succession,
)
from cities.publishing import Publication, Publishable


@dataclass(frozen=True)
class Shape:
    """How records of one model are written.

    `key` names the fields that tell a record from its siblings. `children` are written
    inside their parent; `late_children` too, but loaded once every other record is there.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    parent: str = ""
    children: dict[str, "Shape"] = field(default_factory=dict)
    late_children: dict[str, "Shape"] = field(default_factory=dict)

    @property
    def all_children(self) -> dict[str, "Shape"]:
        return self.children | self.late_children

    @property
    def all_fields(self) -> tuple[str, ...]:
        return (*self.fields, *PUBLICATION) if self.is_publishable else self.fields

    @property
    def is_publishable(self) -> bool:
        return issubclass(self.model, Publishable)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


PUBLICATION = ("publication", "withdrawn_on", "withdrawn_because")

SHAPES: dict[str, Shape] = {
    "sources": Shape(
        Source,
        ("slug",),
        (
            "slug",
            "title",
            "publisher",
            "kind",
            "grade",
            "dated",
            "language",
            "address",
            "archived_address",
            "finding_aid",
            "accessed_on",
        ),
    ),
    "places": Shape(
        City,
        ("slug",),
        (
            "slug",
            "name",
            "kind",
            "country",
            "subdivision",
            "part_of",
            "summary",
            "latitude",
            "longitude",
            "time_zone",
            "geography_source",
            "population",
            "population_year",
            "population_scope",
            "population_source",
            "website",
            "wikidata_id",
            "began",
            "ceased",
        ),
        children={
            "names": Shape(
                CityName,
                ("kind", "language", "text"),
                ("text", "language", "kind", "source"),
                parent="city",
            )
        },
    ),
    "successions": Shape(
        Succession,
        ("predecessor", "successor", "kind"),
        ("predecessor", "successor", "kind", "on", "source", "note"),
    ),
    "organizations": Shape(
        Organization,
        ("slug",),
        (
            "slug",
            "name",
            "abbreviation",
            "classification",
            "place",
            "summary",
            "website",
            "founded",
            "dissolved",
            "source",
        ),
    ),
    "authorities": Shape(
        Authority,
        ("place", "organization", "since"),
        ("organization", "place", "since", "until", "basis", "source"),
    ),
    "relationship_types": Shape(
        RelationshipType,
        ("slug",),
        ("slug", "name", "name_plural", "definition", "rank", "needs_agreement"),
    ),
    "relationships": Shape(
        Relationship,
        ("slug",),
        ("slug", "home", "partner", "lead_commissioner", "review_on", "story"),
        late_children={
            "entries": Shape(
                Entry,
                ("line",),
                (
                    "line",
                    "kind",
                    "on",
                    "party",
                    "acceptance",
                    "why_not_preferred",
                    "decided_by",
                    "type",
                    "partner",
                    "agreement",
                    "reason",
                    "condition",
                    "review_on",
                    "note",
                ),
                parent="relationship",
                children={
                    "citations": Shape(
                        Citation,
                        ("role", "source"),
                        ("source", "role", "locator", "says"),
                        parent="entry",
                    )
                },
            )
        },
    ),
    "agreements": Shape(
        Agreement,
        ("slug",),
        (
            "slug",
            "kind",
            "relationships",
            "signed_on",
            "signed_at",
            "term",
            "renewal_rule",
            "note",
            "documents",
        ),
        children={
            "titles": Shape(
                AgreementTitle, ("language",), ("language", "text"), parent="agreement"
            ),
            "signatories": Shape(
                Signatory,
                ("name", "on_behalf_of"),
                ("name", "office", "on_behalf_of"),
                parent="agreement",
            ),
        },
    ),
}
"""Every table a file may hold, in the order in which records may refer to one another."""


def as_written(shape: Shape, record: models.Model) -> dict[str, Any]:
    """One record with its children, empty fields left out."""
    table = {}
    for name in shape.all_fields:
        value = _plain(record, name)
        is_default = name == "publication" and value == Publication.PUBLISHED
        if value not in (None, "", []) and value is not False and not is_default:
            table[name] = value
    for name, child in shape.all_children.items():
        rows = [as_written(child, row) for row in getattr(record, name).all()]
        if rows:
            table[name] = sorted(rows, key=partial(sort_key, child))
    return table


def sort_key(shape: Shape, table: dict[str, Any]) -> tuple[Any, ...]:
    """Where a written record stands among its siblings."""
    return tuple(table.get(name, "") for name in shape.key)


def _plain(record: models.Model, name: str) -> Any:
    """A field as TOML can say it: other records by slug, dates on record as EDTF."""
    value = getattr(record, name)
    if isinstance(value, models.Model):
        return value.slug  # type: ignore[attr-defined]
    if isinstance(value, RecordDate):
        return value.edtf
    if isinstance(record._meta.get_field(name), models.ManyToManyField):
        return sorted(other.slug for other in value.all())
    return str(value) if isinstance(value, str) else value


def dump(folder: Path) -> Iterator[tuple[str, int]]:
    """Write every table to its own file in `folder`; yields file names and record counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, shape in SHAPES.items():
        tables = [as_written(shape, record) for record in _with_children(shape)]
        tables.sort(key=partial(sort_key, shape))
        path = folder / f"{name}.toml"
        if not tables:
            path.unlink(missing_ok=True)  # of an earlier dump into the same folder
        else:
            text = tomli_w.dumps({name: tables})
            path.write_text(text, encoding="utf-8")
            yield path.name, len(tables)


def _with_children(shape: Shape) -> models.QuerySet:
    """All records of a shape with all that `as_written` reads, in a fixed number of queries."""
    return shape.model._default_manager.prefetch_related(*_paths(shape, ""))


def _paths(shape: Shape, prefix: str) -> Iterator[str]:
    for name in shape.fields:
        if shape.model._meta.get_field(name).is_relation:
            yield prefix + name
    for name, child in shape.all_children.items():
        yield prefix + name
        yield from _paths(child, f"{prefix}{name}__")
