"""Let a record say again what an earlier version of it said, with its lists and its parts."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Max, Value
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from cities.records.publishing import Publishable


def newest_versions(records: Iterable[Publishable]) -> dict[tuple[str, int], int]:
    """Return the key of the newest row of history of each record, by kind and key."""
    keys: dict[Any, list[int]] = {}
    for record in records:
        keys.setdefault(type(record), []).append(record.pk)
    asked = [
        model.history.filter(id__in=pks)
        .order_by()
        .values_list(Value(model._meta.label_lower, CharField()), "id")
        .annotate(newest=Max("history_id"))
        for model, pks in keys.items()
    ]
    if not asked:
        return {}
    found = asked[0].union(*asked[1:], all=True).order_by()
    return {(kind, pk): newest for kind, pk, newest in found}


def _versions(record: Any) -> Any:
    return type(record).history.filter(id=record.pk).order_by("-history_id")


def restore(record: Publishable, version: int) -> None:
    """Save a record as it was in a row of its history. Raise `ValidationError` if it cannot be."""
    old = _versions(record).filter(history_id=version).first()
    if old is None:
        raise ValidationError(_("The history no longer has this version."))
    # What is part of a record is saved after it: all that a version had was there when the next
    # one began. So the version that is made here begins before its parts are restored.
    begun = now()
    following = _versions(record).filter(history_id__gt=version).last()
    reason = getattr(record, "_change_reason", "")
    for part_model, name in _part_models(record):
        _restore_parts(record, part_model, name, following, reason)
    _take_over(record, old)
    record.is_brought_back = True
    record._history_date = begun  # type: ignore[attr-defined]
    record._check_and_save()
    for field in type(record).history.model._history_m2m_fields:  # type: ignore[attr-defined]
        through = getattr(type(record).history.model, field.name).model  # type: ignore[attr-defined]
        end = f"{field.m2m_reverse_field_name()}_id"
        named = through.objects.filter(history=version).values_list(end, flat=True)
        getattr(record, field.name).set(named)
    del record._history_date  # type: ignore[attr-defined]


def _take_over(row: Any, version: Any) -> None:
    for field in row._meta.concrete_fields:
        if not field.primary_key and hasattr(version, field.attname):
            setattr(row, field.attname, getattr(version, field.attname))


def _part_models(record: Any) -> Iterator[tuple[Any, str]]:
    """Yield the models of the parts of a record, each with the field that names the record."""
    for relation in record._meta.related_objects:
        model: Any = relation.related_model
        if relation.field.name in getattr(model, "parents", ()):
            yield model, relation.field.name


def _restore_parts(record: Any, model: Any, name: str, following: Any, reason: str) -> None:
    """Let the parts of one kind be those that there were before the next version began."""
    versions = model.history.filter(**{name: record.pk}, history_date__lt=following.history_date)
    wanted = {row.id: row for row in versions.order_by("history_date", "history_id")}
    wanted = {pk: row for pk, row in wanted.items() if row.history_type != "-"}
    for part in model._base_manager.filter(**{name: record.pk}).exclude(pk__in=wanted):
        part._change_reason = reason
        part.delete()
    stored = model._base_manager.in_bulk(wanted)
    for pk, version in wanted.items():
        part = stored.get(pk) or model(pk=pk)
        before = [getattr(part, field.attname) for field in part._meta.concrete_fields]
        _take_over(part, version)
        if pk in stored and before == [
            getattr(part, field.attname) for field in part._meta.concrete_fields
        ]:
            continue
        part._change_reason = reason
        part.full_clean(exclude=["id"])
        part.save()
