"""The rules of votes that need other records."""

from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext

from cities.records.base import related
from cities.records.publishing import is_public
from cities.records.rules import rule
from resolutions.models.attendance import Presence
from resolutions.models.terms import Roster
from resolutions.tally import AWAY

ROLL = "MCL 15.269 (minutes include all roll-call votes)"
PRESENT = "MCL 15.269 (minutes list the members present and absent)"


class VoteRecord(Protocol):
    """What the rules read of a vote."""

    pk: Any
    is_published: bool
    organization: Any
    meeting: Any
    mover: Any
    seconder: Any
    roster: Roster
    ballots: Any
    outcome: str
    names_votes: bool
    is_roll_call: bool
    is_contradicted: bool
    tally: Any
    announced: Any
    result: Any
    tie_break: str
    override_reason: str
    resolution: Any
    resolution_id: Any
    shares_vote_with: Any
    shares_vote_with_id: Any
    sharing: Any

    def differs_from_vote(self, vote: Any) -> bool: ...
    def get_method_display(self) -> str: ...


@rule("V1", "mover")
def by_members(action: VoteRecord) -> list[str]:
    """Whoever moves or seconds held a voting seat on that day, was present, and was called."""
    called: set[int] = set()
    away: set[int] = set()
    if action.pk:
        called = {ballot.member_id for ballot in action.ballots.all()}
        away = {ballot.member_id for ballot in action.ballots.all() if ballot.choice in AWAY}
    if action.meeting is not None:
        listed = action.meeting.attendance.all()
        away |= {row.member_id for row in listed if not row.is_present}
    in_office = {term.member_id for term in action.roster.certain}  # V4 asks for their votes
    found = []
    for member in filter(None, (action.mover, action.seconder)):
        if not action.roster.holds(member):
            found.append(
                gettext("%(member)s held no voting seat in %(organization)s on that day.")
                % {"member": member, "organization": action.organization}
            )
        elif member.pk in away:
            found.append(gettext("%s was absent, and could not move or second.") % member)
        elif action.is_roll_call and called and member.pk not in called | in_office:
            found.append(
                gettext("%s is not on the roll call, and could not move or second.") % member
            )
    return found


@rule("V2", "method")
def no_names_without_a_roll(action: VoteRecord) -> list[str]:
    """A voice vote, consent or paper ballot names nobody."""
    if action.names_votes or not action.pk or not action.ballots.exists():
        return []
    return [
        gettext("“%(method)s” records no names. Remove the votes, or choose “Roll call”.")
        % {"method": action.get_method_display() or gettext("without a vote")}
    ]


@rule("V3", NON_FIELD_ERRORS)
def by_who_held_a_seat(action: VoteRecord) -> list[str]:
    """Whoever votes held a voting seat on that day."""
    if not action.pk or not action.names_votes:
        return []
    return [
        gettext("%(member)s held no voting seat in %(organization)s on that day.")
        % {"member": ballot.member, "organization": action.organization}
        for ballot in related(action, "ballots", "member")
        if not action.roster.holds(ballot.member)
    ]


@rule("V4", NON_FIELD_ERRORS, ROLL)
def with_the_whole_roll(action: VoteRecord) -> list[str]:
    """A published roll call names each member in a seat, once, unless only totals are printed."""
    if not action.is_roll_call or not action.is_published or action.shares_vote_with_id:
        return []
    roster = action.roster
    called = {ballot.member_id for ballot in action.ballots.all()} if action.pk else set()
    if not called and action.announced.is_known:
        return []
    missing = [str(term.member) for term in roster.certain if term.member_id not in called]
    found = []
    if missing:
        found.append(
            gettext("The roll call is missing %s. Record a vote or an absence.")
            % ", ".join(missing)
        )
    if roster.places is not None and len(called) > roster.places:
        found.append(
            gettext(
                "%(votes)s members are on the roll call, but only %(places)s seats existed on"
                " that day."
            )
            % {"votes": len(called), "places": roster.places}
        )
    if not called:
        found.append(
            gettext(
                "A roll call needs the vote of each member, or the printed totals. If we have no"
                " record of either, choose “Not recorded”."
            )
        )
    return found


@rule("V5", NON_FIELD_ERRORS, PRESENT)
def as_they_were_present(action: VoteRecord) -> list[str]:
    """A member on record as absent did not vote."""
    if action.meeting is None or not action.pk:
        return []
    presence = {row.member_id: row.presence for row in action.meeting.attendance.all()}
    found = []
    for ballot in action.ballots.all():
        was_there = presence.get(ballot.member_id)
        voted = ballot.choice not in AWAY
        if was_there is not None and voted and was_there != Presence.PRESENT:
            found.append(
                gettext("%s is on record as absent from this meeting, and could not vote.")
                % ballot.member
            )
    return found


@rule("V6", "outcome")
def as_the_count_says(action: VoteRecord) -> list[str]:
    """The declared outcome is what the count says, or there is a reason why it stands."""
    if not action.is_published or action.override_reason or not action.is_contradicted:
        return []
    return [
        gettext(
            "%(yes)s voted yes and %(needed)s of %(of)s were needed. Correct the votes or the"
            " outcome, or say why the declared outcome stands."
        )
        % {"yes": action.result.yes, "needed": action.result.needed, "of": action.result.of}
    ]


@rule("V7", "override_reason")
def overridden_for_a_reason(action: VoteRecord) -> list[str]:
    """That reason is given only where the count says otherwise."""
    if not action.is_published or not action.override_reason or action.is_contradicted:
        return []
    return [gettext("The count agrees with the declared outcome, so leave the reason blank.")]


@rule("V8", "tie_break")
def a_tie_is_broken(action: VoteRecord) -> list[str]:
    """A deciding vote is cast only where the votes are equal."""
    tally = action.tally
    if tally is None and action.announced.is_known:
        tally = action.announced.as_tally()
    if not action.tie_break or not action.is_published or tally is None or tally.is_tie:
        return []
    return [gettext("The votes are not equal, so there is no tie to break.")]


# --- one vote over several resolutions ----------------------------------------------------


@rule("V9", "shares_vote_with")
def shares_one_vote(action: VoteRecord) -> list[str]:
    """A vote over several resolutions is recorded with one of them, and is the same for all."""
    vote = action.shares_vote_with
    if vote is None:
        return []
    if vote.resolution_id == action.resolution_id:
        return [gettext("Choose an action on another resolution.")]
    if vote.is_withdrawn:
        return [gettext("“%s” was withdrawn. Choose an action on record.") % vote]
    if vote.shares_vote_with_id:
        return [gettext("That vote is recorded with “%s”. Choose that action.") % vote.vote]
    if action.differs_from_vote(vote):
        return [
            gettext(
                "“%s” was another vote. What happened, the date, the meeting, how it was decided"
                " and the outcome must be the same."
            )
            % vote
        ]
    if action.pk and action.ballots.all():
        return [gettext("The votes are recorded with “%s”. Remove the votes here.") % vote]
    if _is_shared_both_ways(action):
        return [
            gettext("“%s” shares votes recorded with this resolution. Record this vote here, too.")
            % vote.resolution
        ]
    return []


def _is_shared_both_ways(action: VoteRecord) -> bool:
    """Return whether the resolution that keeps the vote shares one that this one keeps.

    Files could not name the vote of each before the other.
    """
    known: set[Any] = set()
    waiting = [action.shares_vote_with.resolution]
    while waiting:
        resolution = waiting.pop()
        if resolution.pk == action.resolution_id:
            return True
        if resolution.pk not in known:
            known.add(resolution.pk)
            actions = related(resolution, "actions", "shares_vote_with")
            votes = (other.shares_vote_with for other in actions if other.shares_vote_with_id)
            waiting += [vote.resolution for vote in votes]
    return False


@rule("V10", "shares_vote_with")
def with_its_vote_public(action: VoteRecord) -> list[str]:
    """Whoever can read an action can read the vote that it shares."""
    vote = action.shares_vote_with
    if vote is None or not action.is_published or is_public(vote):
        return []
    return [gettext("The public cannot read “%s”, which has the vote. Publish that first.") % vote]


@rule("V11", "shares_vote_with")
def keeps_the_shared_vote(action: VoteRecord) -> list[str]:
    """A vote that other actions share stays as it is for them, and is recorded here."""
    if not action.pk:
        return []
    return [
        gettext(
            "“%s” shares this vote, so what happened, the date, the meeting, how it was decided"
            " and the outcome stay. Delete that draft first."
        )
        % other
        for other in related(action, "sharing", "resolution")
        if not other.is_withdrawn
        and (action.shares_vote_with_id or action.differs_from_vote(other))
    ]
