"""What the public can read of a record, as JSON that is the same at any hour and on any host.

A representation has the record's own fields and its parts, named as in the register's files. It
names other records by their `ref`. It holds no status, which depends on the day, and no address
of this site. What is empty is left out.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache, cached_property
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.db import models
from django.db.models import FileField, Q

from cities.records.dates import RecordDate
from cities.records.numbering import CitedByNumber
from cities.records.publishing import Publication, Publishable
from cities.records.record_types import RecordType, registry
from cities.records.register_tables import Table

SHAPE = 2
"""The version of this shape. A change of it begins a new edition of the log."""

FILES = ("picture", "picture_alt", "picture_credit", "document_sha256")
"""Fields that the register's files leave out, as they hold no files."""


@dataclass(frozen=True)
class Part:
    """Rows of a record that are represented with it, under `name`; `link` leads to the record."""

    name: str
    link: str
    table: Table


@dataclass(frozen=True, eq=False)
class Represented:
    """A kind of record that is represented: the public calls it `name`."""

    name: str
    record_type: RecordType
    table: Table

    @property
    def model(self) -> Any:
        return self.table.model

    @property
    def resource(self) -> str:
        """What the API calls records of the kind."""
        return self.name.replace("_", "-")

    @cached_property
    def parts(self) -> list[Part]:
        """The rows of its tables that are not published by themselves."""
        return [
            Part(name, table.parent, table)
            for name, table in self.table.all_children.items()
            if not table.is_publishable
        ]

    @cached_property
    def belongs_to(self) -> str:
        """The first parent of a record that is listed as a part of it: of a seat, its council."""
        is_listed = bool(self.record_type.changes) or not self.table.key
        return "" if is_listed or not self.model.parents else self.model.parents[0]

    @cached_property
    def embedded_in(self) -> list[tuple[str, str]]:
        """The kinds of record that the public reads it with, by label, and where its document
        names them."""
        own = filter(None, [self.table.parent, self.belongs_to])
        return [(self._label_at(path), path) for path in (*own, *self.record_type.embedded_in)]

    def _label_at(self, path: str) -> str:
        """Return the label of the model of the records that a path of the document names."""
        name, __, rest = path.partition(".")
        model = {part.name: part.table.model for part in self.parts}.get(name, self.model)
        return model._meta.get_field(rest or name).related_model._meta.label_lower

    def answering(self, pks: Collection[int] | None = None) -> set[int]:
        """Return which records visitors can read, or why they were withdrawn."""
        rows = self.record_type.shown() if self.record_type.changes else self._public()
        return _keys(rows if pks is None else rows.filter(pk__in=pks))

    def public(self, pks: Collection[int]) -> set[int]:
        """Return which of the records visitors can read."""
        return _keys(self._public().filter(pk__in=pks))

    def _public(self) -> Any:
        rows = self.model._default_manager.all()
        if self.table.is_publishable:
            rows = rows.public()
        else:
            parents = (f"{parent}__publication" for parent in self.model.parents)
            rows = rows.filter(**dict.fromkeys(parents, Publication.PUBLISHED))
        return rows.filter(pk__in=self.record_type.shown()) if self._is_on_any_page else rows

    @property
    def _is_on_any_page(self) -> bool:
        return bool(self.record_type.changes) and self.record_type.is_on_any_page

    @property
    def depth(self) -> int:
        """How many records stand above it at most: those have to be in the log before it."""
        paths = (*self.visible_through, self.record_type.page)
        return max(len(path.split("__")) if path else 0 for path in paths)

    @property
    def visible_through(self) -> list[str]:
        """The paths to the records that have to be public as well."""
        ways = list(ways_of(self.model) or self.model.parents)
        if self._is_on_any_page:
            first = self.record_type.page.partition("__")[0]
            above = self.model._meta.get_field(first).related_model
            ways += [first, *(f"{first}__{way}" for way in ways_of(above))]
        return ways


def ways_of(model: Any) -> tuple[str, ...]:
    """Return the paths to the records that a record is public with."""
    return getattr(model._default_manager.none(), "visible_through", ())


def _keys(rows: Any) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))


@cache
def represented() -> dict[str, Represented]:
    """Return the kinds of record that are represented, by the label of the model."""
    names = {
        part.model: name
        for kind in registry
        if kind.table
        for name, part in kind.table.all_children.items()
    }
    return {
        kind.label: Represented(kind.table.name or names[kind.model], kind, kind.table)
        for kind in registry
        if kind.table
    }


def canonical(document: dict[str, Any]) -> str:
    """Return a document as canonical JSON (RFC 8785).

    Its names are ASCII and it has no fractions, so that Python's own order and escapes are those
    of the standard.
    """
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def documents(kind: Represented, pks: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the documents of records by their keys, with a fixed number of queries."""
    reader = _Reader()
    rows = reader.rows(kind.table, Q(pk__in=pks))
    parts = {part.name: _by_owner(reader, part, pks) for part in kind.parts}
    reader.look_up()
    return {pk: _document(reader, kind, pk, row, parts) for pk, row in rows.items()}


def _document(
    reader: "_Reader", kind: Represented, pk: int, row: dict[str, Any], parts: dict[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {"resource": kind.resource, "ref": reader.ref_of(kind.table, row)}
    found |= reader.written(kind.table, row, besides="slug")  # it is the ref
    for part in kind.parts:
        rows = [row for row in parts[part.name].get(pk, ()) if reader.is_named(part.table, row)]
        written = [reader.written(part.table, row, besides=part.link) for row in rows]
        if written:
            found[part.name] = sorted(written, key=canonical)
    return found


def _by_owner(reader: "_Reader", part: Part, pks: Collection[int]) -> dict[int, list[Any]]:
    """Return the public rows of a part by the key of their owner."""
    wanted = Q(**{f"{part.link}__in": pks})
    for other in part.table.model.parents:
        if other != part.link:
            wanted &= Q(**{f"{other}__publication": Publication.PUBLISHED})
    found: dict[int, list[Any]] = defaultdict(list)
    for row in reader.rows(part.table, wanted, besides=(part.link,)).values():
        found[row[part.link]].append(row)
    return found


class _Reader:
    """Reads rows as plain values, and then all records that they name, kind by kind."""

    def __init__(self) -> None:
        self._wanted: dict[Any, set[int]] = defaultdict(set)
        self._refs: dict[Any, dict[int, str]] = defaultdict(dict)

    def rows(self, table: Table, wanted: Q, besides: tuple[str, ...] = ()) -> dict[int, Any]:
        """Return the values of rows by their keys; other records are keys, and lists of them."""
        fields = _fields(table)
        single = [field for field in fields if not field.many_to_many]
        names = {field.name for field in single} | set(besides)
        parent = {table.parent} - {""}
        query = table.model._base_manager.order_by().filter(wanted)
        rows = {row["pk"]: row for row in query.values("pk", *(names | parent))}
        for field in fields:
            if field.many_to_many:
                self._add_links(field, rows)
            elif field.is_relation:
                self._want(field.related_model, (row[field.name] for row in rows.values()))
        if parent:
            owner = table.model._meta.get_field(table.parent).related_model
            self._want(owner, (row[table.parent] for row in rows.values()))
        return rows

    def _add_links(self, field: Any, rows: dict[int, Any]) -> None:
        for row in rows.values():
            row[field.name] = []
        near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
        links = field.remote_field.through._base_manager.filter(**{f"{near}__in": rows})
        for owner, other in links.values_list(f"{near}_id", f"{far}_id"):
            rows[owner][field.name].append(other)
            self._wanted[field.related_model].add(other)

    def _want(self, model: Any, keys: Iterable[Any]) -> None:
        self._wanted[model].update(key for key in keys if key is not None)

    def look_up(self) -> None:
        """Read how the public calls the records that the rows name; a draft has no name."""
        for model, keys in self._wanted.items():
            self._refs[model] = dict(_refs(model, keys))

    def ref_of(self, table: Table, row: dict[str, Any]) -> str:
        """Return how the public calls a record, among those of its kind."""
        if "slug" in table.fields:
            return row["slug"]
        names = [*([table.parent] if table.parent else []), *table.key]
        return "-".join(str(value) for name in names if (value := self._in_ref(table, row, name)))

    def _in_ref(self, table: Table, row: dict[str, Any], name: str) -> Any:
        field = table.model._meta.get_field(name)
        if field.is_relation:
            return self._name(table.model, name, row)
        return _plain(field, row[name])

    def is_named(self, table: Table, row: dict[str, Any]) -> bool:
        """Return whether a row of a part names no draft: one that does is as hidden as that."""
        return all(
            row[field.name] is None or self._name(table.model, field.name, row)
            for field in _fields(table)
            if field.many_to_one
        )

    def _name(self, model: Any, name: str, row: dict[str, Any]) -> str | None:
        return self._refs[model._meta.get_field(name).related_model].get(row[name])

    def written(self, table: Table, row: dict[str, Any], besides: str) -> dict[str, Any]:
        """Return the fields of a row that are not empty, without the one named `besides`."""
        found: dict[str, Any] = {}
        if table.is_publishable and table.parent:
            found[table.parent] = self._name(table.model, table.parent, row)
        for field in _fields(table):
            value = row[field.name]
            if field.name == besides:
                continue
            if field.many_to_many:
                refs = self._refs[field.related_model]
                value = sorted(refs[key] for key in value if key in refs)
            elif field.is_relation:
                value = self._name(table.model, field.name, row)
            else:
                value = _plain(field, value)
            if value not in (None, "", []):
                found[field.name] = value
        return found


@cache
def _fields(table: Table) -> list[Any]:
    """Return the fields of a table that are represented."""
    meta = table.model._meta
    names = {field.name for field in meta.get_fields()}
    return [meta.get_field(name) for name in (*table.fields, *(set(FILES) & names))]


def _plain(field: models.Field, value: Any) -> Any:
    """Return a value as JSON takes it: dates as EDTF, fractions as text."""
    if isinstance(value, RecordDate):
        return value.edtf
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(field, FileField):
        return PurePath(str(value)).name
    return value


def _refs(model: Any, keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield how the public calls records, by their keys; a draft is left out."""
    rows = model._base_manager.order_by().filter(pk__in=keys)
    if issubclass(model, Publishable):
        paths = ["publication", *(f"{way}__publication" for way in ways_of(model))]
        was_read = (Publication.PUBLISHED, Publication.WITHDRAWN)
        rows = rows.filter(**{f"{path}__in": was_read for path in paths})
    if issubclass(model, CitedByNumber):
        for pk, slug, number in rows.values_list("pk", f"{model.owner}__slug", "number"):
            yield pk, f"{slug}-{number}"
    elif hasattr(model, "slug"):
        yield from rows.values_list("pk", "slug")
    else:
        yield from _numbered_refs(model, rows)


def _numbered_refs(model: Any, rows: Any) -> Iterator[tuple[int, str]]:
    """Yield the names of records that nobody cites: owner and number."""
    table = registry[model].table
    assert table is not None
    owner = model._meta.get_field(table.parent).related_model
    found = list(rows.values_list("pk", table.parent, "number"))
    owners = dict(_refs(owner, {above for __, above, __ in found}))
    for pk, above, number in found:
        yield pk, f"{owners[above]}-{number}"
