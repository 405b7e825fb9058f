"""Votes and statements about a city, with the replies, in order of time."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from cities.models import City, Relationship
from resolutions.course import Course
from resolutions.models import Action, Effect, Reply, Resolution, Statement
from resolutions.words import is_request


@dataclass(frozen=True)
class TimelineItem:
    """A statement, a resolution with its effects, or a reply."""

    kind: str
    on: Any
    record: Any
    course: Course | None = None
    effects: tuple[Effect, ...] = ()
    requested_on: Any = None

    @property
    def order(self) -> tuple[date, int]:
        """By first possible day; a reply comes after the request, however vague its date."""
        days = [(self.on and self.on.earliest) or date.max]
        if self.kind == "reply" and self.requested_on:
            days.append(self.requested_on.earliest)
        return max(days), ("statement", "resolution", "reply").index(self.kind)


def statements_timeline(
    place: City, relationships: list[Relationship], today: date
) -> list[TimelineItem]:
    """Return what is about a place or its public relationships, oldest first, undated last."""
    about = Q(places=place) | Q(relationships__in=relationships)
    found = [
        TimelineItem("statement", statement.on, statement)
        for statement in Statement.objects.public()
        .filter(about)
        .select_related("organization", "source")
        .distinct()
    ]
    for resolution in _resolutions(place, relationships, about):
        course = resolution.course_on(today)
        effects = tuple(
            effect
            for effect in resolution.effects.all()
            if _concerns(effect, place, relationships)
        )
        on = course.since.on if course.since else None
        found.append(TimelineItem("resolution", on, resolution, course, effects))
        found += [
            TimelineItem("reply", reply.on, reply, requested_on=on)
            for effect in effects
            for reply in effect.replies.all()
        ]
    return sorted(found, key=lambda item: item.order)


def newest_request(timeline: list[TimelineItem]) -> TimelineItem | None:
    """Return the newest adopted resolution with a request, and of its effects the requests."""
    for item in reversed(timeline):
        requests = tuple(effect for effect in item.effects if is_request(effect))
        if requests and item.record.adoption:
            return replace(item, effects=requests)
    return None


def _resolutions(place: City, relationships: list[Relationship], about: Q) -> Any:
    replies = Reply.objects.public().select_related("organization", "source")
    effects = Effect.objects.public().select_related("addressed_to", "entry__type")
    does = Effect.objects.public().filter(
        Q(place=place) | Q(relationship__in=relationships),
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


def _concerns(effect: Effect, place: City, relationships: list[Relationship]) -> bool:
    """Return whether it is about this place or one of the relationships, or names none."""
    concerned = {relationship.pk for relationship in relationships}
    names_this = effect.place_id == place.pk or effect.relationship_id in concerned
    return names_this or (effect.place_id is None and effect.relationship_id is None)
