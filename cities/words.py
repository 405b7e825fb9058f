"""What a standing and a line say, in plain sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cities.models import City, Entry, Relationship, RelationshipType, Source
from cities.records.languages import marked
from cities.standing import Kind, Standing, Status


def standing_sentence(standing: Standing) -> str:
    """How the tie stands, since when and as what: one sentence.

    `standing` comes from `fold`: its type and lines are records.
    """
    if standing.status is None:
        return _("No accepted line is on record yet.")
    parts = {
        "type": standing.type.name if standing.type else _("Tie"),
        "since": standing.since.on,
    }
    if standing.status == Status.ACTIVE:
        if standing.since.kind == Kind.ATTESTED:
            return (
                _(
                    "%(type)s: a source of %(since)s shows it in force."
                    " When it began is not found yet."
                )
                % parts
            )
        if standing.began is not standing.since and standing.began.type not in (
            None,
            standing.type,
        ):
            return _("%(type)s since %(since)s; before that %(before)s, since %(began)s.") % {
                **parts,
                "before": lower_first(standing.began.type.name),
                "began": standing.began.on,
            }
        return _("%(type)s since %(since)s.") % parts
    if standing.status == Status.PROPOSED:
        return _("Proposed as %(type)s since %(since)s; not concluded.") % {
            **parts,
            "type": lower_first(parts["type"]),
        }
    if standing.status == Status.CONTESTED:
        return _(
            "Contested since %(since)s: %(home)s on Lansing’s side, %(partner)s on the partner’s"
            " side."
        ) % {
            **parts,
            "home": Status(str(standing.home)).label,
            "partner": Status(str(standing.partner)).label,
        }
    if standing.status == Status.ENDED:
        return _("Ended %(since)s: %(reason)s.") % {**parts, "reason": standing.reason_label}
    if standing.status == Status.SUSPENDED:
        return _("%(type)s, suspended since %(since)s.") % parts
    return _("%(type)s, dormant since %(since)s.") % parts


def short_standing(standing: Standing) -> str:
    """When the present standing began, for a list under a heading that says the type."""
    parts = {"since": standing.since.on, "status": standing.status_label}
    if standing.status == Status.ENDED:
        return _("ended %(since)s, %(reason)s") % {**parts, "reason": standing.reason_label}
    if standing.status != Status.ACTIVE:
        return _("%(status)s since %(since)s") % parts
    if standing.since.kind == Kind.ATTESTED:
        return _("on record %(since)s; beginning not found yet") % parts
    return _("since %(since)s") % parts


def card_alt(place: City, standing: Standing | None) -> str:
    """What the card of a place shows, for people who cannot see it."""
    parts = {"place": place, "standing": standing_sentence(standing or Standing())}
    if standing is None or standing.status is None:
        return _("The postmark of %(place)s.") % parts
    return _("The postmark of %(place)s. %(standing)s") % parts


def what_happened(entry: Entry) -> str:
    """The line’s kind with the type it brings, as the ledger’s heading for it."""
    words = str(Kind(entry.kind).label)
    if entry.type is not None:
        words = _("%(happened)s as %(type)s") % {
            "happened": words,
            "type": lower_first(entry.type.name),
        }
    return words[:1].upper() + words[1:]


def titled(source: Source) -> str:
    """The title of a source, marked with its language where that is not English."""
    return marked(source.title, source.title_language)


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


@dataclass(frozen=True)
class Group:
    """Ties under one heading of a list."""

    slug: str
    title: str
    relationships: list[Relationship]


def grouped_by_type(
    relationships: Iterable[Relationship], types: Iterable[RelationshipType]
) -> list[Group]:
    """Ties with their standing under their types, closest first; what has ended comes last."""
    ended = [
        relationship
        for relationship in relationships
        if relationship.standing.status == Status.ENDED
    ]
    alive = [
        relationship
        for relationship in relationships
        if relationship.standing.status != Status.ENDED
    ]
    groups = [
        Group(
            kind.slug,
            kind.name_plural,
            [relationship for relationship in alive if relationship.standing.type == kind.slug],
        )
        for kind in types
    ]
    untyped = [relationship for relationship in alive if relationship.standing.type is None]
    groups += [
        Group("type-not-found", _("Type not on record"), untyped),
        Group("ended", _("Ended"), ended),
    ]
    return [group for group in groups if group.relationships]
