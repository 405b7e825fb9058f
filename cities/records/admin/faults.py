"""What is wrong with a form, gathered so that the top of its page can lead to each field."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst


class Fault(NamedTuple):
    """What is wrong with one field, and where that is on the page."""

    place: str
    label: str
    sentence: str


def faults_of(form: Any) -> Iterator[Fault]:
    """Yield what is wrong with the fields of a form, in their order, and then with the whole."""
    for name, sentences in form.errors.items():
        field = None if name == NON_FIELD_ERRORS else form[name]
        place, label = (field.id_for_label, capfirst(str(field.label))) if field else ("", "")
        for sentence in sentences:
            yield Fault(place, label, sentence)


def faults_on_page(form: Any, inline_formsets: Iterable[Any]) -> Iterator[Fault]:
    """Yield what is wrong with a record's form and its parts, beyond what stands at the top."""
    yield from (fault for fault in faults_of(form) if fault.place)
    for shown in inline_formsets:
        part = capfirst(str(shown.opts.verbose_name_plural))
        group = f"{shown.formset.prefix}-heading"
        for sentence in shown.formset.non_form_errors():
            yield Fault(group, part, sentence)
        for row in shown.formset.forms:
            for place, label, sentence in faults_of(row):
                yield Fault(place or group, f"{part}, {label}" if label else part, sentence)
