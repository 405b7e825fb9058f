"""The input of forms at the desk: kept as names and values, and shown in its form again."""

import re
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from cities.records.admin.merging import TAKE
from cities.records.admin.row_merging import LET_GO

NO_FIELDS = ("_", "csrfmiddlewaretoken")
"""How the names of buttons begin, and of what is none of a form's fields."""


def input_of(sent: QueryDict) -> list[list[str]]:
    """Return what was typed into a form: names and values, in their order."""
    return [
        [name, value]
        for name, values in sent.lists()
        if not name.startswith(NO_FIELDS)
        for value in values
        if "\0" not in name + value
    ]


def data_of(pairs: Iterable[Any]) -> QueryDict:
    """Return names and values as a form reads them."""
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return data


def sending(request: HttpRequest, pairs: Iterable[Any]) -> HttpRequest:
    """Return a request that sends input to the page which the given one opens."""
    again = copy(request)
    again.method = "POST"
    again.POST = data_of(pairs)  # type: ignore[assignment]
    again._files = MultiValueDict()  # type: ignore[attr-defined]
    again._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return again


def showing_input(desk: Any) -> Any:
    """Return an admin whose form shows the input that it gets, and saves nothing."""
    own = copy(desk)
    own.get_form = lambda *args, **kwargs: _never_saved(desk.get_form(*args, **kwargs))
    return own


def _never_saved(form: Any) -> Any:
    """Return a form that shows its input and is never saved."""
    return type(form)(form.__name__, (form,), {"is_valid": lambda self: False})


def forms_in(context: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Return the form and the sets of parts that a page shows."""
    formsets = [shown.formset for shown in context["inline_admin_formsets"]]
    return context["adminform"].form, formsets


def gone_fields(context: dict[str, Any], pairs: Iterable[Any]) -> list[list[str]]:
    """Return what was typed into fields that the form has no longer: nothing typed is lost."""
    form, formsets = forms_in(context)
    known = {*form.fields, TAKE}
    for formset in formsets:
        known |= {formset.management_form.add_prefix(n) for n in formset.management_form.fields}
        row = formset.empty_form
        known |= {row.add_prefix(name) for name in (*row.fields, LET_GO)}

    def is_known(name: str) -> bool:
        """Return whether any row has the field: others may have added and deleted rows."""
        for formset in formsets:
            row = f"{formset.prefix}-__prefix__-"
            name = re.sub(rf"^{re.escape(formset.prefix)}-\d+-", row, name)
        return any(name == one or name.startswith(f"{one}_") for one in known)

    return [[name, value] for name, value in pairs if value and not is_known(name)]


def errors_of(response: Any) -> list[str]:
    """Return what a page says is wrong, each sentence with its field."""
    form, formsets = forms_in(response.context_data)
    found: list[str] = []
    for one in (form, *(row for formset in formsets for row in formset.forms)):
        for name, sentences in one.errors.items():
            label = one[name].label if name in one.fields else ""
            said = [getattr(sentence, "said", sentence) for sentence in sentences]
            found += [f"{label}: {sentence}" if label else str(sentence) for sentence in said]
    for formset in formsets:
        found += [str(sentence) for sentence in formset.non_form_errors()]
    return found
