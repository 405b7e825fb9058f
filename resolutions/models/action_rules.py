"""What an action may say, given the rest of the record: rules that need other rows.

Each takes an `Action` and answers with sentences that a clerk can act on; none if all is
well. What SQL can say of one row stands in `Action.Meta.constraints`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.records.publishing import Publication
from resolutions.course import UNDOING, Kind, Outcome, Status, fold, out_of_order
from resolutions.models.effects import decisions, pending_decisions
from resolutions.models.texts import UNDECIDED_FOR_GOOD, TextKind, corrects
from resolutions.tally import AWAY

if TYPE_CHECKING:
    from resolutions.models.actions import Action


DECIDING = (Kind.ADOPT, Kind.RECONSIDER, Kind.OVERRIDE, Kind.RESCIND, Kind.CORRECT)
"""What only the body of the resolution can do."""


def has_happened(action: "Action") -> list[str]:
    if action.on_earliest <= localdate():
        return []
    return [gettext("That day has not come yet. Record an action when it is done.")]


def at_a_meeting_held(action: "Action") -> list[str]:
    """Only a meeting of the acting body that was held can act, on its own day."""
    meeting = action.meeting
    if meeting is None:
        return []
    if meeting.organization_id != action.organization_id:
        return [gettext("That was a meeting of another body. Choose one of the body that acted.")]
    if not meeting.is_held:
        return [
            gettext("That meeting is on record as “%(state)s”, so it could not act.")
            % {"state": meeting.get_state_display()}
        ]
    if not meeting.holds(action):
        return [
            gettext("The meeting was %(meeting)s: the action cannot be dated %(date)s.")
            % {"meeting": meeting.on, "date": action.on}
        ]
    return []


def in_turn(action: "Action") -> list[str]:
    """A thing can be done only to a resolution that stands so that it can."""
    others = [other for other in action.others if other.number != action.number]
    already = {other.number for other, __ in out_of_order(others)}
    for faulty, status in out_of_order([*others, action]):
        if faulty.number in already:
            continue
        words = str(Status(status).label) if status else gettext("not before the body yet")
        if faulty is action:
            return [
                gettext(
                    "The resolution was then %(status)s, so “%(kind)s” was not possible. %(todo)s"
                )
                % {
                    "status": words,
                    "kind": action.get_kind_display(),
                    "todo": _TODO.get(str(status), _OTHERWISE),
                }
            ]
        return [
            gettext(
                "Then “%(other)s” could not have been done: the resolution would be %(status)s."
            )
            % {"other": faulty, "status": words}
        ]
    return []


_OTHERWISE = _("Check the dates, or record first what came between.")
_TODO = {
    Status.TABLED.value: _("Record first that it was taken from the table."),
    Status.WITHDRAWN.value: _("It has no vote after that."),
}


def on_its_own_text(action: "Action") -> list[str]:
    if action.text is None or action.text.resolution_id == action.resolution_id:
        return []
    return [gettext("That is the text of another resolution. Choose one of this resolution.")]


def by_its_own_body(action: "Action") -> list[str]:
    """A committee may do much with a text, but not decide it in place of its body."""
    body = action.resolution.organization
    if action.organization_id == body.pk or action.kind not in DECIDING:
        return []
    return [
        gettext("Only %(body)s itself can do that with its resolution: %(kind)s.")
        % {"body": body, "kind": action.get_kind_display()}
    ]


def as_adopted(action: "Action") -> list[str]:
    """What was voted on is what is on record as adopted, and was not corrected before."""
    if not action.adopts or not action.is_published or action.text is None:
        return []
    text = action.text
    if text.is_withdrawn:
        return [gettext("That version was withdrawn. Choose the one that was voted on.")]
    texts = action.resolution.texts.exclude(publication=Publication.WITHDRAWN)
    corrections = [other for other in texts if other.kind == TextKind.CORRECTED]
    if text in corrections:
        return [
            gettext("A correction comes after the vote. Choose the version that was voted on.")
        ]
    for adopted in texts.filter(kind=TextKind.ADOPTED):
        if adopted.sha256 != text.sha256:
            return [
                gettext(
                    "Version %s is on record as adopted, and has other words. Choose that version."
                )
                % adopted.number
            ]
    if any(not corrects(text.corrected_at, action) for text in corrections):
        return [gettext("A correction of an earlier meeting is on record. Correct the dates.")]
    return []


def no_adopted_text_without_adoption(action: "Action") -> list[str]:
    """Where a text is on record as adopted, the resolution did not fail."""
    if action.adopts or not action.is_published:
        return []
    if fold([*action.others, action]).status not in UNDECIDED_FOR_GOOD:
        return []
    texts = action.resolution.texts.filter(kind=TextKind.ADOPTED)
    if not texts.exclude(publication=Publication.WITHDRAWN).exists():
        return []
    return [gettext("A text is on record as adopted. Withdraw that text first.")]


def takes_effect(action: "Action") -> list[str]:
    """What a published adoption decides stands in the ledger."""
    if not action.is_published or not action.pk:
        return []
    return [
        gettext("“%s” has no line of the ledger yet. Name it there first.") % effect
        for effect in pending_decisions(action)
    ]


def undoes_no_line(action: "Action") -> list[str]:
    """What stands in the ledger is taken out of it before its decision is undone."""
    if action.kind not in UNDOING or action.outcome == Outcome.LOST:
        return []
    return [
        gettext("“%s” took effect on the ledger. Withdraw that effect first.") % effect
        for effect in decisions(action)
        if effect.entry_id
    ]


def on_a_text_on_record(action: "Action") -> list[str]:
    """Where a text is on record, an adoption says which version was adopted."""
    if not action.adopts or not action.is_published or action.text_id:
        return []
    texts = action.resolution.texts.exclude(publication=Publication.WITHDRAWN)
    if not texts.exists():
        return []
    return [gettext("Say which version of the text was adopted.")]


def by_members(action: "Action") -> list[str]:
    """Mover and seconder held a seat that day, and were there."""
    away: set[int] = set()
    if action.pk:
        away = {ballot.member_id for ballot in action.ballots.all() if ballot.choice in AWAY}
    if action.meeting is not None:
        absent = action.meeting.attendance.absent()
        away |= set(absent.values_list("member_id", flat=True))
    found = []
    for member in filter(None, (action.mover, action.seconder)):
        if not action.roster.holds(member):
            found.append(
                gettext("%(member)s held no voting seat in %(body)s on that day.")
                % {"member": member, "body": action.organization}
            )
        elif member.pk in away:
            found.append(gettext("%s was away, and could not move or second.") % member)
    return found


def no_names_without_a_roll(action: "Action") -> list[str]:
    """Voice and consent never produce names, nor does what nobody voted on."""
    if action.names_votes or not action.pk or not action.ballots.exists():
        return []
    return [
        gettext("“%(method)s” leaves no names. Take the votes out, or choose “Roll call”.")
        % {"method": action.get_method_display() or gettext("without a vote")}
    ]


def by_who_held_a_seat(action: "Action") -> list[str]:
    """Votes that were entered for another day or body, which the action had before."""
    if not action.pk or not action.names_votes:
        return []
    return [
        gettext("%(member)s held no voting seat in %(body)s on that day.")
        % {"member": ballot.member, "body": action.organization}
        for ballot in action.ballots.select_related("member")
        if not action.roster.holds(ballot.member)
    ]


def with_the_whole_roll(action: "Action") -> list[str]:
    """A published roll call has each who held a seat, once, and nobody too many."""
    if not action.is_roll_call or not action.is_published:
        return []
    roster = action.roster
    if roster.places is None:
        return [
            gettext(
                "No seats of %(body)s are on record, so a roll cannot be checked. Add them first."
            )
            % {"body": action.organization}
        ]
    called = {ballot.member_id for ballot in action.ballots.all()} if action.pk else set()
    missing = [str(term.member) for term in roster.certain if term.member_id not in called]
    found = []
    if missing:
        found.append(
            gettext("The roll lacks %s. Record a vote, or an absence.") % ", ".join(missing)
        )
    if len(called) > roster.places:
        found.append(
            gettext("%(votes)s members are on the roll, but only %(places)s seats were in force.")
            % {"votes": len(called), "places": roster.places}
        )
    if not called:
        found.append(
            gettext("A roll call has a roll. If the names are not found, say so in “how”.")
        )
    return found


def as_they_were_present(action: "Action") -> list[str]:
    """Who is on record as away did not vote, and who voted was there."""
    if action.meeting is None or not action.pk:
        return []
    presence = dict(action.meeting.attendance.values_list("member_id", "presence"))
    found = []
    for ballot in action.ballots.all():
        was_there = presence.get(ballot.member_id)
        voted = ballot.choice not in AWAY
        if was_there is not None and voted and was_there != "present":
            found.append(
                gettext("%s is on record as away from this meeting, and could not vote.")
                % ballot.member
            )
    return found


def as_the_count_says(action: "Action") -> list[str]:
    """The declared outcome follows from the count, or says why it stands all the same."""
    if not action.is_published or action.result is None or action.override_reason:
        return []
    if action.result.is_carried == action.is_carried:
        return []
    return [
        gettext(
            "%(yes)s said yes and %(needed)s were needed (of %(of)s). Correct the votes or the"
            " outcome, or say why the declared outcome stands."
        )
        % {"yes": action.result.yes, "needed": action.result.needed, "of": action.result.of}
    ]


def overridden_for_a_reason(action: "Action") -> list[str]:
    """A reason is given only where the count says otherwise than was declared."""
    if not action.is_published or not action.override_reason:
        return []
    if action.result is not None and action.result.is_carried != action.is_carried:
        return []
    return [gettext("The count does not say otherwise, so there is nothing to give a reason for.")]


def a_tie_is_broken(action: "Action") -> list[str]:
    """A deciding vote is cast only where the votes are equal."""
    tally = action.tally
    if tally is None and action.announced.is_known:
        tally = action.announced.as_tally()
    if not action.tie_break or not action.is_published or tally is None or tally.is_tie:
        return []
    return [gettext("The votes are not equal, so there is no tie to break.")]


def with_a_source(action: "Action") -> list[str]:
    """An action has a source before it is published."""
    if not action.is_published:
        return []
    if action.pk:
        behind = action.citations.supporting()
        # Of a withdrawn resolution nobody reads the action, and its sources may go too.
        if (behind if action.resolution.is_withdrawn else behind.standing()).exists():
            return []
    return [gettext("An action needs a source before it is published. Add one that supports it.")]


def not_vetoed_by_the_body(action: "Action") -> list[str]:
    if action.kind != Kind.VETO or action.organization_id != action.resolution.organization_id:
        return []
    return [gettext("A body does not veto its own resolution. Say who vetoed it: the mayor.")]


Check = tuple[str, Callable[["Action"], list[str]]]

RULES: list[Check] = [
    ("on", has_happened),
    ("meeting", at_a_meeting_held),
    ("kind", in_turn),
    ("kind", undoes_no_line),
    ("kind", no_adopted_text_without_adoption),
    ("organization", not_vetoed_by_the_body),
    ("organization", by_its_own_body),
    ("text", on_its_own_text),
    ("text", on_a_text_on_record),
    ("text", as_adopted),
    ("mover", by_members),
    ("method", no_names_without_a_roll),
    (NON_FIELD_ERRORS, by_who_held_a_seat),
    (NON_FIELD_ERRORS, with_the_whole_roll),
    (NON_FIELD_ERRORS, as_they_were_present),
    ("outcome", as_the_count_says),
    ("override_reason", overridden_for_a_reason),
    ("tie_break", a_tie_is_broken),
    (NON_FIELD_ERRORS, takes_effect),
    (NON_FIELD_ERRORS, with_a_source),
]
"""The field whose form shows the sentence, and the rule."""
