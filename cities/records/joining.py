"""Join change sets that are in preparation: what is in them is published together."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from cities.records.change_sets import (
    REASON_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    SetState,
)
from cities.records.deeds import Problem, RefusedError
from cities.records.releasing import drop, locked

TO_PUBLISH = (Deed.PUBLISH, Deed.CORRECT)
"""What is done with a draft: if one set corrects by it, the other says nothing more."""


@transaction.atomic
def join(change_set: ChangeSet, others: Iterable[ChangeSet], *, by: Any) -> None:
    """Move all that is in other sets into one, as it is, and drop the others, which are empty.

    Raise `RefusedError`, and move nothing, if two of them change the same record, or if one is
    not in preparation any more.
    """
    chosen = {one.pk: one for one in (change_set, *others)}
    held = {pk: locked(chosen[pk], SetState.OPEN) for pk in sorted(chosen)}
    target = held.pop(change_set.pk)
    if not held:
        raise RefusedError(Problem(None, gettext("Choose the sets to join with this one.")))
    changes = [*target.changes.all()]
    for one in held.values():
        changes += one.changes.all()
    if problems := [*_by_others(target, held.values()), *_twice(changes)]:
        raise RefusedError(*problems)
    target.reason = _reasons([target, *held.values()])
    target.alone_because = ""  # it was said of what was in it before
    target.save()
    kept = {change.pk for change in _once(changes)}
    for change in changes:
        if change.pk not in kept:
            change.delete()
        elif change.change_set_id != target.pk:
            change.change_set = target
            change.save(update_fields=["change_set"])
    for one in held.values():
        drop(one, by=by)


def _by_others(target: ChangeSet, others: Iterable[ChangeSet]) -> Iterator[Problem]:
    """Yield a problem for each set of another author: nobody reviews their own part of a set."""
    for one in others:
        if one.author_id != target.author_id:
            yield Problem(None, gettext("“%s” was prepared by somebody else.") % one)


def _once(changes: list[ProposedChange]) -> Iterator[ProposedChange]:
    """Yield what is left of changes: of a draft that several publish, one."""
    found: dict[tuple[str, int], ProposedChange] = {}
    for change in changes:
        known = found.setdefault((change.kind, change.object_id), change)
        if change.deed == Deed.CORRECT != known.deed:
            found[change.kind, change.object_id] = change
    yield from found.values()


def _twice(changes: list[ProposedChange]) -> Iterator[Problem]:
    """Yield a problem for each record that changes of several sets would change."""
    found: dict[tuple[str, int], ProposedChange] = {}
    for change in changes:
        for key in {change.object_id, change.replaces or change.object_id}:
            known = found.setdefault((change.kind, key), change)
            both = {known.deed, change.deed}
            is_draft_of_both = known.object_id == change.object_id and both <= {*TO_PUBLISH}
            if known is not change and not is_draft_of_both:
                yield Problem(None, _conflict(known, change, key))


def _conflict(one: ProposedChange, other: ProposedChange, key: int) -> str:
    sentence = gettext(
        "“%(record)s” is in both “%(set)s” and “%(other)s”. Nothing is joined, and both keep what"
        " you typed. Give one of the two up first."
    )
    label = other.label if other.object_id == key else one.label
    return sentence % {"record": label, "set": one.change_set, "other": other.change_set}


def _reasons(change_sets: list[ChangeSet]) -> str:
    """Return the reasons of all in one text. Raise `RefusedError` if that is too long."""
    reasons = dict.fromkeys(one.reason for one in change_sets if one.reason)
    joined = " ".join(reason if reason[-1] in ".!?" else f"{reason}." for reason in reasons)
    if len(reasons) == 1:
        return next(iter(reasons))
    if len(joined) > REASON_LENGTH:
        sentence = gettext("The reasons are too long together. Shorten one of them first.")
        raise RefusedError(Problem(None, sentence))
    return joined
