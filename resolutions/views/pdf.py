"""A resolution as a sheet of paper: the same words as its page, for the typesetter."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    announced_counts,
    asks,
    counts,
    course_sentence,
    effect_sentence,
    heading,
    how_decided,
    is_answered,
    no_reply,
    reply_sentence,
    result_sentence,
    version_name,
    votes_needed,
)

__all__ = ["TypesettingError", "of_resolution", "typeset"]


def of_resolution(
    resolution: Resolution, text: Text | None, *, address: str, on: date
) -> Document:
    """The sheet of a resolution with one version of its text.

    Needs `resolutions.gaps.with_record`.
    """
    actions = [action for action in resolution.actions.all() if action.is_published]
    return Document(
        title=resolution.title,
        number=resolution.number or _("number not found yet"),
        body_name=resolution.organization.name,
        kind=resolution.get_kind_display(),
        status=course_sentence(resolution.course_on(on)),
        summary=resolution.summary,
        facts=tuple(_facts(resolution, text)),
        clauses=tuple(
            Clause(ClauseKind(clause.kind.value), clause.label, clause.text)
            for clause in (text.clauses if text else [])
        ),
        sections=tuple(_sections(resolution, actions, text, on)),
        permanent_address=address,
        fingerprint=text.sha256 if text else "",
        made_on=on,
        language=get_language() or "en",
    )


def _facts(resolution: Resolution, text: Text | None) -> Iterator[tuple[str, str]]:
    sponsors = ", ".join(member.name for member in resolution.sponsors.all())
    if sponsors:
        yield _("Sponsors"), sponsors
    if resolution.introduced_by:
        yield _("Introduced by"), resolution.introduced_by
    if text:
        yield _("Text"), version_name(text)


def _sections(
    resolution: Resolution, actions: list[Action], text: Text | None, on: date
) -> Iterator[Section]:
    if text is None:
        yield Section(_("Text"), (_("The text is not found yet."),))
    effects = [effect for effect in resolution.effects.all() if effect.is_published]
    if effects:
        lines = (_effect(effect, resolution.adoption, on) for effect in effects)
        yield Section(_("What it does"), tuple(lines))
    done = tuple(" ".join(_about(action)) for action in actions)
    yield Section(_("What was done with it"), done or (_("Nothing is on record yet."),))
    for action in actions:
        if table := _roll(action):
            yield Section(_("Votes by name, %s") % action.on, (), table)


def _effect(effect: Effect, adoption: Any, on: date) -> str:
    """What the text does, and what came of it."""
    said = [f"{effect_sentence(effect)}."]
    said += [
        f"{reply_sentence(reply)} {reply.summary}"
        for reply in effect.replies.all()
        if reply.is_published
    ]
    if adoption and asks(effect) and not is_answered(effect):
        said.append(no_reply(adoption.on, on))
    return " ".join(said)


def _about(action: Action) -> Iterator[str]:
    """One action in sentences."""
    parts = {"date": action.on, "what": heading(action)}
    yield _("%(date)s: %(what)s.") % parts
    if action.mover and action.mover.is_published:
        yield _("Moved by %s.") % action.mover.name
    if action.seconder and action.seconder.is_published:
        yield _("Seconded by %s.") % action.seconder.name
    if how := how_decided(action):
        yield how
    if result := result_sentence(action):
        yield result
    if needed := votes_needed(action):
        yield _("Needed: %s.") % needed
    yield from action.disagreements
    if printed := announced_counts(action):
        yield _("Counts as printed: %s.") % _listed(printed)
    if action.tally is not None:
        yield _("Counts of the roll: %s.") % _listed(counts(action.tally))
    if action.note:
        yield action.note


def _listed(counted: list[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counted)


def _roll(action: Action) -> Table | None:
    """Who voted how; none where no names are on record."""
    rows = tuple(
        (
            ballot.member.name if ballot.member.is_published else _("A name not public"),
            ballot.get_choice_display(),
        )
        for ballot in action.ballots.all()
    )
    return Table((_("Member"), _("Vote")), rows) if rows else None
