"""One resolution with all that its page and its PDF show."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from cities import shared
from cities.models import City, Organization, Source
from cities.models.relationships import RelationshipQuerySet
from cities.records.kept import kept
from cities.records.languages import sorting_key
from cities.records.publishing import Publication, find_public
from resolutions.models import (
    Action,
    Effect,
    Member,
    Office,
    OtherNumber,
    Relation,
    Reply,
    Resolution,
    Term,
    Text,
)

DRAFT = Q(publication=Publication.DRAFT)


def with_shared_votes(actions: Iterable[Any]) -> list[Any]:
    """Let each action know the vote that it shares, and `together` what else that decided.

    In three queries, or in none where no vote is shared. Needs `is_shared` of each.
    """
    found = list(actions)
    groups = {one.vote_pk for one in found if one.is_shared or one.shares_vote_with_id}
    of_groups = Q(pk__in=groups) | Q(shares_vote_with__in=groups)
    rows: Any = Action.objects.public().filter(of_groups).with_modified().with_votes_and_sources()
    rows = rows.select_related("resolution__organization", "organization", "mover", "seconder")
    public = {row.pk: row for row in rows.order_by("resolution__slug")} if groups else {}
    for action in (*public.values(), *found):
        action.together = [
            other
            for other in public.values()
            if other.vote_pk == action.vote_pk and other.pk != action.pk
        ]
    for action in found:
        if action.shares_vote_with_id:
            action.shares_vote_with = vote = public.get(action.shares_vote_with_id)
            if vote is not None:  # who held the seats that day is at hand
                vote.organization = action.organization
    return found


@kept
def councils() -> dict[int, Organization]:
    """Return the organizations that are no drafts, with their seats and public terms, by key."""
    terms = Term.objects.public().select_related(None).select_related("member", "seat")
    in_order = terms.order_by("member__sort_name", F("since_latest").asc(nulls_first=True))
    every = Organization.objects.exclude(DRAFT).order_by()
    return every.prefetch_related("seats", Prefetch("terms", in_order)).in_bulk()


@kept
def offices() -> dict[int, list[Office]]:
    """Return the public offices that members held, by the key of the organization."""
    found: dict[int, list[Office]] = {}
    for office in Office.objects.public():
        found.setdefault(office.organization_id, []).append(office)
    return found


@kept
def members() -> list[Member]:
    """Return the public members, in the order of lists."""
    return list(Member.objects.public())


def find_resolution(slug: str) -> Any:
    """Return a public resolution with all that its page shows, in a fixed number of queries.

    `about` has the public cities that it is about, `public_sponsors` the members, and
    `numbers_beside` its other numbers, for which few have a further query.
    """
    others = OtherNumber.objects.filter(resolution=OuterRef("pk"))
    public = Resolution.objects.public().annotate(has_other_numbers=Exists(others))
    resolution: Any = find_public(with_record(public), Q(slug=slug))
    beside = resolution.other_numbers.order_by("kind", "number")
    resolution.numbers_beside = list(beside) if resolution.has_other_numbers else []
    organizations = councils()
    for record in (resolution, *resolution.actions.all()):
        if record.organization_id in organizations:
            record.organization = organizations[record.organization_id]
    with_shared_votes(resolution.actions.all())
    linked = _linked(*_about(resolution), _sponsors(resolution))
    resolution.about = _cities(linked)
    resolution.public_sponsors = [one for one in members() if ("member", one.pk) in linked]
    relations = _relations(resolution)
    _prefetched(resolution, "relations", "resolution_id", relations)
    _prefetched(resolution, "related_from", "other_id", relations)
    return resolution


def _prefetched(resolution: Any, name: str, end: str, relations: list[Any]) -> None:
    """Let the relations at one end be read as if they had been prefetched by themselves."""
    rows = getattr(resolution, name).all()
    rows._result_cache = [one for one in relations if getattr(one, end) == resolution.pk]
    resolution._prefetched_objects_cache[name] = rows


def with_record(resolutions: QuerySet) -> QuerySet:
    """Return resolutions with their parts and sources, in a fixed number of queries.

    Withdrawn parts are among them, drafts are not. The parts of each are in order among
    themselves, which is a shorter question than the order of all parts of all resolutions.
    """
    actions: Any = Action.objects.exclude(DRAFT).with_votes_and_sources()
    actions = actions.select_related("meeting", "text", "mover", "seconder")
    texts = Text.objects.exclude(DRAFT).select_related("source", "corrected_at__organization")
    return resolutions.prefetch_related(
        Prefetch("texts", texts.order_by("number")),
        Prefetch("actions", actions.defer("text__text").order_by("on_earliest", "number")),
        Prefetch("effects", _effects()),
        Prefetch("sources", Source.objects.public()),
    )


def cities_about(record: Any) -> list[City]:
    """Return the public cities that a resolution or a statement is about, in order of name."""
    return _cities(_linked(*_about(record)))


def _cities(linked: set[tuple[str, int]]) -> list[City]:
    found = [city for city in shared.cities().values() if ("city", city.pk) in linked]
    return sorted(found, key=lambda city: sorting_key(city.name))


def _linked(first: QuerySet, *others: QuerySet) -> set[tuple[str, int]]:
    """Return the keys of what a record names, each with what it is, in one query."""
    return set(first.union(*others))


def _about(record: Any) -> tuple[QuerySet, QuerySet]:
    """Return the keys of the cities that a record names, or has named with a relationship."""
    of_it = Q(**{record._meta.model_name: record})
    public = RelationshipQuerySet.public_at("relationship")
    places = record.places.through.objects.filter(of_it)
    relationships = record.relationships.through.objects.filter(of_it, public)
    return (
        places.values_list(Value("city"), "city"),
        relationships.values_list(Value("city"), "relationship__partner"),
    )


def _sponsors(resolution: Resolution) -> QuerySet:
    named = Resolution.sponsors.through.objects.filter(resolution=resolution)
    return named.values_list(Value("member"), "member")


def _relations(resolution: Resolution) -> list[Any]:
    """Return what it does to others, and what others do to it."""
    title = ("number", "title", "slug")  # what a link is made from
    ends = (f"{end}__{name}" for end in ("resolution", "other") for name in title)
    named = Q(resolution=resolution) | Q(other=resolution)
    relations = Relation.objects.public().filter(named).only("kind", *ends)
    found: list[Any] = list(relations.order_by("resolution", "kind", "other"))
    ending = {one.resolution_id for one in found if one.ends and one.other_id == resolution.pk}
    if ending:  # which is rare
        adoptions = Action.objects.adopting().filter(resolution__in=ending)
        adopted = set(adoptions.values_list("resolution", flat=True))
        for one in found:
            one.is_adopted = one.resolution_id in adopted
    return found


def _effects() -> QuerySet:
    """Return effects with what a page says of what each is about, and their replies."""
    replies = Reply.objects.exclude(DRAFT).select_related("organization", "source")
    places = ("place", "relationship__partner", "entry__relationship__partner")
    named = [f"{place}__{name}" for place in places for name in ("name", "slug", "publication")]
    entry = ("number", "publication", "kind", "on", "on_earliest", "on_latest", "type__name")
    effects = (
        Effect.objects.exclude(DRAFT)
        .select_related("addressed_to", "entry__type", *places)
        .only(
            *("resolution", "number", "kind", "what", "publication"),
            *("withdrawn_on", "withdrawn_because"),
            *("addressed_to__name", "addressed_to__publication"),
            *("relationship__publication", "entry__relationship__publication"),
            *(f"entry__{name}" for name in entry),
            *named,
        )
    )
    return effects.order_by("number").prefetch_related(
        Prefetch("replies", replies.order_by("on_earliest", "number"))
    )
