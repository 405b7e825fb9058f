"""Turn what a row says into Python values and the records that it names."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cities.records.fields import RecordDateField
from cities.records.publishing import Publication
from lrscc.files.lookups import NamedRecords
from lrscc.files.reading import Refusals, Row, is_list_of_rows

_WRITTEN_AS: tuple[tuple[type[models.Field], tuple[type, ...], str], ...] = (
    (RecordDateField, (str, int, date), "Write a date in quotes."),
    (models.DateField, (str, date), "Write a day, such as 2013-08-19."),
    (models.TimeField, (str, time), "Write a time, such as 19:00:00."),
    (models.BooleanField, (bool,), "Write true or false."),
    (models.IntegerField, (int,), "Write a whole number."),
    (models.DecimalField, (int, Decimal), "Write a number."),
    (models.Field, (str,), "Write text in quotes."),
)
"""The types that a field takes, and what to say to another; the first kind that fits."""


def values_of(row: Row, named: NamedRecords, refusals: Refusals) -> dict[str, Any] | None:
    """Return the row's fields as Python values, or ``None`` if anything was refused."""
    before = len(refusals)
    _check_names(row, refusals)
    values = {}
    for name in row.table.all_fields:
        try:
            values[name] = _value(row, row.table.model._meta.get_field(name), named)
        except ValidationError as error:
            refusals.add_messages(row, name, error.messages)
    return values if len(refusals) == before else None


def _check_names(row: Row, refusals: Refusals) -> None:
    """Refuse fields that the table does not have, parts that are no rows, and a missing key."""
    table = row.table
    for name in sorted(row.values.keys() - {*table.all_fields, *table.all_children}):
        if name in table.former_fields:
            refusals.add(row, f"“{name}” is now called “{table.former_fields[name]}”.")
        else:
            refusals.add(row, f"There is no field “{name}”. Correct its name.")
    for name in table.all_children:
        if not is_list_of_rows(row.values.get(name, [])):
            refusals.add(row, f"Write “{name}” as tables.")
    if len(table.key) == 1 and row.values.get(table.key[0]) in (None, ""):
        refusals.add(row, f"Write its “{table.key[0]}”, which identifies it.")


def _value(row: Row, field: Any, named: NamedRecords) -> Any:
    """Return one field as a Python value. Raise `ValidationError`."""
    written = row.values.get(field.name)
    if field.many_to_many:
        return _list_of_records(field, written, named)
    if written is None:
        return _value_left_out(field)
    types, sentence = next(
        (types, sentence) for kind, types, sentence in _WRITTEN_AS if isinstance(field, kind)
    )
    if type(written) not in types:
        raise ValidationError(sentence)
    _check_characters(written)
    if field.is_relation:
        relations = row.table.looked_up_with.get(field.name, ())
        return named.get(field.related_model, written, relations)
    value = field.to_python(written)
    if field.choices:
        field.validate(value, None)  # the rules of a model count on a known choice
    return value


def _list_of_records(field: Any, written: Any, named: NamedRecords) -> list[models.Model]:
    slugs = [] if written is None else written
    if not isinstance(slugs, list):
        raise ValidationError("Write a list of slugs.")
    if not slugs and not field.blank:
        raise ValidationError("Name at least one.")
    for slug in slugs:
        _check_characters(slug)
    return [named.get(field.related_model, str(slug)) for slug in slugs]


def _value_left_out(field: Any) -> Any:
    """Return what a field becomes that the row does not have."""
    if field.name == "publication":
        return Publication.PUBLISHED
    if field.null:
        return field.get_default() if field.empty_strings_allowed and field.has_default() else None
    return field.get_default()


def _check_characters(written: Any) -> None:
    """Raise `ValidationError` for a character that no database stores."""
    if "\x00" in str(written):
        raise ValidationError("Remove the NUL character.")
