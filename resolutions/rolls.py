"""The roll of a meeting: who is called on a day, and who was present."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from cities.records.publishing import Publication
from resolutions.models import Action, Attendance, Ballot, Meeting, Member, Roster, Term
from resolutions.models.attendance import Presence
from resolutions.tally import Choice

YEARS_OF_A_TERM = 4
"""A member not seen in office for so many years has hardly stayed unseen in one term."""


@dataclass(frozen=True)
class Called:
    """A member to call, and the vote with which the form begins."""

    term: Term
    preset: str
    is_certain: bool
    seen: int | None = None
    """For a member whose term is not known: the year nearest to the vote of a sign of office."""
    is_seen_later: bool = False
    is_unlikely: bool = False
    """Whether that was so many years before or after that the form folds the row away."""

    @property
    def member(self) -> Member:
        return self.term.member


def away_from(meeting: Meeting | None) -> dict[int, str]:
    """Return how each member was away that a meeting's attendance does not list as present."""
    if meeting is None:
        return {}
    absences = meeting.attendance.exclude(presence=Presence.PRESENT)
    return dict(absences.values_list("member_id", "presence"))


def roll_to_call(
    roster: Roster, away: Mapping[int, str], day: date, preset: str = Choice.YES.value
) -> list[Called]:
    """Return who is to be called on a day.

    Members in office begin with `preset` unless they were away. Members who only may have been
    in office begin without a vote.
    """
    certain = [Called(term, away.get(term.member_id, preset), True) for term in roster.certain]
    voted = _last_votes(roster.possible)
    return certain + [_possibly_called(term, voted, day) for term in roster.possible]


def offices_held(action: Action) -> dict[int, str]:
    """Return the office of each member who held one on the day of an action."""
    offices = action.organization.offices.all()
    return {one.member_id: one.role for one in offices if one.held_on(*action.days)}


def _last_votes(terms: Iterable[Term]) -> dict[int, date]:
    """Return the day of each member's last vote on record, by the member's key."""
    members = [term.member_id for term in terms]
    votes = Ballot.objects.filter(member__in=members).order_by().values_list("member")
    counted = votes.exclude(action__publication=Publication.WITHDRAWN)
    return dict(counted.annotate(last=Max("action__on_earliest")))


def _possibly_called(term: Term, voted: dict[int, date], day: date) -> Called:
    signs = [term.since_latest, term.until_earliest, voted.get(term.member_id)]
    seen = [sign for sign in signs if sign is not None]
    if not seen:
        return Called(term, "", False)
    first, last = min(seen).year, max(seen).year
    is_later = first > day.year
    nearest = first if is_later else last
    return Called(term, "", False, nearest, is_later, abs(day.year - nearest) >= YEARS_OF_A_TERM)


# --- who was present --------------------------------------------------------------------


def fill_in_attendance(meeting: Meeting) -> int:
    """List each member certainly in office that day as present. Return how many were added."""
    listed = {*meeting.attendance.values_list("member_id", flat=True)}
    in_office = {term.member_id: term.member for term in meeting.roster.certain}
    added = [member for pk, member in in_office.items() if pk not in listed]
    record_attendance(meeting, dict.fromkeys(added, Presence.PRESENT.value))
    return len(added)


def record_attendance(meeting: Meeting, presences: Mapping[Member, str]) -> None:
    """List members with their presence, and correct that of those who are listed already.

    Raise `ValidationError` if one cannot have been there, or away.
    """
    listed = {row.member_id: row for row in meeting.attendance.all()}
    for member, presence in presences.items():
        row = listed.get(member.pk) or Attendance(meeting=meeting, member=member)
        if row.presence != presence:
            row.presence = presence
            row.full_clean()
            row.save()
