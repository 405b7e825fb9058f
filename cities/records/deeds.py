"""What is done with the records of a change set in the moment in which it is released."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from cities.records.change_sets import OF_PUBLISHED, ChangeSet, Deed, ProposedChange, rows_of
from cities.records.drafts import with_what_they_need
from cities.records.edits import apply_edit, forget_uploads
from cities.records.publishing import Publishable
from cities.records.restoring import restore
from cities.records.whole import Key, key_of


@dataclass(frozen=True)
class Problem:
    """What is wrong with one record of a set, or with the set itself."""

    record: Any
    sentence: str


class RefusedError(Exception):
    """A change set cannot be released, or moved on, as it is."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


# --- what is in a set ---


def published_in(change_set: ChangeSet) -> list[Publishable]:
    """Return the records that a set edits, withdraws or brings back."""
    return [row for __, row in of_published(change_set, *OF_PUBLISHED)]


def of_published(change_set: ChangeSet, *deeds: Deed) -> list[tuple[ProposedChange, Any]]:
    """Return the changes of public records in a set, each with the record as it is stored."""
    changes = [change for change in change_set.changes.all() if change.deed in deeds]
    rows = rows_of(changes)
    found = ((change, rows.get((change.kind, change.object_id))) for change in changes)
    return [(change, row) for change, row in found if row is not None]


def drafts_in(change_set: ChangeSet) -> list[Publishable]:
    """Return the drafts that a set publishes, in the order in which they came into it."""
    changes = list(change_set.changes.all())
    rows = rows_of(changes, and_named=True)
    found = (rows.get((change.kind, change.object_id)) for change in changes)
    return [row for row in found if row is not None and row.is_draft]


def corrections_in(change_set: ChangeSet) -> Any:
    """Return the changes of a set that put a draft in the place of a published record."""
    return change_set.changes.filter(deed=Deed.CORRECT)


# --- on release ---


def withdraw_corrected(change_set: ChangeSet) -> None:
    """Withdraw what is corrected. Raise `RefusedError` with why it cannot be."""
    problems = []
    for change in corrections_in(change_set):
        row = change.model._base_manager.select_for_update().get(pk=change.replaces)
        row._change_reason = change_set.reason
        try:
            row.withdraw(because=change_set.reason, on=localdate())
        except ValidationError as error:
            problems += [Problem(row, sentence) for sentence in error.messages]
    if problems:
        raise RefusedError(*problems)


def publish_all(drafts: Iterable[Publishable], reason: str) -> list[Publishable]:
    """Publish drafts in their order. Raise `RefusedError` with what is wrong with each."""
    problems: list[Problem] = []
    failed: set[Key] = set()
    published = []
    for draft in drafts:
        row: Any = type(draft)._base_manager.select_for_update().get(pk=draft.pk)
        if failed and failed & {key_of(one) for one in with_what_they_need([row])}:
            failed.add(key_of(row))  # it waits for one that has a problem of its own
            continue
        published.append(row)
        if row.is_published:
            continue  # with the record that it belongs to
        row._change_reason = reason
        try:
            with transaction.atomic():
                row.publish()
        except ValidationError as error:
            failed.add(key_of(row))
            sentences = dict.fromkeys(error.messages)
            problems += [Problem(row, sentence) for sentence in sentences]
    if problems:
        raise RefusedError(*problems)
    return published


def apply_edits(change_set: ChangeSet) -> list[Publishable]:
    """Change published records. Raise `RefusedError` with what is wrong with each edit."""
    problems: list[Problem] = []
    edited = of_published(change_set, Deed.EDIT)
    for change, row in edited:
        problems += [Problem(row, sentence) for sentence in apply_edit(change)]
        forget_uploads(change)
    if problems:
        raise RefusedError(*problems)
    return [row for __, row in edited]


def withdraw_all(change_set: ChangeSet) -> None:
    """Withdraw records, each after those that need it. Raise `RefusedError` with why not."""
    left = [row for __, row in of_published(change_set, Deed.WITHDRAW)]
    problems: list[Problem] = []
    while left:
        problems, waiting = [], []
        for row in left:
            row._change_reason = change_set.reason
            try:
                with transaction.atomic():
                    row.withdraw(because=change_set.reason, on=localdate())
            except ValidationError as error:
                waiting.append(row)
                problems += [Problem(row, sentence) for sentence in error.messages]
        if len(waiting) == len(left):
            raise RefusedError(*problems)
        left = waiting


def restore_all(change_set: ChangeSet) -> list[Publishable]:
    """Let records say what they said. Raise `RefusedError` with why they cannot.

    What others need may come after them: it is tried again.
    """
    left = of_published(change_set, Deed.RESTORE)
    restored: list[Publishable] = []
    while left:
        problems, waiting = [], []
        for change, row in left:
            row._change_reason = change_set.reason
            try:
                with transaction.atomic():
                    restore(row, change.restores or 0)
            except ValidationError as error:
                waiting.append((change, row))
                problems += [Problem(row, sentence) for sentence in error.messages]
            else:
                restored.append(row)
        if len(waiting) == len(left):
            raise RefusedError(*problems)
        left = [(change, type(row)._base_manager.get(pk=row.pk)) for change, row in waiting]
    return restored
