"""What the bodies' record says, in plain sentences."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from resolutions.course import Course, Kind, Outcome, Status
from resolutions.deadlines import Clock, ClockState
from resolutions.models import Action, Effect, Meeting, Reply, Term, Text
from resolutions.models.effects import EffectKind
from resolutions.models.meetings import MeetingState
from resolutions.tally import BY_CONSENT, Method, Tally

ASKS = (EffectKind.URGES, EffectKind.DIRECTS)
"""Effects that somebody can answer."""

_STANDS = {
    Status.INTRODUCED: gettext_lazy("Before the body since %(since)s."),
    Status.REFERRED: gettext_lazy("Referred to a committee, %(since)s."),
    Status.TABLED: gettext_lazy("On the table since %(since)s."),
    Status.POSTPONED: gettext_lazy("Postponed, %(since)s."),
    Status.WITHDRAWN: gettext_lazy("Withdrawn before a decision, %(since)s."),
    Status.ADOPTED: gettext_lazy("Adopted, %(since)s."),
    Status.FAILED: gettext_lazy("Failed, %(since)s."),
    Status.VETOED: gettext_lazy("Vetoed, %(since)s."),
    Status.RESCINDED: gettext_lazy("Rescinded, %(since)s."),
}

_DONE = {
    Kind.INTRODUCE: gettext_lazy("Introduced"),
    Kind.REFER: gettext_lazy("Referred to a committee"),
    Kind.AMEND: gettext_lazy("Amended"),
    Kind.TABLE: gettext_lazy("Laid on the table"),
    Kind.TAKE_FROM_TABLE: gettext_lazy("Taken from the table"),
    Kind.POSTPONE: gettext_lazy("Postponed"),
    Kind.WITHDRAW: gettext_lazy("Withdrawn"),
    Kind.RECONSIDER: gettext_lazy("Taken up again"),
    Kind.ADOPT: gettext_lazy("Adopted"),
    Kind.FAIL: gettext_lazy("Died without a vote"),
    Kind.VETO: gettext_lazy("Vetoed"),
    Kind.OVERRIDE: gettext_lazy("Veto overridden"),
    Kind.RESCIND: gettext_lazy("Rescinded"),
    Kind.CORRECT: gettext_lazy("Corrected"),
}

_HOW = {
    Method.ROLL_CALL: gettext_lazy("Roll call."),
    Method.VOICE: gettext_lazy("Voice vote: names were not recorded."),
    Method.UNANIMOUS_CONSENT: gettext_lazy(
        "Unanimous consent: nobody objected, and names were not recorded."
    ),
    Method.CONSENT_AGENDA: gettext_lazy(
        "Part of the consent agenda: nobody objected, and names were not recorded."
    ),
    Method.BALLOT: gettext_lazy("Ballot papers: names were not recorded."),
    Method.NOT_RECORDED: gettext_lazy("How the vote was taken is not found yet."),
}

_COUNTED = ("yes", "no", "abstain", "absent")


def course_sentence(course: Course) -> str:
    """How a resolution stands and since when: one sentence."""
    if course.status is None:
        return _("Nothing that the body did with it is on record yet.")
    since = getattr(course.since, "on", course.since)  # the action itself, or its date
    return _STANDS[Status(course.status)] % {"since": since}


def what_was_done(action: Action) -> str:
    """The heading of an action; a motion that was lost says so."""
    if action.outcome == Outcome.LOST:
        return _("Motion to %(kind)s: lost") % {"kind": action.get_kind_display()}
    return str(_DONE[Kind(action.kind)])


def heading(action: Action) -> str:
    """What was done with the two sides of the vote: “Adopted, 7 to 0”."""
    return ", ".join(filter(None, (what_was_done(action), in_short(action))))


def how_decided(action: Action) -> str:
    """By which method; nothing where nobody voted."""
    return str(_HOW[Method(action.method)]) if action.method else ""


def in_short(action: Action) -> str:
    """The two sides of a vote for a heading: “7 to 0”; nothing where they are not known."""
    tally: Any = action.tally
    if tally is None or not tally.roll:
        tally = action.announced
    if tally.yes is None or tally.no is None:
        return ""
    return _("%(yes)s to %(no)s") % {"yes": tally.yes, "no": tally.no}


def votes_needed(action: Action) -> str:
    """What the motion needed: “more than half of all seats”; nothing while it is not found."""
    if not action.requirement:
        return ""
    parts = {"base": action.get_base_display(), "number": action.required_number}
    if action.required_number is not None:
        return _("%(number)s yes votes, whatever the number present") % parts
    parts["part"] = action.get_requirement_display().lower()
    return _("%(part)s %(base)s") % parts


def result_sentence(action: Action) -> str:
    """What follows from the count and the rule; nothing while one of them is lacking."""
    result = action.result
    if result is None:
        return ""
    if result.yes == 0:
        said = _("None of %(of)s said yes") % {"of": result.of}
    else:
        said = _("%(yes)s of %(of)s said yes") % {"yes": result.yes, "of": result.of}
    needed = ngettext("%(needed)s was needed", "%(needed)s were needed", result.needed)
    return f"{said}; {needed % {'needed': result.needed}}."


def counts(tally: Tally) -> list[tuple[str, int]]:
    """The counts of a roll in words: yes and no always, the others where there are any."""
    every = [
        (_("yes"), tally.yes),
        (_("no"), tally.no),
        (_("abstained"), tally.abstain),
        (_("recused"), tally.recused),
        (_("present, not voting"), tally.not_voting),
        (_("absent"), tally.away),
    ]
    return [(word, count) for number, (word, count) in enumerate(every) if count or number < 2]


def announced_counts(action: Action) -> list[tuple[str, int]]:
    """The counts as printed; only those that the paper gives."""
    words = (_("yes"), _("no"), _("abstained"), _("absent"))
    printed = (getattr(action.announced, name) for name in _COUNTED)
    return [(word, count) for word, count in zip(words, printed, strict=True) if count is not None]


def effect_sentence(effect: Effect) -> str:
    """What a text does, as a heading: “Urges the commission to end the tie”."""
    words = f"{effect.get_kind_display()} {effect.what}"
    return words[:1].upper() + words[1:]


def asks(effect: Effect) -> bool:
    """Whether it waits for an answer."""
    return effect.kind in ASKS


def is_answered(effect: Effect) -> bool:
    """Whether a reply is on record; its `replies` are those a visitor reads."""
    return any(reply.is_published for reply in effect.replies.all())


def reply_sentence(reply: Reply) -> str:
    """Who answered what, and when."""
    parts = {
        "body": reply.organization.name,
        "date": reply.on,
        "answer": reply.get_answer_display(),
    }
    if reply.organization.is_published:
        return _("%(body)s replied, %(date)s: %(answer)s.") % parts
    return _("A reply came, %(date)s: %(answer)s.") % parts


def no_reply(asked_on: Any, today: date) -> str:
    """That nobody answered, and for how long."""
    parts = {"how_long": how_long(asked_on, today), "date": asked_on}
    return _("No reply is recorded. It was asked %(how_long)s ago (%(date)s).") % parts


def by_consent(action: Action) -> bool:
    """Whether nobody counted, because nobody objected."""
    return action.method in BY_CONSENT


def how_long(since: Any, today: date) -> str:
    """How long ago a date on record was, by its first day: “13 years”."""
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
    """“As adopted, version 2, August 19, 2013”."""
    words = _("%(kind)s, version %(number)s") % {
        "kind": text.get_kind_display(),
        "number": text.number,
    }
    return f"{words}, {text.on}" if text.on else words


def term_seat(term: Term) -> str:
    """Where a member sits, with the role; “seat not found yet” where nothing tells."""
    seat = term.seat.label if term.seat else ""
    if seat and term.role:
        return _("%(seat)s, %(role)s") % {"seat": seat, "role": term.role}
    return seat or (
        _("%(role)s; seat not found yet") % {"role": term.role}
        if term.role
        else _("Seat not found yet")
    )


def term_time(term: Term) -> str:
    """From when to when, as exactly as it is known."""
    parts = {"since": term.since, "until": term.until}
    open_start = term.since_earliest is None
    if term.until is None:
        return (_("since %(since)s") if not open_start else _("on record %(since)s")) % parts
    if open_start or term.until_latest is None:
        return _("began %(since)s; ended %(until)s") % parts
    return _("from %(since)s to %(until)s") % parts


def meeting_sentence(meeting: Meeting) -> str:
    """What became of a meeting: one sentence."""
    if meeting.state == MeetingState.CANCELLED:
        return _("Cancelled: %(why)s") % {"why": meeting.why_cancelled}
    if meeting.state == MeetingState.NO_QUORUM:
        return _("Too few members came for a quorum, so nothing could be decided.")
    if meeting.state == MeetingState.SCHEDULED:
        return _("Not held yet.")
    return _("Held.")


def clock_sentences(meeting: Meeting, today: date) -> Iterator[str]:
    """What the Open Meetings Act asked after the meeting, and when it was done."""
    for what, clock in meeting.clocks:
        yield _clock_sentence(str(what), clock, today)


def _clock_sentence(what: str, clock: Clock, today: date) -> str:
    parts = {"what": what, "due": date_format(clock.due)}
    if clock.done is not None and clock.done <= today:
        parts["done"] = date_format(clock.done)
        if clock.state(today) == ClockState.MET_LATE:
            return _("%(what)s were due %(due)s; open since %(done)s, which was late.") % parts
        return _("%(what)s were due %(due)s; open since %(done)s.") % parts
    if clock.state(today) == ClockState.DUE:
        return _("%(what)s are due %(due)s.") % parts
    return _("%(what)s were due %(due)s; none are on record here.") % parts
