"""What bodies and office holders said about a place, in order of time.

A resolution that asks stands here with its answer; what decided stands in the ledger.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from cities.models import City, Relationship
from resolutions.course import Course
from resolutions.models import Action, Effect, Reply, Resolution, Statement
from resolutions.words import asks


@dataclass(frozen=True)
class Voice:
    """One line: a statement, a resolution with what it asked, or a reply."""

    kind: str
    on: Any
    record: Any
    course: Course | None = None
    effects: tuple[Effect, ...] = ()
    asked_on: Any = None

    @property
    def order(self) -> tuple[date, int]:
        """By first possible day; a reply stands after what it answers, however vague its date."""
        days = [(self.on and self.on.earliest) or date.max]
        if self.kind == "reply" and self.asked_on:
            days.append(self.asked_on.earliest)
        return max(days), ("statement", "resolution", "reply").index(self.kind)


def voices(place: City, relationship: Relationship | None, today: date) -> list[Voice]:
    """The lines about a place or its tie, the oldest first; what has no date comes last.

    `tie` is public, or none.
    """
    about = Q(places=place) | Q(relationships=relationship) if relationship else Q(places=place)
    found = [
        Voice("statement", statement.on, statement)
        for statement in Statement.objects.public()
        .filter(about)
        .select_related("organization", "source")
        .distinct()
    ]
    for resolution in _resolutions(place, relationship, about):
        course = resolution.course_on(today)
        effects = tuple(
            it for it in resolution.effects.all() if _concerns(it, place, relationship)
        )
        on = course.since.on if course.since else None
        found.append(Voice("resolution", on, resolution, course, effects))
        found += [
            Voice("reply", reply.on, reply, asked_on=on)
            for effect in effects
            for reply in effect.replies.all()
        ]
    return sorted(found, key=lambda voice: voice.order)


def newest_asked(found: list[Voice]) -> Voice | None:
    """The newest resolution that was adopted and asks for something, with what it asks alone."""
    for voice in reversed(found):
        asking = tuple(effect for effect in voice.effects if asks(effect))
        if asking and voice.record.adoption:
            return replace(voice, effects=asking)
    return None


def _resolutions(place: City, relationship: Relationship | None, about: Q) -> Any:
    replies = Reply.objects.public().select_related("organization", "source")
    effects = Effect.objects.public().select_related("addressed_to", "entry__type")
    does = Effect.objects.public().filter(
        Q(place=place) | (Q(relationship=relationship) if relationship else Q(pk__in=[])),
        resolution=OuterRef("pk"),
    )
    public = Resolution.objects.public()
    return (
        public.filter(Q(Exists(does)) | Q(pk__in=public.filter(about).values("pk")))
        .select_related("organization")
        .prefetch_related(
            Prefetch("actions", Action.objects.public().prefetch_related("ballots")),
            Prefetch("effects", effects.prefetch_related(Prefetch("replies", replies))),
        )
    )


def _concerns(effect: Effect, place: City, relationship: Relationship | None) -> bool:
    """Whether it is about this place or tie, or about none that it names."""
    names_this = effect.place_id == place.pk or (
        relationship and effect.relationship_id == relationship.pk
    )
    return bool(names_this) or (effect.place_id is None and effect.relationship_id is None)
