"""Find the records that rows name, and those that they are."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cities.records.numbering import CitedByNumber
from cities.records.register_tables import Table
from lrscc.files.reading import Row

NAMES_PER_QUERY = 400
"""Fewer than SQLite takes in one query."""


class NamedRecords:
    """The records that rows name by slug or number, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, str, tuple[str, ...]], models.Model] = {}
        self._links: dict[int, list[tuple[str, Any, tuple[str, ...]]]] = {}

    def add(self, record: models.Model) -> None:
        """Keep a record that was just saved, so that it need not be looked up."""
        if name := _name_of(record):
            self._found[type(record), name, ()] = record

    def forget(self) -> None:
        """Look everything up again, as it is from now on."""
        self._found.clear()

    def get(self, model: Any, name: str, with_relations: tuple[str, ...] = ()) -> models.Model:
        """Return the record. Raise `ValidationError` if there is none."""
        record = self._found.get((model, name, with_relations))
        if record is None:
            wanted = model.wanted(name) if issubclass(model, CitedByNumber) else Q(slug=name)
            records = model._base_manager.prefetch_related(*with_relations)
            record = records.filter(wanted).order_by("pk").first()
        if record is None:
            raise ValidationError(
                f"There is no {model._meta.verbose_name} “{name}”."
                " Add it to a file, or correct the slug."
            )
        self._found[model, name, with_relations] = record
        return record

    def read(self, rows: Iterable[Row]) -> None:
        """Look up all that the rows and their parts name, in a few queries."""
        wanted: dict[tuple[Any, tuple[str, ...]], set[str]] = {}
        for row in rows:
            for key, name in self._named_in(row.table, row.values):
                wanted.setdefault(key, set()).add(name)
        for (model, with_relations), names in wanted.items():
            known = self._found
            unknown = sorted(name for name in names if (model, name, with_relations) not in known)
            for at in range(0, len(unknown), NAMES_PER_QUERY):
                some = unknown[at : at + NAMES_PER_QUERY]
                records = _by_names(model, some).prefetch_related(*with_relations)
                for record in records:
                    self._found[model, _name_of(record), with_relations] = record

    def _named_in(self, table: Table, values: dict[str, Any]) -> Iterator[tuple[Any, str]]:
        """Yield each name in a row and its parts, whatever else is wrong with them."""
        for field, *key in self._links_of(table):
            written = values.get(field)
            for name in written if isinstance(written, list) else [written]:
                if name and isinstance(name, str) and "\x00" not in name:
                    yield tuple(key), name
        for part, part_table in table.children.items():
            parts = values.get(part)
            for part_values in parts if isinstance(parts, list) else ():
                if isinstance(part_values, dict):
                    yield from self._named_in(part_table, part_values)

    def _links_of(self, table: Table) -> list[tuple[str, Any, tuple[str, ...]]]:
        """Return the fields that name records, each with their model and relations."""
        if id(table) not in self._links:
            fields = [table.model._meta.get_field(name) for name in table.fields]
            self._links[id(table)] = [
                (field.name, field.related_model, table.looked_up_with.get(field.name, ()))
                for field in fields
                if field.is_relation
            ]
        return self._links[id(table)]


def _name_of(record: Any) -> str:
    return record.ref if isinstance(record, CitedByNumber) else getattr(record, "slug", "")


def _by_names(model: Any, names: list[str]) -> models.QuerySet:
    """Return the records that are named so; of those cited by number also their siblings."""
    records = model._base_manager.order_by("pk")
    if not issubclass(model, CitedByNumber):
        return records.filter(slug__in=names)
    owners = {name.rpartition("-")[0] for name in names}
    return records.filter(**{f"{model.owner}__slug__in": owners}).select_related(model.owner)


def record_for(row: Row, values: dict[str, Any]) -> tuple[models.Model, bool]:
    """Return the record that a row means, and whether it is new."""
    key = key_of(row, values)
    if not is_first_of_its_parent(row, key):
        found = row.table.model._base_manager.filter(**_lookups(key)).order_by("pk").first()
        if found is not None:
            return found, False
    return new_record(row), True


def new_record(row: Row) -> models.Model:
    """Return an empty record for a row, as a part of its parent."""
    record = row.table.model()
    if row.parent:
        setattr(record, row.table.parent, row.parent.record)
    return record


def key_of(row: Row, values: dict[str, Any]) -> dict[str, Any]:
    """Return what sets the record of a row apart from all others."""
    key = {name: values.get(name) for name in row.table.key}
    if row.parent:
        key[row.table.parent] = row.parent.record
    return key


def _lookups(key: dict[str, Any]) -> dict[str, Any]:
    return {
        name if value is not None else f"{name}__isnull": value if value is not None else True
        for name, value in key.items()
    }


def is_first_of_its_parent(row: Row, key: dict[str, Any]) -> bool:
    """Whether the parent is new and has no such part yet, so that none need be looked for."""
    if row.parent is None:
        return False
    part_key = (row.name, *key.values())
    is_first = row.parent.is_new and part_key not in row.parent.part_keys
    row.parent.part_keys.add(part_key)
    return is_first
