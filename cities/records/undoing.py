"""Take back what a change set made public: by another set, which says the reverse."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from cities.records.change_sets import (
    NAME_LENGTH,
    ChangeSet,
    Deed,
    ProposedChange,
    SetState,
    change_of,
    kind_of,
    rows_of,
)
from cities.records.deeds import Problem, RefusedError, published_in
from cities.records.publishing import Publication
from cities.records.releasing import publish_alone, release
from cities.records.restoring import newest_versions
from cities.records.second_person import seen_by_one_alone


def undo(change_set: ChangeSet, *, by: Any = None, reason: str) -> ChangeSet:
    """Withdraw what a released set published, and let what it changed say what it said before.

    It waits for no second person: the reason says why.
    Raise `RefusedError`, with each reason, if later changes rest on it; then nothing happens.
    """
    with transaction.atomic():
        held = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
        if held.state != SetState.RELEASED:
            raise RefusedError(Problem(None, gettext("Only what is published can be undone.")))
        if ChangeSet.objects.filter(undoes=held).exists():
            raise RefusedError(Problem(None, gettext("This was undone already.")))
        name = gettext("Undo: %s") % held
        taking_back = ChangeSet(
            name=name[:NAME_LENGTH], reason=reason.strip(), author=by, undoes=held
        )
        taking_back.full_clean()
        taking_back.save()
        _reverse(held, taking_back)
        changed = published_in(taking_back)
        if seen_by_one_alone(by, changed=changed, author=by):
            publish_alone(taking_back, taking_back.reason)  # what is wrong does not wait
        release(taking_back, by=by)
    taking_back.refresh_from_db()
    return taking_back


def _reverse(released: ChangeSet, taking_back: ChangeSet) -> None:
    """Prepare the reverse of each change. Raise `RefusedError` with what was changed later."""
    changes = list(released.changes.all())
    rows = rows_of(changes)
    newest = newest_versions(rows.values())
    problems: list[Problem] = []
    for change in changes:
        row = rows.get((change.kind, change.object_id))
        if row is None or newest[change.kind, change.object_id] != change.version:
            sentence = gettext("“%s” was changed after this was published.") % change.label
            problems.append(Problem(row, sentence))
            continue
        for reverse in _reverses(change, row):
            reverse.change_set = taking_back
            reverse.save()
    if problems:
        raise RefusedError(*problems)


def _reverses(change: ProposedChange, row: Any) -> list[ProposedChange]:
    """Return what takes a change back: two changes for a correction."""
    match change.deed:
        case Deed.EDIT | Deed.RESTORE:
            return [_change(row, Deed.RESTORE, restores=change.base)]
        case Deed.WITHDRAW:
            return [_change(row, Deed.RESTORE, restores=_last_public(row))]
        case Deed.CORRECT:
            corrected = change.model._base_manager.get(pk=change.replaces)
            again = _change(corrected, Deed.RESTORE, restores=_last_public(corrected))
            return [_change(row, Deed.WITHDRAW), again]
        case _:
            return [_change(row, Deed.WITHDRAW)]


def _change(row: Any, deed: Deed, restores: int | None = None) -> ProposedChange:
    base = newest_versions([row])[kind_of(row), row.pk]
    return change_of(row, deed, base=base, restores=restores)


def _last_public(row: Any) -> int:
    """Return the newest version in which a withdrawn record was public."""
    versions = type(row).history.filter(id=row.pk, publication=Publication.PUBLISHED)
    return versions.order_by("-history_id").values_list("history_id", flat=True)[0]
