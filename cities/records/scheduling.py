"""Publish change sets at a moment chosen before."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext
from simple_history.models import HistoricalRecords

from cities.records.change_sets import NOTE_LENGTH, ChangeSet, SetState
from cities.records.deeds import Problem, RefusedError, drafts_in, published_in
from cities.records.drafts import with_what_they_need
from cities.records.releasing import (
    UNSETTLED,
    fingerprint,
    locked,
    may,
    not_seen_by_another,
    release,
)


@transaction.atomic
def schedule(change_set: ChangeSet, *, by: Any, moment: datetime) -> None:
    """Let the clock release a set as it is now, with the rights that `by` has then.

    Raise `RefusedError` if the moment is past, or if `by` may not publish what is in the set.
    """
    stored = locked(change_set, *UNSETTLED)
    if moment <= now():
        raise RefusedError(Problem(None, gettext("Enter a day and time that are still to come.")))
    records = [*drafts_in(stored), *published_in(stored)]
    if not records or not all(may(by, "publish", type(record)) for record in records):
        sentence = gettext("You do not have permission to publish this.")
        raise RefusedError(Problem(None, sentence))
    if problems := not_seen_by_another(stored, with_what_they_need(drafts_in(stored)), by):
        raise RefusedError(*problems)
    stored.state = SetState.SCHEDULED
    stored.scheduled_for, stored.scheduled_by = moment, by
    stored.scheduled_as = fingerprint(stored)
    stored.note, stored.reviewer = "", None
    stored.full_clean()
    stored.save()


@transaction.atomic
def unschedule(change_set: ChangeSet) -> None:
    """Let a set wait for review again. Raise `RefusedError` if it is not scheduled any more."""
    stored = locked(change_set, SetState.SCHEDULED)
    stored.state, stored.submitted_at = SetState.SUBMITTED, stored.submitted_at or now()
    stored.save()


def release_due() -> tuple[list[ChangeSet], list[ChangeSet]]:
    """Release the sets that are due. Return those released, and those sent back with the reason.

    What was changed after it was scheduled is sent back: nobody has reviewed that. Several
    processes may do this at the same time: each set is released by one of them.
    """
    released, sent_back = [], []
    due = ChangeSet.objects.filter(state=SetState.SCHEDULED, scheduled_for__lte=now())
    for change_set in due.order_by("scheduled_for", "pk"):
        try:
            _release_as_scheduled(change_set)
        except RefusedError as error:
            if _send_back(change_set, error):
                sent_back.append(change_set)
        else:
            released.append(change_set)
    return released, sent_back


@transaction.atomic
def _release_as_scheduled(change_set: ChangeSet) -> None:
    stored = locked(change_set, SetState.SCHEDULED)
    if fingerprint(stored) != stored.scheduled_as:
        sentence = gettext("It was changed after it was scheduled.")
        raise RefusedError(Problem(None, sentence))
    around = getattr(HistoricalRecords.context, "request", None)
    HistoricalRecords.context.request = SimpleNamespace(user=stored.scheduled_by)
    try:
        release(stored, by=stored.scheduled_by)
    finally:
        HistoricalRecords.context.request = around


@transaction.atomic
def _send_back(change_set: ChangeSet, error: RefusedError) -> bool:
    """Send a set back with what is wrong, unless another process was quicker."""
    stored = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if stored.state != SetState.SCHEDULED:
        return False
    note = gettext("It was not published at the time it was scheduled for.")
    sentences = [
        f"{problem.record}: {problem.sentence}" if problem.record else problem.sentence
        for problem in error.problems
    ]
    stored.state, stored.reviewer = SetState.SENT_BACK, stored.scheduled_by
    stored.note = "\n".join([note, *sentences])[:NOTE_LENGTH]
    stored.save()
    return True
