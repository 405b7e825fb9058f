"""The rules of actions that need other records. The rules of votes are in `vote_rules`.

What the database can check in one row is in `Action.Meta.constraints`.
"""

from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.base import related
from cities.records.rules import Rule, rule
from resolutions.course import NOT_CARRIED, UNDOING, Kind, Status, fold, out_of_order
from resolutions.models.effects import decisions, pending_decisions
from resolutions.models.texts import UNDECIDED_FOR_GOOD, TextKind, corrects
from resolutions.models.vote_rules import (
    VoteRecord,
    a_tie_is_broken,
    as_the_count_says,
    as_they_were_present,
    by_members,
    by_who_held_a_seat,
    keeps_the_shared_vote,
    no_names_without_a_roll,
    overridden_for_a_reason,
    shares_one_vote,
    with_its_vote_public,
    with_the_whole_roll,
)

ORDER = (
    "Robert’s Rules of Order (a motion that failed may be made again, §38); agenda rules of the"
    " City Council (a tabled item must first be removed from the table)"
)
VETO = "City Charter, section 3-305 (veto)"

DECIDING = (Kind.ADOPT, Kind.RECONSIDER, Kind.OVERRIDE, Kind.RESCIND, Kind.CORRECT)
"""What only the organization itself can do with its resolution."""


class ActionRecord(VoteRecord, Protocol):
    """What the rules read of an action, besides its vote."""

    number: int
    kind: str
    on: Any
    on_earliest: Any
    organization_id: Any
    resolution: Any
    resolution_id: Any
    text: Any
    text_id: Any
    adopts: bool
    others: Any
    citations: Any

    def get_kind_display(self) -> str: ...


@rule("A1", "on")
def has_happened(action: ActionRecord) -> list[str]:
    """An action is recorded once its day has come."""
    if action.on_earliest <= localdate():
        return []
    return [gettext("That date is in the future. Record an action after it happens.")]


@rule("A2", "meeting")
def at_a_meeting_held(action: ActionRecord) -> list[str]:
    """An organization acts at a meeting of its own that was held, on the day of that meeting."""
    meeting = action.meeting
    if meeting is None:
        return []
    if meeting.organization_id != action.organization_id:
        return [
            gettext(
                "That was a meeting of another organization. Choose one of the organization that"
                " acted."
            )
        ]
    if not meeting.is_held:
        return [
            gettext("That meeting is on record as “%(state)s”, so it could not decide anything.")
            % {"state": meeting.get_state_display()}
        ]
    if not meeting.holds(action):
        return [
            gettext(
                "The date of the meeting is %(meeting)s, so the action cannot be dated %(date)s."
            )
            % {"meeting": meeting.on, "date": action.on}
        ]
    return []


@rule("A3", "kind", ORDER)
def in_turn(action: ActionRecord) -> list[str]:
    """An action is possible only while the status of the resolution allows it."""
    others = [other for other in action.others if other.number != action.number]
    already = {other.number for other, __ in out_of_order(others)}
    for faulty, status in out_of_order([*others, action]):
        if faulty.number in already:
            continue
        words = str(Status(status).label) if status else gettext("not introduced yet")
        if faulty is action:
            return [
                gettext(
                    "At that time the resolution was %(status)s, so “%(kind)s” was not possible."
                    " %(todo)s"
                )
                % {
                    "status": words,
                    "kind": action.get_kind_display(),
                    "todo": _TODO.get(str(status), _OTHERWISE),
                }
            ]
        return [
            gettext(
                "Then “%(other)s” would not have been possible: the resolution would be"
                " %(status)s."
            )
            % {"other": faulty, "status": words}
        ]
    return []


_OTHERWISE = _("Check the dates, or first record what happened in between.")
_TODO = {
    Status.TABLED.value: _("First record that it was taken from the table."),
    Status.WITHDRAWN.value: _("There is no vote after that."),
}


@rule("A4", "kind")
def undoes_no_entry(action: ActionRecord) -> list[str]:
    """A decision is withdrawn from the history before a veto or reconsideration undoes it."""
    if action.kind not in UNDOING or action.outcome in NOT_CARRIED:
        return []
    return [
        gettext("“%s” took effect in the history. Withdraw that effect first.") % effect
        for effect in decisions(action)
        if effect.entry_id
    ]


def _texts_on_record(action: ActionRecord) -> list[Any]:
    """Return the texts of its resolution, drafts included, but no withdrawn ones."""
    return [text for text in action.resolution.texts.all() if not text.is_withdrawn]


@rule("A5", "kind")
def no_adopted_text_without_adoption(action: ActionRecord) -> list[str]:
    """A resolution with an adopted text on record did not fail and was not withdrawn."""
    if action.adopts or not action.is_published:
        return []
    if fold([*action.others, action]).status not in UNDECIDED_FOR_GOOD:
        return []
    if not any(text.kind == TextKind.ADOPTED for text in _texts_on_record(action)):
        return []
    return [gettext("A text is on record as adopted. Withdraw that text first.")]


@rule("A6", "organization", VETO)
def not_vetoed_by_itself(action: ActionRecord) -> list[str]:
    """An organization does not veto its own resolution."""
    if action.kind != Kind.VETO or action.organization_id != action.resolution.organization_id:
        return []
    return [
        gettext(
            "An organization cannot veto its own resolution. Choose who vetoed it, such as"
            " the mayor."
        )
    ]


@rule("A7", "organization")
def by_the_organization_itself(action: ActionRecord) -> list[str]:
    """A committee does not decide in place of its council or commission."""
    organization = action.resolution.organization
    if action.organization_id == organization.pk or action.kind not in DECIDING:
        return []
    return [
        gettext("Only %(organization)s can do this with its own resolution: %(kind)s.")
        % {"organization": organization, "kind": action.get_kind_display()}
    ]


@rule("A8", "text")
def on_its_own_text(action: ActionRecord) -> list[str]:
    """An action is on a text of its own resolution."""
    if action.text is None or action.text.resolution_id == action.resolution_id:
        return []
    return [gettext("That text belongs to another resolution. Choose one of this resolution.")]


@rule("A9", "text")
def on_a_text_on_record(action: ActionRecord) -> list[str]:
    """An adoption says which version of the text was adopted, where one is on record."""
    if not action.adopts or not action.is_published or action.text_id:
        return []
    if not _texts_on_record(action):
        return []
    return [gettext("Say which version of the text was adopted.")]


@rule("A10", "text")
def as_adopted(action: ActionRecord) -> list[str]:
    """The version that was voted on has the words of the adopted text, before any correction."""
    if not action.adopts or not action.is_published or action.text is None:
        return []
    text = action.text
    if text.is_withdrawn:
        return [gettext("That version was withdrawn. Choose the one that was voted on.")]
    texts = _texts_on_record(action)
    corrections = [other for other in texts if other.kind == TextKind.CORRECTED]
    if text in corrections:
        return [
            gettext("A correction comes after the vote. Choose the version that was voted on.")
        ]
    for adopted in texts:
        if adopted.kind == TextKind.ADOPTED and adopted.sha256 != text.sha256:
            return [
                gettext(
                    "Version %s is on record as adopted, and its wording is different. Choose"
                    " that version."
                )
                % adopted.number
            ]
    dated = [text for text in corrections if text.corrected_at]  # the database refuses others
    if any(not corrects(text.corrected_at, action) for text in dated):
        return [gettext("A correction from an earlier meeting is on record. Check the dates.")]
    return []


@rule("A11", NON_FIELD_ERRORS)
def takes_effect(action: ActionRecord) -> list[str]:
    """What a published adoption decides is in the history of the relationship."""
    if not action.is_published or not action.pk:
        return []
    return [
        gettext("“%s” has no history entry yet. Choose one for that effect first.") % effect
        for effect in pending_decisions(action)
    ]


@rule("A12", NON_FIELD_ERRORS)
def with_a_source(action: ActionRecord) -> list[str]:
    """An action has a source before it is published."""
    if not action.is_published:
        return []
    if action.pk:
        # Of a withdrawn resolution nobody reads the action, and its sources may go too.
        may_be_gone = action.resolution.is_withdrawn
        cited = related(action, "citations", "source")
        if any(one.supports and (may_be_gone or not one.source.is_withdrawn) for one in cited):
            return []
    return [gettext("An action needs a source before it is published. Add one that supports it.")]


RULES: tuple[Rule, ...] = (
    has_happened,
    at_a_meeting_held,
    in_turn,
    undoes_no_entry,
    no_adopted_text_without_adoption,
    not_vetoed_by_itself,
    by_the_organization_itself,
    on_its_own_text,
    on_a_text_on_record,
    as_adopted,
    by_members,
    no_names_without_a_roll,
    by_who_held_a_seat,
    with_the_whole_roll,
    as_they_were_present,
    as_the_count_says,
    overridden_for_a_reason,
    a_tie_is_broken,
    shares_one_vote,
    with_its_vote_public,
    keeps_the_shared_vote,
    takes_effect,
    with_a_source,
)
"""In the order in which a clerk reads what is wrong."""
