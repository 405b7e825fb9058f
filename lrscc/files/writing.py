"""The register as files: how records are written.

A file holds arrays of tables (``[[places]]``, ``[[sources]]``, …). A record names others
by slug, leaves out what is empty, and is published unless it says otherwise. What each
record looks like stands in `lrscc.files.shapes`; `lrscc.files.loading` reads the same back.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from cities.records.dates import RecordDate
from cities.records.publishing import Numbered, Publication
from lrscc.files.shapes import SHAPES, Shape

AT_ONCE = 500
"""Records read from the database together."""


def as_written(shape: Shape, record: models.Model) -> dict[str, Any]:
    """One record with its children, empty fields left out."""
    table = {}
    for name in shape.all_fields:
        value = _plain(record, name)
        if value not in (None, "", []) and not _goes_without_saying(record, name, value):
            table[name] = value
    for name, child in shape.all_children.items():
        rows = [as_written(child, row) for row in getattr(record, name).all()]
        if rows:
            table[name] = sorted(rows, key=partial(sort_key, child))
    return table


def _goes_without_saying(record: models.Model, name: str, value: Any) -> bool:
    """A yes or no that is the usual one, and that a record is published."""
    if isinstance(value, bool):
        return value == record._meta.get_field(name).get_default()  # type: ignore[union-attr]
    return name == "publication" and value == Publication.PUBLISHED


def sort_key(shape: Shape, table: dict[str, Any]) -> tuple[Any, ...]:
    """Where a written record stands among its siblings; one with an empty field comes first."""
    return tuple((name in table, table.get(name)) for name in shape.key)


def _plain(record: models.Model, name: str) -> Any:
    """A field as TOML can say it: other records by slug or number, dates on record as EDTF."""
    value = getattr(record, name)
    if isinstance(value, models.Model):
        return value.ref if isinstance(value, Numbered) else value.slug  # type: ignore[attr-defined]
    if isinstance(value, RecordDate):
        return value.edtf
    if isinstance(record._meta.get_field(name), models.ManyToManyField):
        return sorted(other.slug for other in value.all())
    return str(value) if isinstance(value, str) else value


def dump(folder: Path) -> Iterator[tuple[str, int]]:
    """Write every table to its own file in `folder`; yields file names and record counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, shape in SHAPES.items():
        records = _with_children(shape).iterator(chunk_size=AT_ONCE)
        tables = [as_written(shape, record) for record in records]
        tables.sort(key=partial(sort_key, shape))
        path = folder / f"{name}.toml"
        if not tables:
            path.unlink(missing_ok=True)  # of an earlier dump into the same folder
        else:
            text = tomli_w.dumps({name: tables}, multiline_strings=True)
            path.write_text(text, encoding="utf-8")
            yield path.name, len(tables)


def _with_children(shape: Shape) -> models.QuerySet:
    """All records of a shape with all that `as_written` reads, in a fixed number of queries.

    What a record names comes with it: asked for apart, a thousand of them are more than SQLite
    takes in one question.
    """
    fields: list[Any] = [shape.model._meta.get_field(name) for name in shape.fields]
    one = [
        way for field in fields if field.many_to_one for way in _ways_to_what_it_is_called(field)
    ]
    many = [field.name for field in fields if field.many_to_many]
    parts = [
        models.Prefetch(name, queryset=_with_children(child))
        for name, child in shape.all_children.items()
    ]
    records = shape.model._default_manager.order_by()  # they are put in order when written
    records = records.select_related(*one) if one else records
    return records.prefetch_related(*many, *parts)


def _ways_to_what_it_is_called(field: Any) -> Iterator[str]:
    """To the record that a field names, and to that of which it is a numbered part."""
    yield field.name
    if issubclass(field.related_model, Numbered):
        yield f"{field.name}__{field.related_model.numbered[0]}"
