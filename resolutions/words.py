"""The sentences that pages and documents say about votes, meetings and members."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.humanize.templatetags.humanize import apnumber
from django.template.defaultfilters import capfirst
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.records.lasting import Lasting
from resolutions.course_words import action_label
from resolutions.deadlines import Clock, ClockState
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Office,
    Reply,
    Seat,
    Term,
    Text,
    VoteRequirement,
)
from resolutions.models.effects import EffectKind
from resolutions.models.meetings import MeetingState
from resolutions.models.requirements import WithRequirement
from resolutions.tally import Base, Method, Requirement, Tally

REQUESTS = (EffectKind.URGES, EffectKind.DIRECTS)
"""Effects that somebody can answer."""

_METHOD_SENTENCES = {
    Method.ROLL_CALL: _("Roll call vote."),
    Method.VOICE: _("Voice vote. Names were not recorded."),
    Method.UNANIMOUS_CONSENT: _("Unanimous consent. No one objected; names were not recorded."),
    Method.CONSENT_AGENDA: _(
        "Part of the consent agenda. No one objected; names were not recorded."
    ),
    Method.BALLOT: _("Paper ballot. Names were not recorded."),
}

_REQUIREMENTS = {
    (Requirement.MAJORITY, Base.CAST): _("more than half of the votes cast"),
    (Requirement.MAJORITY, Base.PRESENT): _("more than half of the members present"),
    (Requirement.MAJORITY, Base.SERVING): _("more than half of the members serving"),
    (Requirement.MAJORITY, Base.SEATS): _("more than half of all seats"),
    (Requirement.TWO_THIRDS, Base.CAST): _("two-thirds of the votes cast"),
    (Requirement.TWO_THIRDS, Base.PRESENT): _("two-thirds of the members present"),
    (Requirement.TWO_THIRDS, Base.SERVING): _("two-thirds of the members serving"),
    (Requirement.TWO_THIRDS, Base.SEATS): _("two-thirds of all seats"),
}

_COUNTED = ("yes", "no", "abstain", "absent")


def action_heading(action: Action) -> str:
    """Return what happened, with the vote where it is known: “Adopted, 7–0”."""
    return ", ".join(filter(None, (action_label(action), vote_count(action))))


def method_sentence(action: Action) -> str:
    """Return how the vote was taken; nothing where there was none, or no record says."""
    if action.is_roll_call and action.tally is None and action.announced.is_known:
        return gettext("Roll call vote. The source has the totals, without names.")
    return str(_METHOD_SENTENCES.get(action.method, ""))  # type: ignore[call-overload]


def vote_count(action: Action) -> str:
    """Return the two sides of a vote, “7–0”; nothing where one is unknown.

    With the members who took no part for a reason of their own: “8–0, one recused”.
    """
    vote = action.vote
    tally: Any = vote.tally
    if tally is None or not tally.roll:
        tally = vote.announced
    if tally.yes is None or tally.no is None:
        return ""
    votes = gettext("%(yes)s–%(no)s") % {"yes": tally.yes, "no": tally.no}
    recused = getattr(tally, "recused", 0)
    if not recused:
        return votes
    sentence = ngettext("%(votes)s, %(number)s recused", "%(votes)s, %(number)s recused", recused)
    return sentence % {"votes": votes, "number": apnumber(recused)}


def agenda_sentences(action: Action) -> list[str]:
    """Return where it stood on the agenda, and from and until when what is possible."""
    found = []
    if action.agenda_label:
        sentence = gettext("Agenda item %(label)s, added at the meeting.")
        if not action.is_late_item:
            sentence = gettext("Agenda item %(label)s.")
        found.append(sentence % {"label": action.agenda_label})
    elif action.is_late_item:
        found.append(gettext("Added to the agenda at the meeting."))
    if action.effective:
        found.append(gettext("Takes effect %(date)s.") % {"date": action.effective})
    if action.veto_until:
        found.append(gettext("Last day for a veto: %(date)s.") % {"date": action.veto_until})
    return found


def names_caption(action: Action) -> str:
    """Return the caption of the votes by name: whether they are all, as far as is known."""
    if action.is_roll_call:
        return gettext("Roll call vote, %(date)s") % {"date": action.on}
    if action.names_each_vote:
        return gettext("How each member voted")
    return gettext("Votes we know by name")


def requirement_sentence(action: Action) -> str:
    """Return what a motion needed to pass, unless unknown or in `result_sentence` already."""
    if not action.requirement or (action.required_number is not None and action.result):
        return ""
    return gettext("Needed to pass: %(rule)s.") % {"rule": votes_needed(action)}


def votes_needed(required: WithRequirement) -> str:
    """Return what has to be reached: “5 yes votes”, “two-thirds of the members present”."""
    number = required.required_number
    if number is not None:
        return ngettext("%(number)s yes vote", "%(number)s yes votes", number) % {"number": number}
    return str(_REQUIREMENTS[Requirement(required.requirement), Base(required.base)])


def motion_name(requirement: VoteRequirement) -> str:
    """Return the kind of motion that a council’s rule is about, for a table."""
    return capfirst(requirement.get_kind_display()) or gettext("All other motions")


def result_sentence(action: Action) -> str:
    """Return how many voted yes and how many had to; nothing while one of them is unknown."""
    result = action.result
    if result is None:
        return ""
    voted = gettext("%(yes)s of %(of)s voted yes.") % {"yes": result.yes, "of": result.of}
    needed = ngettext(
        "%(needed)s yes vote was needed.", "%(needed)s yes votes were needed.", result.needed
    )
    return f"{voted} {needed % {'needed': capfirst(str(apnumber(result.needed)))}}"


def counts(tally: Tally) -> list[tuple[str, int]]:
    """Return the counts of a roll in words: yes and no always, the others where not zero."""
    every = [
        (gettext("yes"), tally.yes),
        (gettext("no"), tally.no),
        (gettext("abstained"), tally.abstain),
        (gettext("recused"), tally.recused),
        (gettext("present, not voting"), tally.not_voting),
        (gettext("absent"), tally.away),
    ]
    return [(word, count) for number, (word, count) in enumerate(every) if count or number < 2]


class CountColumn(NamedTuple):
    """One choice in the table of a vote: as printed and as called, each None if not on record."""

    label: Any
    printed: int | None
    called: int | None


_COLUMNS = {
    "yes": _("Yes"),
    "no": _("No"),
    "abstain": _("Abstained"),
    "recused": _("Recused"),
    "not_voting": _("Not voting"),
    "absent": _("Absent"),
}


def count_columns(action: Action) -> list[CountColumn]:
    """Return the columns of the table of a vote, so that the roll call adds up.

    Every choice that somebody made or the minutes count is there; yes and no always are.
    """
    tally, printed = action.tally, asdict(action.announced)
    called = {**asdict(tally), "absent": tally.away} if tally else {}
    always = ("yes", "no", *(("abstain", "absent") if tally else ()))
    return [
        CountColumn(label, printed.get(name), called.get(name))
        for name, label in _COLUMNS.items()
        if name in always or called.get(name) or printed.get(name) is not None
    ]


def announced_counts(action: Action) -> list[tuple[str, int]]:
    """Return the counts that the source gives, in words."""
    words = (gettext("yes"), gettext("no"), gettext("abstained"), gettext("absent"))
    announced = (getattr(action.announced, name) for name in _COUNTED)
    return [
        (word, count) for word, count in zip(words, announced, strict=True) if count is not None
    ]


def effect_sentence(effect: Effect) -> str:
    """Return what a resolution does, as a heading: “Urges the mayor to write a letter”."""
    return capfirst(f"{effect.get_kind_display()} {effect.what}")


def is_request(effect: Effect) -> bool:
    """Return whether it asks for something instead of deciding it."""
    return effect.kind in REQUESTS


def awaits_reply(effect: Effect) -> bool:
    """Return whether it asks somebody on record for something, and no reply is on record.

    Its `replies` are those that a visitor reads.
    """
    is_addressed = effect.kind in REQUESTS and effect.addressed_to_id is not None
    return is_addressed and not any(reply.is_published for reply in effect.replies.all())


def reply_sentence(reply: Reply) -> str:
    """Return who replied what, and when."""
    parts = {
        "organization": reply.organization.name,
        "date": reply.on,
        "answer": reply.get_answer_display(),
    }
    if reply.organization.is_published:
        return gettext("%(organization)s replied, %(date)s: %(answer)s.") % parts
    return gettext("Reply, %(date)s: %(answer)s.") % parts


def no_reply(requested_on: Any, today: date) -> str:
    """Return that no reply is on record, and how long ago the request was made."""
    parts = {"how_long": how_long(requested_on, today)}
    return gettext("We have no record of a reply, %(how_long)s later.") % parts


def how_long(since: Any, today: date) -> str:
    """Return how long ago a date on record was, by its first day: “13 years”."""
    first = since.earliest
    years = today.year - first.year - ((today.month, today.day) < (first.month, first.day))
    if years > 0:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    months = 12 * (today.year - first.year) + today.month - first.month
    months -= today.day < first.day
    if months > 0:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    days = max(0, (today - first) // timedelta(days=1))
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def version_name(text: Text) -> str:
    """Return “As adopted, version 2, August 19, 2013”."""
    words = gettext("%(kind)s, version %(number)s") % {
        "kind": text.get_kind_display(),
        "number": text.number,
    }
    return f"{words}, {text.on}" if text.on else words


def term_seat(term: Term) -> str:
    """Return where a member sits and in which role, as far as that is known."""
    return ", ".join(filter(None, (term.seat.label if term.seat else "", term.role)))


def seat_name(seat: Seat) -> str:
    """Return the label of a seat, with how many there are and whether they vote."""
    if seat.places > 1:
        sentence = (
            gettext("%(seat)s (%(places)s seats)")
            if seat.is_voting
            else gettext("%(seat)s (%(places)s seats, do not vote)")
        )
        return sentence % {"seat": seat.label, "places": seat.places}
    return (
        seat.label
        if seat.is_voting
        else gettext("%(seat)s (does not vote)") % {"seat": seat.label}
    )


def seat_time(seat: Lasting, today: date) -> str:
    """Return from when to when a seat or a rule exists; “Starts 2029” for one to come."""
    parts = {"since": seat.since, "until": seat.until}
    if seat.since is None and seat.until is None:
        return gettext("No record")
    if seat.since is None:
        return gettext("Until %(until)s") % parts
    if seat.until is not None:
        return gettext("%(since)s to %(until)s") % parts
    if seat.since_earliest is not None and seat.since_earliest > today:
        return gettext("Starts %(since)s") % parts
    return gettext("Since %(since)s") % parts


def term_time(term: Term) -> str:
    """Return from when to when a member served, as exactly as it is known."""
    parts = {"since": term.since, "until": term.until}
    if term.until is None:
        return gettext("Since %(since)s") % parts
    if term.since_earliest is None and term.until_latest is None:
        return _time_in_office(term.since_latest, term.until_earliest)
    if ".." in term.until.edtf and term.until_latest is not None:
        return gettext("From %(since)s, ended %(until)s") % parts
    return gettext("%(since)s to %(until)s") % parts


def _time_in_office(began_by: Any, ended_after: Any) -> str:
    """Return when somebody is known to have served whose term has no dates."""
    if began_by.year < ended_after.year:
        parts = {"first": began_by.year, "last": ended_after.year}
        return gettext("In office from %(first)s or earlier to %(last)s or later") % parts
    if began_by.year > ended_after.year:
        parts = {"first": ended_after.year, "last": began_by.year}
        return gettext("In office some time from %(first)s to %(last)s") % parts
    is_one_month = began_by.month == ended_after.month
    time = date_format(began_by, "YEAR_MONTH_FORMAT") if is_one_month else began_by.year
    return gettext("In office in %(time)s") % {"time": time}


def office_time(office: Office) -> str:
    """Return from when to when somebody held an office, as exactly as it is known."""
    if office.until is None:
        return gettext("Since %(since)s") % {"since": office.since}
    if office.is_of_period:
        return str(office.since)
    parts = {"since": office.since, "until": office.until}
    if office.since_earliest is None:
        return gettext("Until %(until)s") % parts
    if office.until_latest is None:
        return gettext("From %(since)s, with no end date on record") % parts
    return gettext("%(since)s to %(until)s") % parts


def officers_sentence(meeting: Meeting, offices: Iterable[Office]) -> str:
    """Return who of these held an office on the day of a meeting.

    Of an office that is known by its year alone the year stands beside it.
    """
    held = [office for office in offices if office.held_on(*meeting.days)]
    named = [
        gettext("%(member)s, %(office)s")
        % {
            "member": office.member.name,
            "office": f"{office.role} ({office.since})" if office.is_of_period else office.role,
        }
        for office in held
    ]
    return gettext("Officers on record for that day: %s.") % "; ".join(named) if named else ""


def meeting_sentence(meeting: Meeting) -> str:
    """Return whether a meeting was held, and if not, why."""
    if meeting.state == MeetingState.CANCELLED:
        return gettext("Canceled: %(why)s") % {"why": meeting.why_cancelled}
    if meeting.state == MeetingState.NO_QUORUM:
        return gettext("Not enough members came for a quorum, so no votes could be taken.")
    if meeting.state == MeetingState.SCHEDULED:
        return gettext("Scheduled.")
    return gettext("Held.")


def clock_sentences(meeting: Meeting, today: date) -> list[str]:
    """Return when the Open Meetings Act required minutes, and when they were available."""
    return [_clock_sentence(str(what), clock, today) for what, clock in meeting.clocks]


def _clock_sentence(what: str, clock: Clock, today: date) -> str:
    parts = {"what": what, "due": date_format(clock.due)}
    if clock.done is not None and clock.done <= today:
        parts["done"] = date_format(clock.done)
        if clock.state(today) == ClockState.MET_LATE:
            return (
                gettext("%(what)s were due %(due)s. They were available late, on %(done)s.")
                % parts
            )
        return gettext("%(what)s were due %(due)s. They were available on %(done)s.") % parts
    if clock.state(today) == ClockState.DUE:
        return gettext("%(what)s are due %(due)s.") % parts
    return gettext("%(what)s were due %(due)s. We have no record of them.") % parts
