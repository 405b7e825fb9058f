"""Edits of published records, kept as the input of their forms until a set is released.

Nothing of an edit is in the record before. On release its input goes through the same form again,
with the rights that its author has by then.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now

from cities.records.change_sets import (
    NAME_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    SetState,
    change_of,
    kind_of,
    take_in,
)
from cities.records.publishing import Publishable
from cities.records.restoring import newest_versions

FOLDER = "waiting"
"""The folder of uploads that wait. No address leads there."""


@dataclass(frozen=True)
class Typed:
    """What somebody sent of the form of a published record."""

    input: list[list[str]]
    """Names and values, in their order."""
    form: str
    """A digest of the names of the fields of the form."""
    base: int
    """The key of the row of history that the form showed; 0 if there was none."""
    files: dict[str, Any] = field(default_factory=dict)
    """The files sent with it, by the name of the field."""


Apply = Callable[[ProposedChange, bool], list[str]]
"""Saves the input of a change as its author would, with its uploads or without them.

Returns what is wrong with it; then nothing is saved.
"""

_forms: list[Apply] = []


def take_edits_through(apply: Apply) -> None:
    """Name what saves edits: the forms of the desk, which are above this module."""
    _forms[:] = [apply]


def apply_edit(change: ProposedChange, *, with_uploads: bool = True) -> list[str]:
    """Save an edit. Return what is wrong with it; then nothing is saved."""
    with transaction.atomic():
        problems = _forms[0](change, with_uploads)
        if problems:
            transaction.set_rollback(True)
    return problems


def edits_in(change_set: ChangeSet) -> list[ProposedChange]:
    """Return the edits of published records in a set, in the order in which they came into it."""
    return [change for change in change_set.changes.all() if change.deed == Deed.EDIT]


def waiting_edits(record: Publishable) -> Any:
    """Return the edits of a record that are not public yet, each with its set and author."""
    changes = ProposedChange.objects.filter(
        kind=kind_of(record),
        object_id=record.pk,
        deed=Deed.EDIT,
        change_set__in=ChangeSet.objects.unsettled(),
    )
    return changes.select_related("change_set__author")


@transaction.atomic
def keep_edit(
    record: Publishable, typed: Typed, *, author: Any, reason: str, drafts: Iterable[Any] = ()
) -> ChangeSet:
    """Keep an edit, and the drafts that it names, in a set of its author.

    If an edit of the record by the same author waits already, it is replaced.
    """
    waiting = waiting_edits(record).filter(change_set__author=author)
    known = waiting.select_for_update(of=("self",)).first()
    if known is None:
        change_set = ChangeSet(name=str(record)[:NAME_LENGTH], author=author)
        known = change_of(record, Deed.EDIT, change_set=change_set)
    change_set = known.change_set
    change_set.reason = reason.strip()
    change_set.full_clean()
    change_set.save()
    known.change_set = change_set
    sent_again = {name for name, *__ in known.uploads} & typed.files.keys()
    forget_uploads(known, sent_again)
    known.input, known.form, known.base = typed.input, typed.form, typed.base
    known.uploads = [*known.uploads, *_stored(typed.files)]
    known.save()
    take_in(change_set, drafts)
    return change_set


@transaction.atomic
def note_edit(record: Publishable, typed: Typed, *, author: Any, reason: str) -> None:
    """Note an edit that is public already in a set of its own, by which it can be undone."""
    change_set = ChangeSet.objects.create(
        name=str(record)[:NAME_LENGTH],
        reason=reason.strip(),
        author=author,
        state=SetState.RELEASED,
        settled_at=now(),
        settled_by=author,
    )
    change = change_of(record, Deed.EDIT, change_set=change_set, form=typed.form, base=typed.base)
    change.version = newest_versions([record])[kind_of(record), record.pk]
    change.save()


def _stored(files: dict[str, Any]) -> Iterator[list[str]]:
    for name, file in files.items():
        stored = default_storage.save(f"{FOLDER}/{uuid4()}", file)
        called = "".join(letter for letter in file.name if letter.isprintable())
        yield [name, called, stored]


def forget_uploads(change: ProposedChange, names: Iterable[str] | None = None) -> None:
    """Forget uploads that waited, those of some fields or all, once the transaction is over."""
    wanted = {name for name, *__ in change.uploads} if names is None else set(names)
    for name, __, stored in change.uploads:
        if name in wanted:
            transaction.on_commit(partial(default_storage.delete, stored))
    change.uploads = [upload for upload in change.uploads if upload[0] not in wanted]


def forget_edits(change_set: ChangeSet) -> None:
    """Forget what was typed for a set that is given up."""
    for change in edits_in(change_set):
        forget_uploads(change)
        change.input = []
        change.save(update_fields=["input", "uploads"])
