"""Release change sets: everything in them becomes public together, or nothing does.

It is the one step by which drafts become public, for the desk and for the shell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.change_sets import (
    NAME_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    SetState,
    kind_of,
    rows_of,
    take_in,
)
from cities.records.derived import collecting
from cities.records.drafts import Key, key_of, with_what_they_need
from cities.records.edits import apply_edit, edits_in, forget_edits, forget_uploads
from cities.records.publishing import Publishable


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


def may(user: Any, action: str, model: Any) -> bool:
    """Return whether a person has a right; the shell has every right."""
    name = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    return user is None or user.has_perm(name)


# --- preparing ----------------------------------------------------------------------------


def propose(
    records: Iterable[Publishable], *, author: Any = None, name: str = "", reason: str = ""
) -> ChangeSet:
    """Begin a set that publishes drafts, named after the first of them."""
    drafts = list(records)
    change_set = ChangeSet(
        name=(name or str(drafts[0]))[:NAME_LENGTH], reason=reason.strip(), author=author
    )
    change_set.full_clean()
    with transaction.atomic():
        change_set.save()
        take_in(change_set, drafts)
    return change_set


def edited_in(change_set: ChangeSet) -> list[Publishable]:
    """Return the published records that a set edits."""
    changes = edits_in(change_set)
    rows = rows_of(changes)
    found = (rows.get((change.kind, change.object_id)) for change in changes)
    return [row for row in found if row is not None]


def drafts_in(change_set: ChangeSet) -> list[Publishable]:
    """Return the drafts that a set publishes, in the order in which they came into it."""
    changes = list(change_set.changes.all())
    rows = rows_of(changes)
    found = (rows.get((change.kind, change.object_id)) for change in changes)
    return [row for row in found if row is not None and row.is_draft]


# --- on the way ---------------------------------------------------------------------------


def _locked(change_set: ChangeSet, *states: SetState) -> ChangeSet:
    """Return the set as it is stored, held until the transaction ends.

    Raise `RefusedError` if it is in none of the states: somebody was quicker.
    """
    stored = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if stored.state not in states:
        state = SetState(stored.state).label
        sentence = gettext("“%(name)s” is not open any more. It is now: %(state)s.")
        raise RefusedError(Problem(None, sentence % {"name": stored, "state": state}))
    return stored


UNSETTLED = (SetState.OPEN, SetState.SUBMITTED, SetState.SENT_BACK)


@transaction.atomic
def give_reason(change_set: ChangeSet, reason: str) -> None:
    """Say why. Raise `RefusedError` once the set is settled."""
    stored = _locked(change_set, *UNSETTLED)
    stored.reason = reason.strip()
    stored.full_clean()
    stored.save()


def corrections_in(change_set: ChangeSet) -> Any:
    """Return the changes of a set that put a draft in the place of a published record."""
    return change_set.changes.filter(deed=Deed.CORRECT)


def _require_reason(change_set: ChangeSet) -> None:
    """Raise `RefusedError` if something is withdrawn and nobody says why."""
    if not change_set.reason and corrections_in(change_set).exists():
        sentence = gettext("Say why you correct the record. The public can read this.")
        raise RefusedError(Problem(None, sentence))


@transaction.atomic
def submit(change_set: ChangeSet) -> None:
    """Send a set for review. Raise `RefusedError` if it is on its way already."""
    stored = _locked(change_set, SetState.OPEN, SetState.SENT_BACK)
    _require_reason(stored)
    stored.state, stored.submitted_at = SetState.SUBMITTED, now()
    stored.note, stored.reviewer = "", None
    stored.save()


@transaction.atomic
def send_back(change_set: ChangeSet, *, by: Any, note: str) -> None:
    """Send a set back to its author with what is to be changed first.

    Raise `ValidationError` without a note, `RefusedError` if the set does not wait for review.
    """
    stored = _locked(change_set, SetState.SUBMITTED)
    if not note.strip():
        raise ValidationError(_("Say what is to be changed first."))
    stored.state, stored.reviewer, stored.note = SetState.SENT_BACK, by, note.strip()
    stored.full_clean()
    stored.save()


@transaction.atomic
def drop(change_set: ChangeSet, *, by: Any) -> None:
    """Give a set up. Its drafts stay drafts; what was typed for it is forgotten."""
    stored = _locked(change_set, *UNSETTLED)
    forget_edits(stored)
    _settle(stored, SetState.DROPPED, by)


def _settle(change_set: ChangeSet, state: SetState, by: Any) -> None:
    change_set.state, change_set.settled_at, change_set.settled_by = state, now(), by
    change_set.save()


# --- releasing ----------------------------------------------------------------------------


def release(change_set: ChangeSet, *, by: Any = None) -> list[Publishable]:
    """Publish all that is in a set, with every draft that it needs. Return what is public by it.

    Raise `RefusedError`, with all that is wrong, and publish nothing.
    """
    with collecting(), transaction.atomic():
        stored = _locked(change_set, *UNSETTLED)
        _require_reason(stored)
        drafts = with_what_they_need(drafts_in(stored))
        if problems := [
            *_not_allowed([*drafts, *edited_in(stored)], by),
            *_gone(stored, drafts),
            *_corrected_elsewhere(stored, drafts),
        ]:
            raise RefusedError(*problems)
        take_in(stored, drafts)
        _withdraw_corrected(stored)
        published = _publish(drafts, stored.reason or gettext("Published"))
        published += _apply_edits(stored)
        _note_versions(stored, published)
        _settle(stored, SetState.RELEASED, by)
        _take_out_of_others(stored)
    change_set.refresh_from_db()
    return published


def publish(
    records: Iterable[Publishable], *, by: Any = None, name: str = "", reason: str = ""
) -> list[Publishable]:
    """Publish drafts at once, with every draft that they need: a set that nobody else reviews.

    Raise `RefusedError`, with all that is wrong, and publish nothing.
    """
    with collecting(), transaction.atomic():
        return release(propose(records, author=by, name=name, reason=reason), by=by)


def _not_allowed(drafts: Iterable[Publishable], by: Any) -> list[Problem]:
    """Return what somebody may not publish, without naming a draft that they may not see."""
    problems = []
    for draft in drafts:
        if may(by, "publish", type(draft)):
            continue
        if may(by, "preview", type(draft)):
            sentence = gettext("You do not have permission to publish this.")
            problems.append(Problem(draft, sentence))
        else:
            sentence = gettext("It needs a draft that you do not have permission to publish.")
            problems.append(Problem(None, sentence))
    return problems


def _gone(change_set: ChangeSet, drafts: Iterable[Publishable]) -> list[Problem]:
    """Return what can no longer be published: what was deleted, withdrawn, or is nothing."""
    changes = list(change_set.changes.all())
    is_empty = not drafts and not any(change.deed == Deed.EDIT for change in changes)
    rows, problems = rows_of(changes), []
    for change in changes:
        row = rows.get((change.kind, change.object_id))
        if row is None:
            sentence = gettext("“%s” was deleted. Take it out of this set.") % change.label
            problems.append(Problem(None, sentence))
        elif row.is_withdrawn:
            sentence = gettext("A withdrawn record stays withdrawn. Add a new one.")
            problems.append(Problem(row, sentence))
    if is_empty and not problems:
        problems.append(Problem(None, gettext("Everything in this set is published already.")))
    return problems


def _corrected_elsewhere(change_set: ChangeSet, drafts: Iterable[Publishable]) -> list[Problem]:
    """Return the drafts that correct a record in another set: they are published with that."""
    problems = []
    for draft in drafts:
        others = ChangeSet.objects.unsettled().exclude(pk=change_set.pk)
        change = ProposedChange.objects.filter(
            kind=kind_of(draft), object_id=draft.pk, deed=Deed.CORRECT, change_set__in=others
        ).first()
        if change is not None:
            sentence = gettext("It corrects a record. Publish it with its own change set, “%s”.")
            problems.append(Problem(draft, sentence % change.change_set))
    return problems


def _withdraw_corrected(change_set: ChangeSet) -> None:
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


def _publish(drafts: Iterable[Publishable], reason: str) -> list[Publishable]:
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


def _apply_edits(change_set: ChangeSet) -> list[Publishable]:
    """Change published records. Raise `RefusedError` with what is wrong with each edit."""
    problems: list[Problem] = []
    edited = edited_in(change_set)
    for change, row in zip(edits_in(change_set), edited, strict=True):
        problems += [Problem(row, sentence) for sentence in apply_edit(change)]
        forget_uploads(change)
    if problems:
        raise RefusedError(*problems)
    return edited


def _newest_versions(records: Iterable[Publishable]) -> dict[tuple[str, int], int]:
    """Return the key of the newest row of history of each record, by kind and key."""
    newest: dict[tuple[str, int], int] = {}
    keys: dict[Any, list[int]] = {}
    for record in records:
        keys.setdefault(type(record), []).append(record.pk)
    for model, pks in keys.items():
        versions = model.history.filter(id__in=pks).order_by("history_id")
        for pk, version in versions.values_list("id", "history_id"):
            newest[model._meta.label_lower, pk] = version
    return newest


def fingerprint(change_set: ChangeSet) -> str:
    """Return what changes as soon as somebody changes anything that a set would publish."""
    drafts = with_what_they_need(drafts_in(change_set))
    versions = sorted(_newest_versions([*drafts, *edited_in(change_set)]).items())
    typed = [(change.pk, change.input, change.uploads) for change in edits_in(change_set)]
    return sha256(repr((versions, typed)).encode()).hexdigest()


def _note_versions(change_set: ChangeSet, records: Iterable[Publishable]) -> None:
    """Keep with each change which version of the record it made."""
    newest = _newest_versions(records)
    for change in change_set.changes.filter(version=None):
        change.version = newest.get((change.kind, change.object_id))
        if change.version is not None:
            change.save(update_fields=["version"])


def _take_out_of_others(change_set: ChangeSet) -> None:
    """Take what is public now out of the other sets in which it waited, and drop empty ones."""
    for change in change_set.changes.all():
        others = ChangeSet.objects.unsettled().naming(change.kind, [change.object_id])
        waiting = ProposedChange.objects.filter(
            change_set__in=others, kind=change.kind, object_id=change.object_id, deed=Deed.PUBLISH
        )
        emptied = list(waiting.values_list("change_set", flat=True))
        waiting.delete()
        for other in ChangeSet.objects.filter(pk__in=emptied, changes=None):
            _settle(other, SetState.DROPPED, None)
