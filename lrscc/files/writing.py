"""Write the register as files, which `lrscc.files.loading` reads back.

A file holds one array of tables (``[[cities]]``, ``[[sources]]``, …). A record names others by
slug or number, leaves out what is empty, and is published unless it says otherwise.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from cities.records.dates import RecordDate
from cities.records.numbering import CitedByNumber
from cities.records.publishing import Publication
from cities.records.register_tables import Table
from lrscc.files.tables import tables

RECORDS_PER_BATCH = 500
"""Records read from the database together."""


def dump(folder: Path) -> Iterator[tuple[str, int]]:
    """Write each table that has records to a file in a folder; yield file names and counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        records = with_parts(table, table.all_children).iterator(chunk_size=RECORDS_PER_BATCH)
        rows = [as_written(table, record) for record in records]
        rows.sort(key=partial(sort_key, table))
        path = folder / f"{name}.toml"
        if not rows:
            path.unlink(missing_ok=True)  # of an earlier dump into the same folder
        else:
            text = tomli_w.dumps({name: rows}, multiline_strings=True)
            path.write_text(text, encoding="utf-8")
            yield path.name, len(rows)


def as_written(table: Table, record: models.Model) -> dict[str, Any]:
    """Return one record with its parts as TOML takes it, without empty fields."""
    row = {}
    for name in table.all_fields:
        value = _plain(record, name)
        if value not in (None, "", []) and not _is_left_out(record, name, value):
            row[name] = value
    for name, part_table in table.all_children.items():
        parts = [as_written(part_table, part) for part in getattr(record, name).all()]
        if parts:
            row[name] = sorted(parts, key=partial(sort_key, part_table))
    return row


def _is_left_out(record: models.Model, name: str, value: Any) -> bool:
    """Whether it is a yes or no that is the default, or says that the record is published."""
    if isinstance(value, bool):
        return value == record._meta.get_field(name).get_default()  # type: ignore[union-attr]
    return name == "publication" and value == Publication.PUBLISHED


def sort_key(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    """Sort rows by their key; one with an empty field comes first."""
    return tuple((name in row, row.get(name)) for name in table.key)


def _plain(record: models.Model, name: str) -> Any:
    """Return a field as TOML takes it: other records by slug or number, dates as EDTF."""
    value = getattr(record, name)
    if isinstance(value, models.Model):
        return value.ref if isinstance(value, CitedByNumber) else value.slug  # type: ignore[attr-defined]
    if isinstance(value, RecordDate):
        return value.edtf
    if isinstance(record._meta.get_field(name), models.ManyToManyField):
        return sorted(other.slug for other in value.all())
    return str(value) if isinstance(value, str) else value


def with_parts(table: Table, children: Mapping[str, Table]) -> models.QuerySet:
    """Return all records with what `as_written` reads of them, in a fixed number of queries.

    The records that they name are joined: fetched apart, a thousand of them are more than SQLite
    takes in one query.
    """
    fields: list[Any] = [table.model._meta.get_field(name) for name in table.fields]
    one = [path for field in fields if field.many_to_one for path in _paths_to_name(field)]
    many = [field.name for field in fields if field.many_to_many]
    parts = [
        models.Prefetch(name, queryset=with_parts(part_table, part_table.all_children))
        for name, part_table in children.items()
    ]
    records = table.model._default_manager.order_by()  # they are sorted when written
    records = records.select_related(*one) if one else records
    return records.prefetch_related(*many, *parts)


def _paths_to_name(field: Any) -> Iterator[str]:
    """Yield the path to the record that a field names, and to the one it is a numbered part of."""
    yield field.name
    if issubclass(field.related_model, CitedByNumber):
        yield f"{field.name}__{field.related_model.owner}"
