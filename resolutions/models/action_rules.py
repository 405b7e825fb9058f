"""What an action may say, given the rest of the record: rules that need other rows.

Each takes an `Action` and answers with sentences that a clerk can act on; none if all is
well. What SQL can say of one row stands in `Action.Meta.constraints`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cities.publishing import Publication
from resolutions.course import Kind, Status, out_of_order
from resolutions.tally import WITHOUT_NAMES, Choice

if TYPE_CHECKING:
    from resolutions.models.actions import Action


def has_happened(action: "Action") -> list[str]:
    if action.on_earliest <= localdate():
        return []
    return [_("That day has not come yet. Record an action when it is done.")]


def at_a_meeting_held(action: "Action") -> list[str]:
    """Only a meeting of the acting body that was held can act, on its own day."""
    meeting = action.meeting
    if meeting is None:
        return []
    if meeting.organization_id != action.organization_id:
        return [_("That was a meeting of another body. Choose one of the body that acted.")]
    if not meeting.is_held:
        return [
            _("That meeting is on record as “%(state)s”, so it could not act.")
            % {"state": meeting.get_state_display()}
        ]
    if not meeting.holds(action):
        return [
            _("The meeting was %(meeting)s: the action cannot be dated %(date)s.")
            % {"meeting": meeting.on, "date": action.on}
        ]
    return []


def in_turn(action: "Action") -> list[str]:
    """A thing can be done only to a resolution that stands so that it can."""
    others = [
        other
        for other in action.resolution.actions.exclude(pk=action.pk)
        if not other.is_withdrawn and other.line != action.line
    ]
    already = {other.line for other, __ in out_of_order(others)}
    for faulty, status in out_of_order([*others, action]):
        if faulty.line in already:
            continue
        words = str(Status(status).label) if status else _("not before the body yet")
        if faulty is action:
            return [
                _("The resolution was then %(status)s, so nobody could %(kind)s it. %(todo)s")
                % {
                    "status": words,
                    "kind": action.get_kind_display(),
                    "todo": _TODO.get(str(status), _OTHERWISE),
                }
            ]
        return [
            _("Then “%(other)s” could not have been done: the resolution would be %(status)s.")
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
    return [_("That is the text of another resolution. Choose one of this resolution.")]


def on_a_text_on_record(action: "Action") -> list[str]:
    """Where a text is on record, an adoption says which version was adopted."""
    if not action.adopts or not action.is_published or action.text_id:
        return []
    texts = action.resolution.texts.exclude(publication=Publication.WITHDRAWN)
    if not texts.exists():
        return []
    return [_("Say which version of the text was adopted.")]


def by_members(action: "Action") -> list[str]:
    """Mover and seconder held a seat that day, and were there."""
    away = {
        ballot.member_id
        for ballot in (action.ballots.all() if action.pk else [])
        if ballot.choice in (Choice.ABSENT, Choice.EXCUSED)
    }
    if action.meeting is not None:
        absent = action.meeting.attendance.exclude(presence="present")
        away |= set(absent.values_list("member_id", flat=True))
    found = []
    for member in filter(None, (action.mover, action.seconder)):
        if not action.roster.holds(member):
            found.append(
                _("%(member)s held no voting seat in %(body)s on that day.")
                % {"member": member, "body": action.organization}
            )
        elif member.pk in away:
            found.append(_("%s was away, and could not move or second.") % member)
    return found


def no_names_without_a_roll(action: "Action") -> list[str]:
    """Voice and consent never produce names."""
    if action.method not in WITHOUT_NAMES or not action.pk or not action.ballots.exists():
        return []
    return [
        _("“%(method)s” leaves no names. Take the votes out, or choose “Roll call”.")
        % {"method": action.get_method_display()}
    ]


def with_the_whole_roll(action: "Action") -> list[str]:
    """A published roll call has each who held a seat, once, and nobody too many."""
    if not action.is_roll_call or not action.is_published:
        return []
    roster = action.roster
    if roster.places is None:
        return [
            _("No seats of %(body)s are on record, so a roll cannot be checked. Add them first.")
            % {"body": action.organization}
        ]
    called = {ballot.member_id for ballot in action.ballots.all()} if action.pk else set()
    missing = [str(term.member) for term in roster.certain if term.member_id not in called]
    found = []
    if missing:
        found.append(_("The roll lacks %s. Record a vote, or an absence.") % ", ".join(missing))
    if len(called) > roster.places:
        found.append(
            _("%(votes)s members are on the roll, but only %(places)s seats were in force.")
            % {"votes": len(called), "places": roster.places}
        )
    if not called:
        found.append(_("A roll call has a roll. If the names are not found, say so in “how”."))
    return found


def as_they_were_present(action: "Action") -> list[str]:
    """Who is on record as away did not vote, and who voted was there."""
    if action.meeting is None or not action.pk:
        return []
    presence = dict(action.meeting.attendance.values_list("member_id", "presence"))
    found = []
    for ballot in action.ballots.all():
        was_there = presence.get(ballot.member_id)
        voted = ballot.choice not in (Choice.ABSENT, Choice.EXCUSED)
        if was_there is not None and voted and was_there != "present":
            found.append(
                _("%s is on record as away from this meeting, and could not vote.") % ballot.member
            )
    return found


def as_the_count_says(action: "Action") -> list[str]:
    """The declared outcome follows from the count, or says why it stands all the same."""
    if not action.is_published or action.result is None or action.override_reason:
        return []
    if action.result.is_carried == action.is_carried:
        return []
    return [
        _(
            "%(yes)s said yes and %(needed)s were needed (of %(of)s). Correct the votes or the"
            " outcome, or say why the declared outcome stands."
        )
        % {"yes": action.result.yes, "needed": action.result.needed, "of": action.result.of}
    ]


def a_tie_is_broken(action: "Action") -> list[str]:
    """A deciding vote is cast only where the votes are equal."""
    tally = action.tally
    if tally is None and action.announced.is_known:
        tally = action.announced.as_tally()
    if not action.tie_break or not action.is_published or tally is None or tally.is_tie:
        return []
    return [_("The votes are not equal, so there is no tie to break.")]


def with_a_source(action: "Action") -> list[str]:
    """An action has a source before it is published."""
    if not action.is_published or (action.pk and action.citations.supporting().exists()):
        return []
    return [_("An action needs a source before it is published. Add one that supports it.")]


def not_vetoed_by_the_body(action: "Action") -> list[str]:
    if action.kind != Kind.VETO or action.organization_id != action.resolution.organization_id:
        return []
    return [_("A body does not veto its own resolution. Say who vetoed it: the mayor.")]


Check = tuple[str, Callable[["Action"], list[str]]]

RULES: list[Check] = [
    ("on", has_happened),
    ("meeting", at_a_meeting_held),
    ("kind", in_turn),
    ("organization", not_vetoed_by_the_body),
    ("text", on_its_own_text),
    ("text", on_a_text_on_record),
    ("mover", by_members),
    ("method", no_names_without_a_roll),
    (NON_FIELD_ERRORS, with_the_whole_roll),
    (NON_FIELD_ERRORS, as_they_were_present),
    ("outcome", as_the_count_says),
    ("tie_break", a_tie_is_broken),
    (NON_FIELD_ERRORS, with_a_source),
]
"""The field whose form shows the sentence, and the rule."""
