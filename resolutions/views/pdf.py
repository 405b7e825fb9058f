"""A resolution as a document: what its page says, for the typesetter."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from resolutions.course_words import course_sentence
from resolutions.gaps import gaps_of
from resolutions.models import Action, Effect, Resolution, Text
from resolutions.typesetting import (
    Clause,
    ClauseKind,
    Document,
    Section,
    Table,
    TypesettingError,
    typeset,
)
from resolutions.words import (
    action_heading,
    agenda_sentences,
    announced_counts,
    awaits_reply,
    counts,
    effect_sentence,
    method_sentence,
    no_reply,
    reply_sentence,
    requirement_sentence,
    result_sentence,
    version_name,
)

__all__ = ["TypesettingError", "of_resolution", "typeset"]


def of_resolution(resolution: Any, text: Text | None, *, address: str, on: date) -> Document:
    """Return the document of a resolution with one version of its text.

    Needs `resolutions.reading.find_resolution`.
    """
    actions = [action for action in resolution.actions.all() if action.is_published]
    return Document(
        title=resolution.title,
        number=resolution.number,
        organization_name=resolution.organization.name,
        kind=resolution.get_kind_display(),
        status=course_sentence(resolution.course_on(on)),
        summary=resolution.summary,
        facts=tuple(_facts(resolution, text)),
        clauses=tuple(
            Clause(ClauseKind(clause.kind.value), clause.label, clause.text)
            for clause in (text.clauses if text else [])
        ),
        sections=tuple(_sections(resolution, actions, on)),
        permanent_address=address,
        fingerprint=text.sha256 if text else "",
        made_on=on,
        language=get_language() or "en",
    )


def _facts(resolution: Any, text: Text | None) -> Iterator[tuple[str, str]]:
    for other in resolution.numbers_beside:
        yield other.get_kind_display(), other.number
    sponsors = ", ".join(member.name for member in resolution.public_sponsors)
    if sponsors:
        yield gettext("Sponsors"), sponsors
    if resolution.introduced_by:
        yield gettext("Introduced by"), resolution.introduced_by
    if text:
        yield gettext("Text"), version_name(text)


def _sections(resolution: Resolution, actions: list[Action], on: date) -> Iterator[Section]:
    effects = [effect for effect in resolution.effects.all() if effect.is_published]
    if effects:
        sentences = (_effect(effect, resolution.adoption, on) for effect in effects)
        yield Section(gettext("What it does"), tuple(sentences))
    if actions:
        happened = (" ".join(_about(action)) for action in actions)
        yield Section(gettext("What happened"), tuple(happened))
    for action in actions:
        if table := _roll(action):
            yield Section(gettext("Votes by name, %s") % action.on, (), table)
    gaps = tuple(gap.missing for gap in gaps_of(resolution))
    yield from [Section(gettext("What we are still looking for"), gaps)] if gaps else []


def _effect(effect: Effect, adoption: Any, on: date) -> str:
    """Return what the resolution does, and the replies."""
    sentences = [f"{effect_sentence(effect)}."]
    sentences += [
        f"{reply_sentence(reply)} {reply.summary}"
        for reply in effect.replies.all()
        if reply.is_published
    ]
    if adoption and awaits_reply(effect):
        sentences.append(no_reply(adoption.on, on))
    return " ".join(sentences)


def _about(action: Action) -> Iterator[str]:
    """Yield the sentences about one action."""
    parts = {"date": action.on, "what": action_heading(action)}
    yield gettext("%(date)s: %(what)s.") % parts
    vote = action.vote
    if vote.mover and vote.mover.is_published:
        yield gettext("Moved by %s.") % vote.mover.name
    if vote.seconder and vote.seconder.is_published:
        yield gettext("Seconded by %s.") % vote.seconder.name
    yield from agenda_sentences(action)
    if together := ", ".join(str(other.resolution) for other in getattr(action, "together", [])):
        yield gettext("One vote decided this and: %s.") % together
    yield from _about_vote(vote)
    if action.note:
        yield action.note


def _about_vote(vote: Action) -> Iterator[str]:
    """Yield how it was decided, and the counts."""
    if how := method_sentence(vote):
        yield how
    if result := result_sentence(vote):
        yield result
    if requirement := requirement_sentence(vote):
        yield requirement
    yield from vote.disagreements
    if printed := announced_counts(vote):
        yield gettext("Vote count as printed: %s.") % _listed(printed)
    if vote.tally is not None:
        yield gettext("Roll call count: %s.") % _listed(counts(vote.tally))


def _listed(counted: list[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counted)


def _roll(action: Action) -> Table | None:
    """Return how each member voted, if names are on record."""
    rows = tuple(
        (
            ballot.member.name if ballot.member.is_published else gettext("Name not public"),
            ballot.choice_in_words if ballot.member.is_published else ballot.get_choice_display(),
        )
        for ballot in action.vote.ballots.all()
    )
    return Table((gettext("Member"), gettext("Vote")), rows) if rows else None
