"""The clerk's desk: a vote with its roll and its source, recorded in one step or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.publishing import Publication
from cities.records.rules import enforce
from resolutions.course import OPEN, Kind, Outcome, Status, fold
from resolutions.models import (
    Action,
    ActionCitation,
    Ballot,
    Meeting,
    Member,
    Resolution,
    Text,
    VoteRequirement,
)
from resolutions.models.action_rules import RULES, with_a_source
from resolutions.models.vote_rules import with_its_vote_public
from resolutions.tally import Choice, Method, Result, Tally


def may_record_votes(user: Any) -> bool:
    """Return whether the user may add an action with its votes and its source."""
    parts = ("action", "ballot", "actioncitation")
    return user.has_perms([f"resolutions.add_{part}" for part in parts])


MEETING_RIGHTS = (
    *(f"resolutions.add_{model}" for model in ("meeting", "attendance", "resolution", "text")),
    *(f"resolutions.add_{model}" for model in ("action", "ballot", "actioncitation")),
    *(f"resolutions.preview_{model}" for model in ("meeting", "resolution", "text", "action")),
    *("cities.add_source", "cities.preview_source"),
)
"""What somebody may do who records a whole meeting: add all that is in it, and read it then."""


# --- what the form begins with -----------------------------------------------------------


def presets(resolution: Resolution, kind: Kind | None, has_roll: bool) -> dict[str, Any]:
    """Return what is most likely, so that an ordinary vote needs no choice at all."""
    newest = newest_text(resolution)
    return {
        "kind": kind or "",
        "text": newest and newest.pk,
        "method": Method.ROLL_CALL if has_roll else Method.VOICE,
        "outcome": Outcome.CARRIED if kind else "",
    }


def likely_kind(resolution: Resolution) -> Kind | None:
    """Return what is voted on next, or None once there is a decision, be it a draft.

    Only a choice of the clerk changes a decision: none is likely enough to begin with.
    """
    actions = (action for action in resolution.actions.all() if not action.is_withdrawn)
    status: Any = fold(actions).status
    if status in OPEN:
        return Kind.ADOPT
    return Kind.TAKE_FROM_TABLE if status == Status.TABLED else None


def requirements_on_record(action: Action) -> dict[str, VoteRequirement]:
    """Return what the organization needed on the day of an action, by kind of motion."""
    rules = action.organization.vote_requirements.select_related("source")
    return VoteRequirement.by_kind(rules, *action.days)


def likely_sources(meeting: Meeting | None, resolution: Resolution | None = None) -> Q:
    """Match the sources of the meeting and its minutes, of the resolution and its texts."""
    wanted = Q(pk__in=[])
    if resolution is not None:
        wanted |= Q(pk__in=resolution.sources.values("pk"))
        wanted |= Q(pk__in=resolution.texts.values("source"))
    if meeting is not None:
        wanted |= Q(pk__in=meeting.sources.values("pk"))
        wanted |= Q(pk__in=meeting.minutes.values("source"))
    return wanted


# --- the result in a sentence ------------------------------------------------------------

COUNT_LABELS: dict[str, Any] = {
    Choice.YES.value: _("%s yes"),
    Choice.NO.value: _("%s no"),
    Choice.ABSTAIN.value: _("%s abstaining"),
    Choice.RECUSED.value: _("%s recused"),
    Choice.ABSENT.value: _("%s absent"),
    Choice.EXCUSED.value: _("%s excused"),
    Choice.NOT_VOTING.value: _("%s not voting"),
}
PASSES = _("%(counts)s. Passes: needs %(needed)s of %(of)s.")
FAILS = _("%(counts)s. Fails: needs %(needed)s of %(of)s.")


def result_sentence(tally: Tally | None, result: Result | None) -> str:
    """Return “7 yes, 0 no, 1 absent. Passes: needs 5 of 8.”, for example."""
    if tally is None:
        return ""
    always_shown = (Choice.YES, Choice.NO)
    counts = ", ".join(
        str(label) % getattr(tally, name)
        for name, label in COUNT_LABELS.items()
        if getattr(tally, name) or name in always_shown
    )
    if result is None:
        return f"{counts}."
    sentence = PASSES if result.is_carried else FAILS
    return str(sentence) % {"counts": counts, "needed": result.needed, "of": result.of}


# --- recording ---------------------------------------------------------------------------


def next_action_number(resolution: Resolution) -> int:
    """Return the number that the next action on a resolution gets."""
    return Action.next_number(resolution.pk)


@transaction.atomic
def record_vote(
    action: Action,
    *,
    number: int,
    votes: dict[Member, str],
    printed: Mapping[Member, str] | None = None,
    source: Source | None = None,
    locator: str = "",
) -> bool:
    """Record a new draft action with its votes and its source. Return whether it is new.

    `printed` are the words of the source for votes, where it has others.

    `number` is the number that the action was to get when the form was opened. If the very same
    vote has it already, the form was sent twice, and nothing is recorded.
    Raise `ValidationError` with each rule’s sentence by field; then nothing is saved.
    """
    Resolution._base_manager.select_for_update().get(pk=action.resolution_id)
    recorded = Action.objects.filter(resolution=action.resolution_id, number=number).first()
    if recorded is not None and is_same_vote(recorded, action, votes):
        action.pk, action.number = recorded.pk, recorded.number
        return False
    if number != next_action_number(action.resolution):
        raise ValidationError(
            _(
                "Somebody recorded another action on this resolution after you opened this form,"
                " so your vote is not saved. Look at that action, then open this form again."
            )
        )
    _save(action)
    _save_parts(action, votes, printed or {})
    if source is not None:
        _save(ActionCitation(action=action, source=source, locator=locator))
    _check_as_published(action)
    return True


def _save_parts(
    action: Action, votes: Mapping[Member, str], printed: Mapping[Member, str]
) -> None:
    for member, choice in votes.items():
        words = printed.get(member, "")
        _save(Ballot(action=action, member=member, choice=choice, choice_as_printed=words))


def _save(part: Any) -> None:
    part.full_clean()
    part.save()


COMPARED = ("kind", "on", "meeting_id", "text_id", "mover_id", "seconder_id", "method", "outcome")
"""The fields by which a vote that was sent twice is known."""


def is_same_vote(recorded: Action, action: Action, votes: dict[Member, str]) -> bool:
    cast = dict(recorded.ballots.values_list("member_id", "choice"))
    same = all(getattr(recorded, name) == getattr(action, name) for name in COMPARED)
    return same and cast == {member.pk: choice for member, choice in votes.items()}


def _check_as_published(action: Action) -> None:
    """Raise what publishing would refuse, while the clerk has the paper at hand.

    Only the source may wait, which may have to be added to the register first, and the vote that
    it shares, which is a draft itself.
    """
    action.publication = Publication.PUBLISHED
    may_wait = (with_a_source, with_its_vote_public)
    try:
        enforce((rule for rule in RULES if rule not in may_wait), action)
    finally:
        action.publication = Publication.DRAFT


# --- several resolutions by one motion ---------------------------------------------------


def still_open(resolutions: QuerySet) -> QuerySet:
    """Return the resolutions that could still be adopted."""
    actions = Action.objects.exclude(publication=Publication.WITHDRAWN)
    final = Q(kind=Kind.ADOPT, outcome=Outcome.CARRIED) | Q(kind__in=[Kind.WITHDRAW, Kind.FAIL])
    decided = actions.filter(final).values("resolution")
    return resolutions.exclude(publication=Publication.WITHDRAWN).exclude(pk__in=decided)


def in_order_of_numbers(resolutions: Iterable[Resolution]) -> list[Resolution]:
    """Return resolutions as an agenda lists them, those without a number last."""

    def key(one: Resolution) -> tuple[Any, ...]:
        serial = one.number_serial
        return serial is None, -(one.number_year or 0), serial or 0, one.number, one.title

    return sorted(resolutions, key=key)


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

    The vote is recorded with the first one, and the others share it.

    Return those recorded: what this meeting adopted so already is not adopted twice.
    Raise `ValidationError` naming the resolution that a rule refuses; then nothing is saved.
    """
    recorded: list[Action] = []
    for resolution in in_order_of_numbers(resolutions):
        Resolution._base_manager.select_for_update().get(pk=resolution.pk)
        actions = resolution.actions.exclude(publication=Publication.WITHDRAWN)
        if actions.filter(kind=Kind.ADOPT, meeting=meeting, method=method).exists():
            continue
        motion = {"mover": mover, "seconder": seconder, "method": method}
        action = (
            _sharing(recorded[0], resolution)
            if recorded
            else _adoption(resolution, meeting, **motion)
        )
        _record_next(action, source, locator)
        recorded.append(action)
    return recorded


def record_together(
    vote: Action, resolutions: Iterable[Resolution], *, source: Source | None, locator: str
) -> list[Action]:
    """Record that a vote also decided other resolutions: a draft action each, which shares it.

    Raise `ValidationError` naming the resolution that a rule refuses.
    """
    recorded = []
    for resolution in resolutions:
        Resolution._base_manager.select_for_update().get(pk=resolution.pk)
        action = _sharing(vote, resolution)
        _record_next(action, source, locator)
        recorded.append(action)
    return recorded


def _record_next(action: Action, source: Source | None, locator: str) -> None:
    """Record an action without votes by name. Raise `ValidationError` naming its resolution."""
    resolution = action.resolution
    number = next_action_number(resolution)
    try:
        record_vote(action, number=number, votes={}, source=source, locator=locator)
    except ValidationError as error:
        raise ValidationError(
            [f"{resolution}: {sentence}" for sentence in error.messages]
        ) from None


def _sharing(vote: Action, resolution: Resolution) -> Action:
    """Return a new action on another resolution that the same vote decided."""
    return Action(
        resolution=resolution,
        organization=vote.organization,
        kind=vote.kind,
        meeting=vote.meeting,
        on=vote.on,
        text=newest_text(resolution),
        method=vote.method,
        outcome=vote.outcome,
        shares_vote_with=vote,
    )


def newest_text(resolution: Resolution) -> Text | None:
    return resolution.texts.exclude(publication=Publication.WITHDRAWN).last()


def _adoption(resolution: Resolution, meeting: Meeting, **motion: Any) -> Action:
    """Return a new action that adopts a resolution with its newest text."""
    return Action(
        resolution=resolution,
        organization=meeting.organization,
        kind=Kind.ADOPT,
        meeting=meeting,
        on=meeting.on,
        text=newest_text(resolution),
        outcome=Outcome.CARRIED,
        **motion,
    )
