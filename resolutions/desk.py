"""The clerk's desk: a vote with its roll and its source, recorded in one step or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Organization, Source
from cities.records.publishing import Publication, next_number
from resolutions.course import MAY_FOLLOW, Kind, Outcome, fold
from resolutions.models import (
    Action,
    ActionCitation,
    Attendance,
    Ballot,
    Meeting,
    Member,
    Resolution,
    Roster,
    Term,
)
from resolutions.models.action_rules import RULES, with_a_source
from resolutions.models.meetings import Presence
from resolutions.tally import Base, Choice, Method, Requirement, Result, Tally


def may_record_votes(user: Any) -> bool:
    """Whether the person may add an action with its votes and its source."""
    parts = ("action", "ballot", "actioncitation")
    return user.has_perms([f"resolutions.add_{part}" for part in parts])


# --- the roll ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """A member to call, and the vote with which the form begins."""

    term: Term
    preset: str
    is_certain: bool

    @property
    def member(self) -> Member:
        return self.term.member


def call(roster: Roster, meeting: Meeting | None) -> list[Called]:
    """Those to call: yes but for who was away; who may not have been in office, not at all."""
    away = {}
    if meeting is not None:
        kept = meeting.attendance.exclude(presence=Presence.PRESENT)
        away = dict(kept.values_list("member_id", "presence"))
    sure = [
        Called(term, away.get(term.member_id, Choice.YES.value), True) for term in roster.certain
    ]
    return sure + [Called(term, "", False) for term in roster.possible]


def fill_in_roll(meeting: Meeting) -> int:
    """List each member surely in office that day as present; who is listed already stays."""
    listed = {*meeting.attendance.values_list("member_id", flat=True)}
    new = {term.member_id: term.member for term in meeting.roster.certain}
    added = [member for pk, member in new.items() if pk not in listed]
    for member in added:
        row = Attendance(meeting=meeting, member=member, presence=Presence.PRESENT)
        row.full_clean()
        row.save()
    return len(added)


# --- with what the form begins -----------------------------------------------------------


def presets(resolution: Resolution, body: Organization, has_roll: bool) -> dict[str, Any]:
    """What is most likely, so that an ordinary vote needs no choice at all."""
    newest = resolution.texts.exclude(publication=Publication.WITHDRAWN).last()
    return {
        "kind": _next_step(resolution),
        "text": newest and newest.pk,
        "method": Method.ROLL_CALL if has_roll else Method.VOICE,
        "outcome": Outcome.CARRIED,
        **_rule_of(body),
    }


def _next_step(resolution: Resolution) -> Kind:
    """What can be voted on as the resolution stands, drafts counted."""
    done = (action for action in resolution.actions.all() if not action.is_withdrawn)
    status: Any = fold(done).status
    steps = (Kind.ADOPT, Kind.TAKE_FROM_TABLE, Kind.OVERRIDE, Kind.RESCIND)
    return next((kind for kind in steps if status in MAY_FOLLOW[kind]), Kind.ADOPT)


def _rule_of(body: Organization) -> dict[str, Any]:
    """What the body’s newest counted vote needed; without one, more than half of all seats."""
    names = ("requirement", "base", "required_number", "counts_abstentions")
    counted = body.actions.exclude(requirement="").exclude(publication=Publication.WITHDRAWN)
    newest = counted.order_by("-on_earliest", "-pk").values(*names).first()
    return newest or {"requirement": Requirement.MAJORITY, "base": Base.SEATS}


def likely_sources(meeting: Meeting | None, resolution: Resolution | None = None) -> Q:
    """The documents of the meeting and its minutes, of the resolution and its texts."""
    wanted = Q(pk__in=[])
    if resolution is not None:
        wanted |= Q(pk__in=resolution.sources.values("pk"))
        wanted |= Q(pk__in=resolution.texts.values("source"))
    if meeting is not None:
        wanted |= Q(pk__in=meeting.sources.values("pk"))
        wanted |= Q(pk__in=meeting.minutes.values("source"))
    return wanted


# --- how it comes out, in words ----------------------------------------------------------

COUNTS: dict[str, Any] = {
    Choice.YES.value: gettext_lazy("%s yes"),
    Choice.NO.value: gettext_lazy("%s no"),
    Choice.ABSTAIN.value: gettext_lazy("%s abstaining"),
    Choice.RECUSED.value: gettext_lazy("%s recused"),
    Choice.ABSENT.value: gettext_lazy("%s absent"),
    Choice.EXCUSED.value: gettext_lazy("%s excused"),
    Choice.NOT_VOTING.value: gettext_lazy("%s not voting"),
}
CARRIES = gettext_lazy("%(counts)s: carries, needs %(needed)s of %(of)s.")
FAILS = gettext_lazy("%(counts)s: fails, needs %(needed)s of %(of)s.")


def result_sentence(tally: Tally | None, result: Result | None) -> str:
    """The counts, and what follows: “7 yes, 0 no, 1 absent: carries, needs 5 of 8.”"""
    if tally is None:
        return ""
    counted = {name: getattr(tally, name) for name in COUNTS}
    always = (Choice.YES, Choice.NO)
    counts = ", ".join(
        str(COUNTS[name]) % count for name, count in counted.items() if count or name in always
    )
    if result is None:
        return f"{counts}."
    words = CARRIES if result.is_carried else FAILS
    return str(words) % {"counts": counts, "needed": result.needed, "of": result.of}


# --- recording ---------------------------------------------------------------------------


def next_action_number(resolution: Resolution) -> int:
    """The number that the next action on a resolution gets."""
    return next_number(Action, "number", resolution=resolution.pk)


@transaction.atomic
def record_vote(
    action: Action,
    *,
    number: int,
    votes: dict[Member, str],
    source: Source | None = None,
    locator: str = "",
) -> bool:
    """Record a new draft action with its votes and its source.

    `line` is the number that the action was to get when the form was opened. If the very same
    vote has it already, the form was sent twice: nothing is recorded, and the answer is false.
    Raises `ValidationError` with each rule’s sentence by field; then nothing is saved.
    """
    Resolution._base_manager.select_for_update().get(pk=action.resolution_id)
    standing = Action.objects.filter(resolution=action.resolution_id, number=number).first()
    if standing is not None and _is_same(standing, action, votes):
        action.pk, action.number = standing.pk, standing.number
        return False
    if number != next_action_number(action.resolution):
        raise ValidationError(
            _(
                "Somebody recorded another action on this resolution after you opened this form."
                " Nothing of yours is saved. Look at it, then open the form again."
            )
        )
    action.full_clean()
    action.save()
    for member, choice in votes.items():
        ballot = Ballot(action=action, member=member, choice=choice)
        ballot.full_clean()
        ballot.save()
    if source is not None:
        citation = ActionCitation(action=action, source=source, locator=locator)
        citation.full_clean()
        citation.save()
    _check_as_published(action)
    return True


_SAME = ("kind", "on", "meeting_id", "text_id", "mover_id", "seconder_id", "method", "outcome")


def _is_same(standing: Action, action: Action, votes: dict[Member, str]) -> bool:
    cast = dict(standing.ballots.values_list("member_id", "choice"))
    same = all(getattr(standing, name) == getattr(action, name) for name in _SAME)
    return same and cast == {member.pk: choice for member, choice in votes.items()}


def _check_as_published(action: Action) -> None:
    """What publishing would refuse is told now, while the clerk has the paper at hand.

    But for the source, which may have to be added to the register first.
    """
    errors: dict[str, list[str]] = {}
    action.publication = Publication.PUBLISHED
    for field, check in RULES:
        if check is not with_a_source and (sentences := check(action)):
            errors.setdefault(field, []).extend(sentences)
    action.publication = Publication.DRAFT
    if errors:
        raise ValidationError(errors)


# --- several resolutions by one motion ---------------------------------------------------


def before_the_body(resolutions: QuerySet) -> QuerySet:
    """Resolutions that a body could still adopt."""
    actions = Action.objects.exclude(publication=Publication.WITHDRAWN)
    decided = Q(kind=Kind.ADOPT, outcome=Outcome.CARRIED) | Q(kind__in=[Kind.WITHDRAW, Kind.FAIL])
    over = actions.filter(decided).values("resolution")
    return resolutions.exclude(publication=Publication.WITHDRAWN).exclude(pk__in=over)


@transaction.atomic
def record_consent(
    meeting: Meeting,
    resolutions: Iterable[Resolution],
    *,
    mover: Member | None = None,
    seconder: Member | None = None,
    method: str = Method.CONSENT_AGENDA,
    source: Source | None = None,
    locator: str = "",
) -> list[Action]:
    """Adopt several resolutions by one motion: a draft action each, with its newest text.

    Answers with those recorded: what this meeting adopted so already is not adopted twice.
    Raises `ValidationError` naming the resolution that a rule refuses; then nothing is saved.
    """
    recorded = []
    for resolution in resolutions:
        Resolution._base_manager.select_for_update().get(pk=resolution.pk)
        there = resolution.actions.exclude(publication=Publication.WITHDRAWN)
        if there.filter(kind=Kind.ADOPT, meeting=meeting, method=method).exists():
            continue
        action = Action(
            resolution=resolution,
            organization=meeting.organization,
            kind=Kind.ADOPT,
            meeting=meeting,
            on=meeting.on,
            text=resolution.texts.exclude(publication=Publication.WITHDRAWN).last(),
            mover=mover,
            seconder=seconder,
            method=method,
            outcome=Outcome.CARRIED,
        )
        try:
            record_vote(
                action,
                number=next_action_number(resolution),
                votes={},
                source=source,
                locator=locator,
            )
        except ValidationError as error:
            raise ValidationError(
                [f"{resolution}: {sentence}" for sentence in error.messages]
            ) from None
        recorded.append(action)
    return recorded
