"""The sentences about the status of a resolution and the steps that led to it."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resolutions.course import Course, Kind, Outcome, Status
from resolutions.models import Action

_STATUS_SENTENCES = {
    Status.INTRODUCED: _("Pending since %(since)s."),
    Status.REFERRED: _("Referred to committee, %(since)s."),
    Status.TABLED: _("Tabled, %(since)s."),
    Status.POSTPONED: _("Postponed, %(since)s."),
    Status.WITHDRAWN: _("Withdrawn before a vote, %(since)s."),
    Status.ADOPTED: _("Adopted, %(since)s."),
    Status.FAILED: _("Failed, %(since)s."),
    Status.VETOED: _("Vetoed, %(since)s."),
    Status.RESCINDED: _("Rescinded, %(since)s."),
    Status.REVERSED: _("Reversed, %(since)s."),
    Status.SUPERSEDED: _("Superseded, %(since)s."),
    Status.UNKNOWN: _("Considered, %(since)s. We have no record of the result."),
}

_ACTION_LABELS = {
    Kind.INTRODUCE: _("Introduced"),
    Kind.REFER: _("Referred to committee"),
    Kind.RECOMMEND: _("Recommended for adoption"),
    Kind.RECOMMEND_AGAINST: _("Recommended against adoption"),
    Kind.REPORT: _("Reported without a recommendation"),
    Kind.SUSPEND_RULES: _("Rules suspended"),
    Kind.AMEND: _("Amended"),
    Kind.TABLE: _("Tabled"),
    Kind.TAKE_FROM_TABLE: _("Taken from the table"),
    Kind.POSTPONE: _("Postponed"),
    Kind.WITHDRAW: _("Withdrawn"),
    Kind.RECONSIDER: _("Reconsidered"),
    Kind.ADOPT: _("Adopted"),
    Kind.FAIL: _("Died without a vote"),
    Kind.SIGN: _("Signed"),
    Kind.UNSIGNED: _("Took effect without a signature"),
    Kind.VETO: _("Vetoed"),
    Kind.OVERRIDE: _("Veto overridden"),
    Kind.RESCIND: _("Rescinded"),
    Kind.CORRECT: _("Corrected"),
}

_FAILED_LABELS = {
    Kind.REFER: _("Motion to refer to committee failed"),
    Kind.RECOMMEND: _("Motion to recommend adoption failed"),
    Kind.RECOMMEND_AGAINST: _("Motion to recommend against adoption failed"),
    Kind.REPORT: _("Motion to report without a recommendation failed"),
    Kind.SUSPEND_RULES: _("Motion to suspend the rules failed"),
    Kind.AMEND: _("Motion to amend failed"),
    Kind.TABLE: _("Motion to table failed"),
    Kind.TAKE_FROM_TABLE: _("Motion to take from the table failed"),
    Kind.POSTPONE: _("Motion to postpone failed"),
    Kind.WITHDRAW: _("Motion to withdraw failed"),
    Kind.RECONSIDER: _("Motion to reconsider failed"),
    Kind.ADOPT: _("Failed"),
    Kind.OVERRIDE: _("Motion to override the veto failed"),
    Kind.RESCIND: _("Motion to rescind failed"),
    Kind.CORRECT: _("Motion to correct failed"),
}

_UNKNOWN_LABELS = {
    Kind.REFER: _("Motion to refer to committee, no record of the result"),
    Kind.RECOMMEND: _("Motion to recommend adoption, no record of the result"),
    Kind.RECOMMEND_AGAINST: _("Motion to recommend against adoption, no record of the result"),
    Kind.REPORT: _("Motion to report without a recommendation, no record of the result"),
    Kind.SUSPEND_RULES: _("Motion to suspend the rules, no record of the result"),
    Kind.AMEND: _("Motion to amend, no record of the result"),
    Kind.TABLE: _("Motion to table, no record of the result"),
    Kind.TAKE_FROM_TABLE: _("Motion to take from the table, no record of the result"),
    Kind.POSTPONE: _("Motion to postpone, no record of the result"),
    Kind.WITHDRAW: _("Motion to withdraw, no record of the result"),
    Kind.RECONSIDER: _("Motion to reconsider, no record of the result"),
    Kind.ADOPT: _("Considered, no record of the result"),
    Kind.OVERRIDE: _("Motion to override the veto, no record of the result"),
    Kind.RESCIND: _("Motion to rescind, no record of the result"),
    Kind.CORRECT: _("Motion to correct, no record of the result"),
}

_LABELS: dict[str, dict[Kind, Any]] = {
    Outcome.LOST: _FAILED_LABELS,
    Outcome.UNKNOWN: _UNKNOWN_LABELS,
}

_REFUSED = (Status.FAILED, Status.VETOED, Status.WITHDRAWN)

_IN_DOUBT = (None, Status.UNKNOWN)


def course_sentence(course: Course) -> str:
    """Return the status of a resolution and its date: “Adopted, May 12, 1969.”"""
    if course.status is None:
        return gettext("We have no record of what happened.")
    since = getattr(course.since, "on", course.since)  # the action itself, or its date
    return _STATUS_SENTENCES[Status(course.status)] % {"since": since}


def action_label(action: Action) -> str:
    """Return what happened: “Adopted”, “Failed”, “Motion to table failed”."""
    return str(_LABELS.get(action.outcome, _ACTION_LABELS)[Kind(action.kind)])


def not_adopted_sentence(course: Course) -> str:
    """Return why what a resolution without an adoption would do is not done.

    A resolution that is still pending has not failed, nor has one without a result on record.
    """
    if course.status in _REFUSED:
        return gettext("It did not pass, so it changed nothing.")
    if course.status in _IN_DOUBT:
        return gettext("We have no record that it passed.")
    return gettext("It has not passed, so it has changed nothing.")
