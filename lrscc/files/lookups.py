"""Find the records that rows name, and those that they are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cities.records.numbering import CitedByNumber
from lrscc.files.reading import Row


class NamedRecords:
    """The records that rows name by slug or number, each looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, str, tuple[str, ...]], models.Model | None] = {}

    def add(self, record: models.Model) -> None:
        """Keep a record that was just saved, so that it need not be looked up."""
        name: Any = (
            record.ref if isinstance(record, CitedByNumber) else getattr(record, "slug", None)
        )
        if name:
            self._found[type(record), name, ()] = record

    def get(self, model: Any, name: str, with_relations: tuple[str, ...] = ()) -> models.Model:
        """Return the record. Raise `ValidationError` if there is none."""
        key = (model, name, with_relations)
        if self._found.get(key) is None:
            wanted = model.wanted(name) if issubclass(model, CitedByNumber) else Q(slug=name)
            records = model._base_manager.prefetch_related(*with_relations)
            self._found[key] = records.filter(wanted).order_by("pk").first()
        record = self._found[key]
        if record is None:
            raise ValidationError(
                f"There is no {model._meta.verbose_name} “{name}”."
                " Add it to a file, or correct the slug."
            )
        return record


def record_for(row: Row, values: dict[str, Any]) -> tuple[models.Model, bool]:
    """Return the record that a row means, and whether it is new."""
    table, parent = row.table, row.parent
    key = {name: values.get(name) for name in table.key}
    if parent:
        key[table.parent] = parent.record
    if not _is_first_of_its_parent(row, key):
        found = table.model._base_manager.filter(**_lookups(key)).order_by("pk").first()
        if found is not None:
            return found, False
    record = table.model()
    if parent:
        setattr(record, table.parent, parent.record)
    return record, True


def _lookups(key: dict[str, Any]) -> dict[str, Any]:
    return {
        name if value is not None else f"{name}__isnull": value if value is not None else True
        for name, value in key.items()
    }


def _is_first_of_its_parent(row: Row, key: dict[str, Any]) -> bool:
    """Whether the parent is new and has no such part yet, so that none need be looked for."""
    if row.parent is None:
        return False
    part_key = (row.name, *key.values())
    is_first = row.parent.is_new and part_key not in row.parent.part_keys
    row.parent.part_keys.add(part_key)
    return is_first
