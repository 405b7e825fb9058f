"""Two people, one record: the second keeps or takes, field by field, what the first changed.

A form that was opened before somebody else saved the record is shown again. Where only the other
one changed a field, it has their value; where both did, it has what was typed, says what the
other one entered, and offers a box by which the next save takes that instead. Whole rows of parts
are in `row_merging`.
"""

from typing import Any, Self

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

TAKE = "take"
"""The boxes of a form: each holds the name of a field that is to have the value on record."""


class Choice(SafeString):
    """What the other one did, with the box by which the next save takes it over."""

    said: str
    """The sentence without the box, for where nobody can choose."""

    @classmethod
    def of(cls, said: str, name: str, value: str, label: str) -> Self:
        box = '{} <label><input type="checkbox" name="{}" value="{}"> {}</label>'
        choice = cls(format_html(box, said, name, value, label))
        choice.said = said
        return choice


def take_over_chosen(form: Any) -> None:
    """Give the fields whose boxes are checked the value that is on record."""
    chosen = set(form.data.getlist(TAKE)) if hasattr(form.data, "getlist") else set()
    for name in form.fields:
        if form.add_prefix(name) in chosen:
            _put_value_on_record(form, name)


def merge(form: Any, version: Any) -> None:
    """Bring together what a form says and what changed in its record after a version.

    `version` is the row of history that the form showed.
    """
    shown = _values(form, version)
    for name, field in form.fields.items():
        if name not in shown or field.disabled or isinstance(field, forms.FileField):
            continue
        bound = form[name]
        if not field.has_changed(shown[name], bound.initial):
            continue
        if not field.has_changed(shown[name], bound.data):
            _put_value_on_record(form, name)
        elif field.has_changed(bound.initial, bound.data):
            form.add_error(name, _choice(form, name))


def _values(form: Any, version: Any) -> dict[str, Any]:
    """Return what a version says in the fields of a form, as a form begins with it."""
    values = forms.models.model_to_dict(version.instance, fields=[*form.fields])
    for field in getattr(type(version), "_history_m2m_fields", ()):
        through = getattr(type(version), field.name).model
        end = f"{field.m2m_reverse_field_name()}_id"
        rows = through.objects.filter(history=version.pk)
        values[field.name] = [*rows.values_list(end, flat=True)]
    return {name: value for name, value in values.items() if name in form.fields}


def _put_value_on_record(form: Any, name: str) -> None:
    """Let a bound form say in one field what is on record."""
    form.data = form.data.copy()
    form.data.setlist(form[name].html_name, sent_for_record(form, name))


def sent_for_record(form: Any, name: str) -> list[str]:
    """Return what a browser sends of a field that says what is on record."""
    bound, field = form[name], form.fields[name]
    value, widget = field.prepare_value(bound.initial), field.widget
    if isinstance(widget, forms.CheckboxInput):
        return [str(bool(value))]
    if isinstance(value, list | tuple | set) or getattr(widget, "allow_multiple_selected", False):
        return [str(one) for one in value or ()]
    formatted = widget.format_value(value)
    if isinstance(formatted, list | tuple):
        formatted = next(iter(formatted), "")
    return ["" if formatted is None else str(formatted)]


def _choice(form: Any, name: str) -> Choice:
    """Return what the other one entered, with the box that takes it."""
    shown = _shown(form, name)
    said = (
        gettext("Somebody else changed this to “%s”.") % shown
        if shown
        else gettext("Somebody else emptied this.")
    )
    return Choice.of(
        said, TAKE, form.add_prefix(name), gettext("Take that instead of what I typed")
    )


def _shown(form: Any, name: str) -> str:
    """Return the value on record as the page shows it."""
    record = form.instance
    stored = type(record)._base_manager.get(pk=record.pk)
    field = record._meta.get_field(name)
    if field.many_to_many:
        return "; ".join(str(one) for one in getattr(stored, name).all())
    if field.choices:
        return str(getattr(stored, f"get_{name}_display")())
    value = getattr(stored, name)
    return "" if value is None else str(value)
