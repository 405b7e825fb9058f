"""What the bodies' record does not know yet: worked out from the records, never typed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.gaps import Gap
from cities.models import City, Organization, Relationship, Source
from cities.records.publishing import Publication
from resolutions.models import (
    Action,
    Effect,
    Member,
    Relation,
    Reply,
    Resolution,
    Roster,
    Seat,
    Term,
    Text,
)
from resolutions.tally import BY_CONSENT, Method
from resolutions.words import ASKS, asks, how_long, is_answered, what_was_done

MOST = 50
"""Resolutions of which the page of gaps tells; how many more there are, it says."""


def with_record(resolutions: QuerySet) -> QuerySet:
    """Resolutions with all that a page about one shows, in a fixed number of queries.

    Parts that were withdrawn are among them, drafts are not.
    """
    drafts = Q(publication=Publication.DRAFT)
    replies = Reply.objects.exclude(drafts).select_related("organization", "source")
    effects = Effect.objects.exclude(drafts).select_related(
        "addressed_to",
        "place",
        "relationship__partner",
        "entry__relationship__partner",
        "entry__type",
    )
    texts = Text.objects.exclude(drafts).select_related("source", "corrected_at__organization")
    return resolutions.select_related("organization").prefetch_related(
        Prefetch("texts", texts.order_by("number")),
        Prefetch("actions", Action.objects.exclude(drafts).for_reading()),
        Prefetch("effects", effects.prefetch_related(Prefetch("replies", replies))),
        Prefetch("relations", Relation.objects.public()),
        Prefetch("related_from", Relation.objects.public()),
        Prefetch("sponsors", Member.objects.public()),
        Prefetch("sources", Source.objects.public()),
        Prefetch("places", City.objects.public()),
        Prefetch("relationships", Relationship.objects.public().select_related("partner")),
    )


def gaps_of(resolution: Resolution, on: date) -> Iterator[Gap]:
    """What is not found yet about one resolution; needs `with_record`."""
    address = resolution.get_absolute_url()

    def gap(missing: str) -> Gap:
        return Gap(resolution.title, missing, address)

    if not resolution.number:
        yield gap(_("Its number."))
    if not any(text.is_published for text in resolution.texts.all()):
        yield gap(_("Its text."))
    actions = [action for action in resolution.actions.all() if action.is_published]
    if not actions:
        yield gap(_("What the body did with it."))
    yield from map(gap, _unclear(actions))
    yield from map(gap, _unanswered(resolution, on))


def _unclear(actions: list[Action]) -> Iterator[str]:
    """What is not found yet about votes; what lacks of several alike is said once."""
    missing: Counter[str] = Counter()
    for action in actions:
        parts = {"what": what_was_done(action), "date": action.on}
        if action.method == Method.NOT_RECORDED:
            missing[_("Who voted how: %(what)s, %(date)s") % parts] += 1
        if action.outcome and not action.requirement and action.method not in BY_CONSENT:
            missing[_("How many votes were needed: %(what)s, %(date)s") % parts] += 1
    for sentence, count in missing.items():
        times = _(" (%(count)s votes)") % {"count": count} if count > 1 else ""
        yield f"{sentence}{times}."


def _unanswered(resolution: Resolution, on: date) -> Iterator[str]:
    """A sentence for each thing that was asked and never answered, as far as is known."""
    adoption = resolution.adoption
    for effect in resolution.effects.all() if adoption else []:
        if effect.is_published and asks(effect) and not is_answered(effect):
            asked = effect.addressed_to
            parts = {
                "body": asked.name if asked and asked.is_published else _("those it asked"),
                "how_long": how_long(adoption.on, on),
                "date": adoption.on,
            }
            yield _("The reply of %(body)s, asked %(how_long)s ago (%(date)s).") % parts


def lacking() -> Any:
    """Public resolutions of which something is not found yet."""
    of_it = {"resolution": OuterRef("pk"), "publication": Publication.PUBLISHED}
    unclear = Q(method=Method.NOT_RECORDED) | (
        Q(requirement="") & ~Q(outcome="") & ~Q(method__in=BY_CONSENT)
    )
    adopted = Action.objects.filter(**of_it, kind__in=["adopt", "override"], outcome="carried")
    replies = Reply.objects.filter(effect=OuterRef("pk"), publication=Publication.PUBLISHED)
    unanswered = Effect.objects.filter(~Exists(replies), kind__in=ASKS, **of_it)
    return Resolution.objects.public().filter(
        Q(number="")
        | ~Exists(Text.objects.filter(**of_it))
        | ~Exists(Action.objects.filter(**of_it))
        | Exists(Action.objects.filter(unclear, **of_it))
        | (Exists(adopted) & Exists(unanswered))
    )


def gaps_of_bodies(on: date) -> Iterator[Gap]:
    """Seats and members of bodies that are not found yet."""
    terms = Term.objects.public()
    # Asked one by one: joined they are as many rows as terms, resolutions and seats multiplied.
    of_it = {"organization": OuterRef("pk")}
    bodies = Organization.objects.public().filter(
        Exists(terms.filter(**of_it))
        | Exists(Resolution.objects.public().filter(**of_it))
        | Exists(Seat.objects.filter(**of_it))
    )
    for body in bodies.prefetch_related("seats", Prefetch("terms", terms)):
        yield from _gaps_of_body(body, on)


def _gaps_of_body(body: Organization, on: date) -> Iterator[Gap]:
    roster = Roster.of(body, on, on)
    address = members_address(body)
    if roster.places is None:
        yield Gap(body.name, _("How many seats it has."), address)
    else:
        empty = roster.places - len(roster.certain) - len(roster.possible)
        if empty > 0:
            missing = _("Who sits in %(empty)s of its %(places)s seats today.")
            yield Gap(body.name, missing % {"empty": empty, "places": roster.places}, address)
    yield from gaps_of_terms(body.terms.all())


def gaps_of_terms(terms: Iterable[Term]) -> Iterator[Gap]:
    """What is not found yet about public terms: the seat, the beginning, the end."""
    for term in terms:
        parts = {"member": term.member.name, "body": term.organization.name}
        address = term.member.get_absolute_url()
        if term.seat is None:
            yield Gap(term.member.name, _("The seat in %(body)s.") % parts, address)
        if term.since_earliest is None:
            yield Gap(term.member.name, _("When the term in %(body)s began.") % parts, address)
        if term.until is not None and term.until_latest is None:
            yield Gap(term.member.name, _("When the term in %(body)s ended.") % parts, address)


def members_address(body: Organization) -> str:
    """Where its seats and members are listed."""
    return f"{reverse('resolutions:members')}?body={body.slug}"
