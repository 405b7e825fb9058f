"""What is in a change set, as its page shows it: each record with what it says or what changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from cities.records.admin.facts import Compared, Fact, compared, facts_of, without_rows
from cities.records.admin.permissions import may
from cities.records.change_sets import ChangeSet, Deed, ProposedChange, kind_of, rows_of
from cities.records.previewing import as_if_published, has_page
from cities.records.publishing import Publishable

Key = tuple[str, int]


@dataclass
class Shown:
    """One record of a set as its page shows it."""

    noun: str
    label: str
    address: str = ""
    preview: str = ""
    """The address of its public page as it will be; nothing once it is public."""
    facts: list[Fact] = field(default_factory=list)
    deed: str = ""
    corrects: str = ""
    """What is withdrawn as it takes its place."""
    compared: list[Compared] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Why an edit cannot be made as it is."""
    uploads: list[str] = field(default_factory=list)
    """The names of the files that come with an edit."""
    is_in_set: bool = True
    """Whether somebody put it there; others come along because it needs them."""

    @property
    def unchanged(self) -> list[Compared]:
        return [one for one in self.compared if not one.is_changed]


def contents_of(
    site: Any, request: HttpRequest, change_set: ChangeSet, drafts: Iterable[Publishable]
) -> list[Shown]:
    """Return the records of a set in the order in which they become public.

    `drafts` are those in it and those that they need; none once it is settled.
    """
    return _Contents(site, request, change_set, [*drafts]).all()


class _Contents:
    def __init__(
        self, site: Any, request: HttpRequest, change_set: ChangeSet, drafts: list[Publishable]
    ) -> None:
        self.site, self.request, self.change_set = site, request, change_set
        changes = list(change_set.changes.all())
        self.changes: dict[Key, ProposedChange] = {(c.kind, c.object_id): c for c in changes}
        self.waiting = {(kind_of(one), one.pk): one for one in drafts}
        others = [change for key, change in self.changes.items() if key not in self.waiting]
        self.rows: dict[Key, Any] = rows_of(others)

    def all(self) -> list[Shown]:
        drafts = [
            self._draft(row, key)
            for key, row in self.waiting.items()
            if key in self.changes or may(self.request, "preview", type(row))
        ]
        edits = {} if self.change_set.is_settled else self._edits()
        others = [key for key in self.changes if key not in self.waiting]
        return [*drafts, *(edits.get(key) or self._other(key) for key in others)]

    def _draft(self, row: Any, key: Key) -> Shown:
        shown = self._named(row, is_in_set=key in self.changes, preview=self._preview(row))
        facts, change = facts_of(self.request, row), self.changes.get(key)
        if change is None or not change.replaces:
            shown.facts = facts
            return shown
        corrected = change.model._base_manager.get(pk=change.replaces)
        shown.corrects = str(corrected)
        before = facts_of(self.request, corrected)
        shown.compared = compared(without_rows(before), without_rows(facts))
        return shown

    def _other(self, key: Key) -> Shown:
        """Return what is public or withdrawn by now, or was deleted."""
        change, row = self.changes[key], self.rows.get(key)
        if row is None:
            return Shown(_noun(change.model), change.label)
        shown = self._named(row, deed=change.deed)
        if self.change_set.is_released and change.deed in (Deed.EDIT, Deed.RESTORE):
            shown.compared = self._published(change, row)
        return shown

    def _published(self, change: ProposedChange, row: Any) -> list[Compared]:
        """Return what a released change changed in the record itself, as its history says."""
        record_admin = self.site.get_model_admin(type(row))
        numbers = (change.base, change.version)
        versions = [*type(row).history.filter(history_id__in=numbers).order_by("-history_id")]
        record_admin.set_history_delta_changes(self.request, versions)
        changes = getattr(versions[0], "history_delta_changes", []) if versions else []
        old = [Fact(str(one["field"]), str(one["old"])) for one in changes]
        new = [Fact(str(one["field"]), str(one["new"])) for one in changes]
        return compared(old, new)

    def _edits(self) -> dict[Key, Shown]:
        """Return what edits change: all of them are made, read, and taken back."""
        wrong: dict[ProposedChange, list[str]] = {
            change: []
            for key, change in self.changes.items()
            if change.deed == Deed.EDIT and key in self.rows
        }
        if not wrong:
            return {}
        before = self._facts(wrong)
        after = as_if_published([*self.waiting.values()], lambda: self._facts(wrong), wrong)
        return {
            key: self._named(
                self.rows[key],
                deed=change.deed,
                preview=self._preview(self.rows[key]),
                compared=[] if wrong[change] else compared(before[key], after[key]),
                problems=wrong[change],
                uploads=[called for __, called, __ in change.uploads],
            )
            for key, change in self.changes.items()
            if change in wrong
        }

    def _facts(self, changes: Iterable[ProposedChange]) -> dict[Key, list[Fact]]:
        return {
            (change.kind, change.object_id): facts_of(
                self.request, change.model._base_manager.get(pk=change.object_id)
            )
            for change in changes
        }

    def _named(self, row: Any, **more: Any) -> Shown:
        address = form_address(self.site, self.request, row)
        return Shown(_noun(type(row)), str(row), address, **more)

    def _preview(self, row: Any) -> str:
        if not has_page(type(row)):
            return ""
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_preview"
        return f"{reverse(name, args=[row.pk])}?set={self.change_set.pk}"


def form_address(site: Any, request: HttpRequest, record: Any) -> str:
    """Return the form of a record; nothing for people who may not see it."""
    record_admin = site.get_model_admin(type(record))
    if not record_admin.has_view_permission(request, record):
        return ""
    return record_admin.change_address(record)


def _noun(model: Any) -> str:
    return capfirst(str(model._meta.verbose_name))
