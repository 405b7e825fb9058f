"""Two people, one record: rows of its parts that one added or deleted while the other typed.

A form numbers the rows that it showed, so one more or one less would put what was typed into
another row. What was sent is numbered again after the rows on record, before a form is made of it:
rows that somebody else added come in, and rows that somebody else deleted go, unless something
was typed into them. Those are offered as new rows, each with a box by which the next save lets it
go. Then the form is shown again, and one save finishes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils.text import capfirst
from django.utils.translation import gettext

from cities.records.admin.merging import TAKE, Choice, sent_for_record
from cities.records.keys import key_in

LET_GO = "let_go"
"""The end of the name of a box: its row is not to be added again."""


@dataclass
class RowChanges:
    """What others did with the rows of a record after somebody opened its form."""

    added: dict[int, str] = field(default_factory=dict)
    """Who added a row, by its number in the form."""
    deleted: dict[int, str] = field(default_factory=dict)
    """Who deleted a row into which something was typed, by its number in the form."""
    gone: list[dict[str, str]] = field(default_factory=list)
    """Who deleted which row that does not come again, and what was typed into it."""
    is_unclear: bool = False
    """Whether the form says nothing that rows on record could have said."""

    def __bool__(self) -> bool:
        return bool(self.added or self.deleted or self.gone)

    def say(self, formset: Any) -> list[Any]:
        """Put a sentence at each row. Return one for each row that is gone."""
        for number, who in self.added.items():
            sentence = gettext("%(who)s added this after you opened the form.")
            formset.forms[number].add_error(None, sentence % {"who": who})
        for number, who in self.deleted.items():
            row = formset.forms[number]
            row.add_error(None, _choice(row, who))
        return [_gone_sentence(row) for row in self.gone]


def _gone_sentence(row: dict[str, str]) -> str:
    if not row["typed"]:
        return gettext("%(who)s deleted “%(row)s” after you opened the form.") % row
    sentence = gettext(
        "%(who)s deleted “%(row)s” after you opened the form, and you do not have permission to"
        " add it again. You typed: %(typed)s"
    )
    return sentence % row


def _choice(row: Any, who: str) -> Choice:
    said = gettext(
        "%(who)s deleted this after you opened the form. What you typed is kept: saving adds it"
        " again."
    )
    label = gettext("Let it go instead")
    return Choice.of(said % {"who": who}, row.add_prefix(LET_GO), "on", label)


def bring_together(formset: Any) -> RowChanges:
    """Number what was sent of rows after the rows on record. Return what others did with them."""
    counts = formset.management_form
    if not counts.is_valid() or counts.cleaned_data[TOTAL_FORM_COUNT] > formset.absolute_max:
        return RowChanges()  # refused as it is
    return _SentRows(formset, counts.cleaned_data).bring_together()


class _SentRows:
    """The rows of parts as a browser sent them, beside those on record."""

    def __init__(self, formset: Any, counts: dict[str, int]) -> None:
        self.formset = formset
        self.initial, self.total = counts[INITIAL_FORM_COUNT], counts[TOTAL_FORM_COUNT]
        self.stored = {row.pk: row for row in formset.get_queryset()}
        self.key = formset.model._meta.pk.name
        self.changes = RowChanges()

    def bring_together(self) -> RowChanges:
        numbers = self._numbers()
        if numbers is None:
            return RowChanges(is_unclear=True)
        new = [number for number in range(self.initial, self.total) if not self._is_let_go(number)]
        if [*numbers] == [*self.stored] and len(new) == self.total - self.initial:
            return self.changes
        versions = self._deleted_versions([pk for pk in numbers if pk not in self.stored])
        if versions is None:
            return RowChanges(is_unclear=True)
        kept = [pk for pk in versions if self._is_kept(numbers[pk], versions[pk])]
        added = [row for pk, row in self.stored.items() if pk not in numbers]
        new = [one for one in new if all(self._differs(self._form(one, row)) for row in added)]
        self._renumber([numbers.get(pk) for pk in self.stored], [numbers[pk] for pk in kept] + new)
        for number, (pk, row) in enumerate(self.stored.items()):
            if pk not in numbers:
                self._fill_in(number, row)
        for number, pk in enumerate(kept, start=len(self.stored)):
            self.formset.data[self._name(number, self.key)] = ""
            self.changes.deleted[number] = _who(versions[pk][0])
        return self.changes

    # --- what was sent ---

    def _numbers(self) -> dict[int, int] | None:
        """Return the number of each row that the form showed, by its key; None if it lies."""
        keys = [self.formset.data.get(self._name(one, self.key), "") for one in range(self.total)]
        known = [key for key in keys if key]
        if None in map(key_in, known):
            return None
        if known != keys[: self.initial] or len(known) != self.initial:
            return None
        numbers = {int(key): number for number, key in enumerate(known)}
        return numbers if len(numbers) == self.initial else None

    def _name(self, number: int, name: str) -> str:
        return f"{self.formset.add_prefix(number)}-{name}"

    def _is_let_go(self, number: int) -> bool:
        return self._name(number, LET_GO) in self.formset.data

    def _form(self, number: int, row: Any) -> Any:
        """Return what was sent under a number as the form of a row."""
        formset, prefix = self.formset, self.formset.add_prefix(number)
        form = formset.form(formset.data, formset.files, prefix=prefix, instance=row)
        formset.add_fields(form, number)
        return form

    def _differs(self, form: Any) -> bool:
        others = {self.key, self.formset.fk.name, DELETION_FIELD_NAME}
        return not {*form.changed_data} <= others

    # --- rows that are gone ---

    def _deleted_versions(self, keys: list[int]) -> dict[int, tuple[Any, Any]] | None:
        """Return how each row was deleted, and what it said when the form was opened.

        Return None if one was not deleted from this record, or is not for the user to see.
        """
        versions = self.formset.visible_versions(self.formset.rows_history(id__in=keys))
        by_key: dict[int, list[Any]] = {key: [] for key in keys}
        for version in versions.order_by("history_date", "history_id"):
            by_key[version.id].append(version)
        found = {}
        for key, rows in by_key.items():
            shown = [row for row in rows if row.history_type != "-"]
            if not shown or rows[-1].history_type != "-":
                return None
            following = self.formset.following
            seen = [row for row in shown if following and self._is_before(row, following)]
            found[key] = (rows[-1], (seen or shown)[-1])
        return found

    @staticmethod
    def _is_before(version: Any, following: Any) -> bool:
        return version.history_date < following.history_date

    def _is_kept(self, number: int, versions: tuple[Any, Any]) -> bool:
        """Return whether something was typed into a row that somebody else deleted."""
        deletion, seen = versions
        if self._name(number, DELETION_FIELD_NAME) in self.formset.data:
            return False  # both deleted it
        row = seen.instance
        row._state.adding = False
        setattr(row, self.formset.fk.name, self.formset.instance)
        form = self._form(number, row)
        is_typed_in = form.has_changed() and self._differs(form)
        if is_typed_in and self.formset.max_num:
            return True
        typed = _typed(form) if is_typed_in else ""
        self.changes.gone.append({"who": _who(deletion), "row": _named(row), "typed": typed})
        return False

    # --- what is shown ---

    def _renumber(self, shown: list[int | None], new: list[int]) -> None:
        """Put what was sent in the order of the rows on record, and of the new ones after them."""
        order = [*shown, *new]
        numbers = {old: number for number, old in enumerate(order) if old is not None}
        formset = self.formset
        formset.data = formset.data.copy()
        row = re.compile(rf"{re.escape(formset.prefix)}-(\d+)-(.+)", re.DOTALL)
        taken = {name: (match, formset.data.pop(name)) for name, match in self._matches(row)}
        for match, values in taken.values():
            if (number := numbers.get(int(match[1]))) is not None:
                formset.data.setlist(self._name(number, match[2]), values)
        chosen = [(row.fullmatch(name), name) for name in formset.data.getlist(TAKE)]
        moved = [
            self._name(numbers[int(match[1])], match[2]) if match else name
            for match, name in chosen
            if match is None or int(match[1]) in numbers
        ]
        formset.data.setlist(TAKE, moved)
        for name, count in ((TOTAL_FORM_COUNT, len(order)), (INITIAL_FORM_COUNT, len(shown))):
            formset.data[f"{formset.prefix}-{name}"] = str(count)
        del formset.management_form
        formset.absolute_max = max(formset.absolute_max, len(order))

    def _matches(self, row: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
        for name in [*self.formset.data]:
            if match := row.fullmatch(name):
                yield name, match

    def _fill_in(self, number: int, row: Any) -> None:
        """Show a row that somebody else added."""
        formset = self.formset
        form = formset.form(instance=row, prefix=formset.add_prefix(number))
        for name in form.fields:
            formset.data.setlist(form.add_prefix(name), sent_for_record(form, name))
        formset.data[self._name(number, self.key)] = str(row.pk)
        formset.data[self._name(number, formset.fk.name)] = str(formset.instance.pk)
        version = formset.rows_history(id=row.pk, history_type="+").first()
        self.changes.added[number] = _who(version)


def _who(version: Any) -> str:
    return str((version and version.history_user) or gettext("Somebody else"))


def _typed(form: Any) -> str:
    """Return what was typed into a form beside what it began with."""
    fields = [form[name] for name in form.changed_data]
    return "; ".join(f"{one.label}: {one.data}" for one in fields if not one.is_hidden)


def _named(row: Any) -> str:
    try:
        return str(row)
    except ObjectDoesNotExist:  # what it named is gone as well
        return capfirst(str(row._meta.verbose_name))
