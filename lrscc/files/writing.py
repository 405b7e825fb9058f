"""Write the register as files, which `lrscc.files.loading` reads back.

A file holds one array of tables (``[[cities]]``, ``[[sources]]``, …). A record names others by
slug or number, leaves out what is empty, and is published unless it says otherwise.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import tomli_w
from django.db import models

from cities.records.dates import RecordDate
from cities.records.numbering import CitedByNumber
from cities.records.publishing import Publication
from cities.records.register_tables import Table
from lrscc.files.tables import tables

RECORDS_PER_BATCH = 200
"""Records read from the database together."""


def dump(folder: Path) -> Iterator[tuple[str, int]]:
    """Write each table that has records to a file in a folder; yield file names and counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        path = folder / f"{name}.toml"
        if count := _write(path, name, _rows(table)):
            yield path.name, count
        else:
            path.unlink()  # nothing is in it


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    """Yield the records of a table as written, by their key; few of them are read at a time."""
    records = with_parts(table, table.all_children)
    if table.key != ("slug",):
        rows = [as_written(table, record) for record in records]
        yield from sorted(rows, key=partial(sort_key, table))
        return
    known = table.model._default_manager.order_by().values_list("slug", "pk")
    pks = [pk for __, pk in sorted(known)]
    for at in range(0, len(pks), RECORDS_PER_BATCH):
        some = records.filter(pk__in=pks[at : at + RECORDS_PER_BATCH])
        for record in sorted(some, key=attrgetter("slug")):
            yield as_written(table, record)


def _write(path: Path, name: str, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows to a file: in a list if each fits on a line, else one after another."""
    first: list[dict[str, Any]] = []
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            first.append(row)
            if _as_toml({name: [row]}).startswith("["):
                break
        else:
            file.write(_as_toml({name: first}) if first else "")
            return len(first)
        for count, row in enumerate(chain(first, rows), start=1):
            file.write("\n" if count > 1 else "")
            file.write(f"[[{name}]]{_as_toml({name: row}).removeprefix(f'[{name}]')}")
    return count


def _as_toml(content: dict[str, Any]) -> str:
    return tomli_w.dumps(content, multiline_strings=True)


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
