"""Release change sets: everything in them becomes public together, or nothing does.

It is the one step by which drafts become public, for the desk and for the shell.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records import events
from cities.records.change_sets import (
    NAME_LENGTH,
    OF_PUBLISHED,
    SETTLED,
    ChangeSet,
    Deed,
    ProposedChange,
    SetState,
    change_of,
    kind_of,
    rows_of,
    take_in,
)
from cities.records.deeds import (
    Problem,
    RefusedError,
    apply_edits,
    drafts_in,
    of_published,
    publish_all,
    published_in,
    restore_all,
    withdraw_all,
    withdraw_corrected,
)
from cities.records.derived import collecting
from cities.records.drafts import with_what_they_need
from cities.records.edits import edits_in, forget_edits
from cities.records.publishing import Publishable
from cities.records.restoring import newest_versions
from cities.records.second_person import seen_by_one_alone


def may(user: Any, action: str, model: Any) -> bool:
    """Return whether a person has a right; the shell has every right."""
    name = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    return user is None or user.has_perm(name)


# --- preparing ----------------------------------------------------------------------------


def propose(
    records: Iterable[Publishable],
    *,
    author: Any = None,
    name: str = "",
    reason: str = "",
    alone_because: str = "",
) -> ChangeSet:
    """Begin a set that publishes drafts, named after the first of them."""
    drafts = list(records)
    change_set = ChangeSet(
        name=(name or str(drafts[0]))[:NAME_LENGTH],
        reason=reason.strip(),
        author=author,
        alone_because=alone_because.strip(),
    )
    change_set.full_clean()
    with transaction.atomic():
        change_set.save()
        take_in(change_set, drafts)
    return change_set


def propose_withdrawal(record: Publishable, *, author: Any = None, reason: str) -> ChangeSet:
    """Begin a set that withdraws a published record, and send it for review.

    Raise `ValidationError` if the record was never published or nobody says why.
    """
    if not record.is_published:
        raise ValidationError(_("Only a published record can be withdrawn."))
    if not reason.strip():
        raise ValidationError(_("Say why you withdraw the record. The public can read this."))
    change_set = ChangeSet(name=str(record)[:NAME_LENGTH], reason=reason.strip(), author=author)
    change_set.full_clean()
    with transaction.atomic():
        change_set.save()
        base = newest_versions([record]).get((kind_of(record), record.pk), 0)
        change_of(record, Deed.WITHDRAW, change_set=change_set, base=base).save()
        submit(change_set)
    change_set.refresh_from_db()
    return change_set


# --- on the way ---------------------------------------------------------------------------


def locked(change_set: ChangeSet, *states: SetState) -> ChangeSet:
    """Return the set as it is stored, held until the transaction ends.

    Raise `RefusedError` if it is in none of the states: somebody was quicker.
    """
    stored = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if stored.state not in states:
        state = SetState(stored.state).label
        sentence = gettext("“%(name)s” is not open any more. It is now: %(state)s.")
        raise RefusedError(Problem(None, sentence % {"name": stored, "state": state}))
    return stored


UNSETTLED = tuple(state for state in SetState if state not in SETTLED)


@transaction.atomic
def give_reason(change_set: ChangeSet, reason: str) -> None:
    """Say why. Raise `RefusedError` once the set is settled."""
    _say(change_set, reason=reason)


@transaction.atomic
def publish_alone(change_set: ChangeSet, because: str) -> None:
    """Say why nobody else looks at it. Raise `RefusedError` once the set is settled."""
    _say(change_set, alone_because=because)


def _say(change_set: ChangeSet, **words: str) -> None:
    stored = locked(change_set, *UNSETTLED)
    for name, text in words.items():
        setattr(stored, name, text.strip())
    stored.full_clean()
    stored.save()


def needs_reason(change_set: ChangeSet) -> bool:
    """Return whether something in a set is taken back, which nobody does without saying why."""
    taken_back = (Deed.CORRECT, Deed.WITHDRAW, Deed.RESTORE)
    return any(change.deed in taken_back for change in change_set.changes.all())


def _require_reason(change_set: ChangeSet) -> None:
    """Raise `RefusedError` if something is taken back and nobody says why."""
    if not change_set.reason and needs_reason(change_set):
        sentence = gettext("Say why. The public can read this.")
        raise RefusedError(Problem(None, sentence))


@transaction.atomic
def submit(change_set: ChangeSet) -> None:
    """Send a set for review. Raise `RefusedError` if it is on its way already."""
    stored = locked(change_set, SetState.OPEN, SetState.SENT_BACK)
    _require_reason(stored)
    stored.state, stored.submitted_at = SetState.SUBMITTED, now()
    stored.note, stored.reviewer = "", None
    stored.save()


@transaction.atomic
def send_back(change_set: ChangeSet, *, by: Any, note: str) -> None:
    """Send a set back to its author with what is to be changed first.

    Raise `ValidationError` without a note, `RefusedError` if the set does not wait for review.
    """
    stored = locked(change_set, SetState.SUBMITTED, SetState.SCHEDULED)
    if not note.strip():
        raise ValidationError(_("Say what is to be changed first."))
    stored.state, stored.reviewer, stored.note = SetState.SENT_BACK, by, note.strip()
    stored.full_clean()
    stored.save()


@transaction.atomic
def drop(change_set: ChangeSet, *, by: Any) -> None:
    """Give a set up. Its drafts stay drafts; what was typed for it is forgotten."""
    stored = locked(change_set, *UNSETTLED)
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
        stored = locked(change_set, *UNSETTLED)
        _require_reason(stored)
        drafts = with_what_they_need(drafts_in(stored))
        if problems := [
            *_not_allowed([*drafts, *published_in(stored)], by),
            *not_seen_by_another(stored, drafts, by),
            *_gone(stored, drafts),
            *_changed_since(stored),
            *_corrected_elsewhere(stored, drafts),
        ]:
            raise RefusedError(*problems)
        if stored.alone_because and not prepared_alone(stored, drafts, by):
            stored.alone_because = ""  # somebody else has looked at it after all
        take_in(stored, drafts)
        withdraw_corrected(stored)
        withdraw_all(stored)
        published = restore_all(stored)
        published += publish_all(drafts, stored.reason or gettext("Published"))
        published += apply_edits(stored)
        _note_versions(stored, [*published, *published_in(stored)])
        _settle(stored, SetState.RELEASED, by)
        _take_out_of_others(stored)
        events.published(stored, by)
    change_set.refresh_from_db()
    return published


def publish(
    records: Iterable[Publishable],
    *,
    by: Any = None,
    name: str = "",
    reason: str = "",
    alone_because: str = "",
) -> list[Publishable]:
    """Publish drafts at once, with every draft that they need: a set that nobody else reviews.

    Raise `RefusedError`, with all that is wrong, and publish nothing.
    """
    with collecting(), transaction.atomic():
        words = {"name": name, "reason": reason, "alone_because": alone_because}
        return release(propose(records, author=by, **words), by=by)


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


def not_seen_by_another(
    change_set: ChangeSet, drafts: Iterable[Publishable], by: Any
) -> list[Problem]:
    """Return what nobody but its author has looked at, unless the set says why."""
    if change_set.alone_because:
        return []
    sentence = gettext(
        "Somebody else has to look at this before it is public. Send it for review, or say why"
        " nobody else can look at it."
    )
    return [Problem(record, sentence) for record in prepared_alone(change_set, drafts, by)]


def prepared_alone(
    change_set: ChangeSet, drafts: Iterable[Publishable], by: Any
) -> list[Publishable]:
    """Return what `by` would publish of a set without a second person who is needed for it."""
    changed, author = published_in(change_set), change_set.author
    return seen_by_one_alone(by, drafts=drafts, changed=changed, author=author)


def _gone(change_set: ChangeSet, drafts: Iterable[Publishable]) -> list[Problem]:
    """Return what can no longer be published: what was deleted, withdrawn, or is nothing."""
    changes = list(change_set.changes.all())
    is_empty = not drafts and not any(change.deed in OF_PUBLISHED for change in changes)
    rows, problems = rows_of(changes), []
    for change in changes:
        row = rows.get((change.kind, change.object_id))
        if row is None:
            sentence = gettext("“%s” was deleted. Take it out of this set.") % change.label
            problems.append(Problem(None, sentence))
        elif row.is_withdrawn and change.deed != Deed.RESTORE:
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


def _changed_since(change_set: ChangeSet) -> list[Problem]:
    """Return what was changed after its withdrawal or its undoing was prepared.

    An edit goes through its form, which says what was changed.
    """
    found = of_published(change_set, Deed.WITHDRAW, Deed.RESTORE)
    newest = newest_versions(row for __, row in found)
    sentence = gettext("It was changed after this was prepared. Look at it again.")
    return [
        Problem(row, sentence)
        for change, row in found
        if newest.get((change.kind, change.object_id)) != change.base
    ]


def fingerprint(change_set: ChangeSet, drafts: Iterable[Publishable] | None = None) -> str:
    """Return what changes as soon as somebody changes anything that a set would publish.

    `drafts` are those in it with all that they need, if they are at hand.
    """
    if drafts is None:
        drafts = with_what_they_need(drafts_in(change_set))
    versions = sorted(newest_versions([*drafts, *published_in(change_set)]).items())
    typed = [(change.pk, change.input, change.uploads) for change in edits_in(change_set)]
    return sha256(repr((versions, typed)).encode()).hexdigest()


def _note_versions(change_set: ChangeSet, records: Iterable[Publishable]) -> None:
    """Keep with each change which version of the record it made."""
    newest = newest_versions(records)
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
