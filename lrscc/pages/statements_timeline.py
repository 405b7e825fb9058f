"""Votes and statements about a city, with the replies, in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Window, prefetch_related_objects

from cities.models import City, Relationship
from cities.records.kept import kept
from cities.records.publishing import Publication
from resolutions.course import Course
from resolutions.filters import about
from resolutions.models import Action, CoursePeriod, Effect, Reply, Resolution, Statement
from resolutions.models.ballots import count_ballots
from resolutions.words import REQUESTS, is_request

NEWEST = 20
"""How many resolutions, and how many statements, a city’s page shows. Links lead to the rest."""


@dataclass(frozen=True)
class TimelineItem:
    """A statement, a resolution with its effects, or a reply."""

    kind: str
    on: Any
    record: Any
    course: Course | None = None
    effects: tuple[Effect, ...] = ()
    adoption: Action | None = None
    requested_on: Any = None

    @property
    def order(self) -> tuple[date, int]:
        """By first possible day; a reply comes after the request, however vague its date."""
        days = [(self.on and self.on.earliest) or date.max]
        if self.kind == "reply" and self.requested_on:
            days.append(self.requested_on.earliest)
        return max(days), ("statement", "resolution", "reply").index(self.kind)


@dataclass(frozen=True)
class Timeline:
    """The newest of what is about a city, oldest first, and how many of each there are."""

    items: list[TimelineItem]
    newest_request: TimelineItem | None
    resolutions: int
    statements: int

    newest = NEWEST


def statements_timeline(place: City, relationships: list[Relationship], today: date) -> Timeline:
    """Return what is about a place or its public relationships, oldest first, undated last."""
    pks = [relationship.pk for relationship in relationships]
    statements = list(_with_total(_statements_about(place, pks))[:NEWEST])
    periods = _with_total(_resolutions_about(place, pks, today)).values_list("pk", "total")
    resolutions = list(periods[:NEWEST])
    items = [
        *(TimelineItem("statement", statement.on, statement) for statement in statements),
        *_resolution_items([pk for pk, __ in resolutions], place, pks),
    ]
    items.sort(key=lambda item: item.order)
    request = _newest_request(items)
    all_resolutions = resolutions[0][1] if resolutions else 0
    if request is None and all_resolutions > len(resolutions) and _is_asked_about(place, pks):
        newest = list(_requests_about(place, pks, today).values_list("pk", flat=True)[:1])
        request = _newest_request(list(_resolution_items(newest, place, pks)))
    all_statements = statements[0].total if statements else 0
    return Timeline(items, request, all_resolutions, all_statements)


@kept
def _requested() -> frozenset[tuple[int | None, int | None]]:
    """Return what public requests are about: the keys of the place and of the relationship."""
    requests = Effect.objects.filter(publication=Publication.PUBLISHED, kind__in=REQUESTS)
    return frozenset(requests.order_by().values_list("place", "relationship").distinct())


def _is_asked_about(place: City, relationships: list[int]) -> bool:
    """Return whether any request concerns the place: most places are in none."""
    return any(
        asked == place.pk
        or relationship in relationships
        or (asked is None and relationship is None)
        for asked, relationship in _requested()
    )


def _with_total(records: Any) -> Any:
    """Annotate records with the `total` of them."""
    return records.annotate(total=Window(Count("*")))


def _statements_about(place: City, relationships: list[int]) -> Any:
    public = Statement.objects.public().filter(about(Statement, [place.pk], relationships))
    return public.select_related("organization", "source")


def _resolutions_about(place: City, relationships: list[int], today: date) -> Any:
    """Return the period of today of each resolution, in the order of their list."""
    about_it = about(Resolution, [place.pk], relationships, "resolution")
    return CoursePeriod.objects.listed(today).filter(about_it)


def _requests_about(place: City, relationships: list[int], today: date) -> Any:
    """Return the adopted resolutions with a request that concerns the place, newest first."""
    requests = Effect.objects.filter(
        Q(place=place)
        | Q(relationship__in=relationships)
        | Q(place__isnull=True, relationship__isnull=True),
        publication=Publication.PUBLISHED,
        kind__in=REQUESTS,
    )
    adoptions = Action.objects.adopting().filter(resolution=OuterRef("resolution"))
    return _resolutions_about(place, relationships, today).filter(
        Exists(adoptions), resolution__in=requests.values("resolution")
    )


def _resolution_items(
    pks: list[int], place: City, relationships: list[int]
) -> Iterator[TimelineItem]:
    """Yield each resolution with its effects that concern the place, and their replies."""
    periods = CoursePeriod.objects.filter(pk__in=pks)
    linked = ("resolution__organization", "since__shares_vote_with")
    periods = periods.select_related(*linked).order_by("resolution")
    resolutions = [period.resolution for period in periods]
    prefetch_related_objects(resolutions, Prefetch("effects", _effects()))
    with_effects = [resolution for resolution in resolutions if resolution.effects.all()]
    actions = Action.objects.filter(publication=Publication.PUBLISHED)
    prefetch_related_objects(with_effects, Prefetch("actions", actions.order_by("number")))
    count_ballots(period.since for period in periods if period.since)
    for period in periods:
        resolution, since = period.resolution, period.since
        effects = tuple(
            effect
            for effect in resolution.effects.all()
            if _concerns(effect, place, relationships)
        )
        on = since.on if since else None
        adoption = resolution.adoption if effects else None
        course = Course(period.status, since)
        yield TimelineItem("resolution", on, resolution, course, effects, adoption)
        for effect in effects:
            for reply in effect.replies.all():
                yield TimelineItem("reply", reply.on, reply, requested_on=on)


def _effects() -> Any:
    """Return the public effects of public resolutions, each with its replies in order of time."""
    public = Q(publication=Publication.PUBLISHED)
    replies = Reply.objects.filter(public).select_related("organization", "source")
    effects = Effect.objects.filter(public).select_related("addressed_to", "entry__type")
    return effects.order_by("number").prefetch_related(
        Prefetch("replies", replies.order_by("on_earliest", "number"))
    )


def _newest_request(items: list[TimelineItem]) -> TimelineItem | None:
    """Return the newest adopted resolution with a request, and of its effects the requests."""
    for item in reversed(items):
        requests = tuple(effect for effect in item.effects if is_request(effect))
        if requests and item.adoption:
            return replace(item, effects=requests)
    return None


def _concerns(effect: Effect, place: City, relationships: list[int]) -> bool:
    """Return whether it is about this place or one of the relationships, or names none."""
    names_this = effect.place_id == place.pk or effect.relationship_id in relationships
    return names_this or (effect.place_id is None and effect.relationship_id is None)
