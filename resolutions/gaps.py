"""What the record of votes and members does not have: found in the records, never typed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from cities.gaps import Gap
from cities.models import Organization
from cities.records.publishing import Publication
from cities.words import lower_first
from resolutions.course import Outcome
from resolutions.course_words import action_label
from resolutions.models import (
    Action,
    Effect,
    Meeting,
    Reply,
    Resolution,
    Roster,
    Seat,
    Term,
    Text,
)
from resolutions.models.votes import WITH_NAMES
from resolutions.tally import BY_CONSENT
from resolutions.words import REQUESTS, awaits_reply

RESOLUTIONS_LISTED = 50
"""Resolutions on the page of gaps, which says how many more there are."""


def with_parts(resolutions: QuerySet) -> QuerySet:
    """Return resolutions with what `gaps_of` reads, in a fixed number of queries."""
    public = Q(publication=Publication.PUBLISHED)
    effects = Effect.objects.filter(public).select_related("addressed_to")
    return resolutions.prefetch_related(
        Prefetch("texts", Text.objects.filter(public).only("resolution", "publication")),
        Prefetch("actions", Action.objects.exclude(publication=Publication.DRAFT).with_names()),
        Prefetch("effects", effects.prefetch_related("replies")),
    )


def gaps_of(resolution: Resolution) -> Iterator[Gap]:
    """Yield what is missing about one resolution; needs `with_parts` or `with_record`."""
    address = resolution.get_absolute_url()

    def gap(missing: str) -> Gap:
        return Gap(resolution.title, missing, address)

    if not resolution.number:
        yield gap(gettext("The resolution number."))
    if not any(text.is_published for text in resolution.texts.all()):
        yield gap(gettext("The full text."))
    actions = [action for action in resolution.actions.all() if action.is_published]
    if not actions:
        yield gap(gettext("What happened to the resolution."))
    yield from map(gap, _gaps_of_votes(actions))
    yield from map(gap, _missing_replies(resolution))


def gaps_of_meeting(meeting: Meeting, actions: Iterable[Action]) -> Iterator[str]:
    """Yield what is missing about a meeting with the actions taken there."""
    if meeting.is_held and not any(version.is_published for version in meeting.minutes.all()):
        yield gettext("The minutes.")
    if meeting.is_held and not meeting.attendance.all():
        yield gettext("The list of members present and absent.")
    yield from _gaps_of_votes(actions)


def _gaps_of_votes(actions: Iterable[Action]) -> Iterator[str]:
    """Yield what is missing about votes; what is missing about several alike once."""
    voters: Counter[tuple] = Counter()
    rules: Counter[tuple] = Counter()
    undecided: dict[Any, None] = {}
    for action in actions:
        if action.shares_vote_with_id:
            continue  # what is missing of its vote is missing where that is recorded
        vote = (lower_first(action_label(action)), action.on)
        if action.outcome == Outcome.UNKNOWN:
            undecided[action.on] = None
            continue  # whoever finds the result finds the vote
        if action.names_votes and not action.names_each_vote:
            voters[vote] += 1
        if action.outcome and not action.requirement and action.method not in BY_CONSENT:
            rules[vote] += 1
    for day in undecided:
        yield gettext("What was decided, %(date)s.") % {"date": day}
    for (what, day), count in voters.items():
        yield ngettext(
            "How each member voted (%(what)s, %(date)s).",
            "How each member voted (%(what)s, %(date)s; %(count)s votes).",
            count,
        ) % {"what": what, "date": day, "count": count}
    for (what, day), count in rules.items():
        yield ngettext(
            "How many yes votes were needed (%(what)s, %(date)s).",
            "How many yes votes were needed (%(what)s, %(date)s; %(count)s votes).",
            count,
        ) % {"what": what, "date": day, "count": count}


def _missing_replies(resolution: Resolution) -> Iterator[str]:
    """Yield a sentence for each request without a reply on record."""
    adoption = resolution.adoption
    for effect in resolution.effects.all() if adoption else []:
        if effect.is_published and awaits_reply(effect):
            recipient: Any = effect.addressed_to
            parts = {"recipient": recipient.name, "date": adoption.on}
            if recipient.is_published:
                yield gettext("%(recipient)s: the reply to the request of %(date)s.") % parts
            else:
                yield gettext("The reply to the request of %(date)s.") % parts


def resolutions_with_gaps() -> Any:
    """Return the public resolutions about which something is missing."""
    of_resolution = {"resolution": OuterRef("pk"), "publication": Publication.PUBLISHED}
    unclear = Q(method__in=WITH_NAMES, has_all_names=False) | Q(outcome=Outcome.UNKNOWN)
    unclear |= Q(requirement="") & ~Q(outcome="") & ~Q(method__in=BY_CONSENT)
    unclear &= Q(shares_vote_with__isnull=True)
    adopted = Action.objects.filter(
        **of_resolution, kind__in=["adopt", "override"], outcome="carried"
    )
    replies = Reply.objects.filter(effect=OuterRef("pk"), publication=Publication.PUBLISHED)
    unanswered = Effect.objects.filter(
        ~Exists(replies), kind__in=REQUESTS, addressed_to__isnull=False, **of_resolution
    )
    return Resolution.objects.public().filter(
        Q(number="")
        | ~Exists(Text.objects.filter(**of_resolution))
        | ~Exists(Action.objects.filter(**of_resolution))
        | Exists(Action.objects.with_names().filter(unclear, **of_resolution))
        | (Exists(adopted) & Exists(unanswered))
    )


def gaps_of_members(on: date) -> Iterator[Gap]:
    """Yield the seats, and the members and their terms, that are missing."""
    terms = Term.objects.public()
    # Asked one by one: joined they are as many rows as terms, resolutions and seats multiplied.
    of_organization = {"organization": OuterRef("pk")}
    organizations = Organization.objects.public().filter(
        Exists(terms.filter(**of_organization))
        | Exists(Resolution.objects.public().filter(**of_organization))
        | Exists(Seat.objects.filter(**of_organization))
    )
    for organization in organizations.prefetch_related("seats", Prefetch("terms", terms)):
        yield from _gaps_of_seats(organization, on)
        yield from gaps_of_terms(organization.terms.all())


def _gaps_of_seats(organization: Organization, on: date) -> Iterator[Gap]:
    roster = Roster.of(organization, on, on)
    address = members_address(organization)
    if roster.places is None:
        yield Gap(organization.name, gettext("How many seats there are."), address)
        return
    unknown = roster.places - len(roster.certain) - len(roster.possible)
    if unknown > 0:
        missing = ngettext(
            "Who holds the seat today.",
            "Who holds %(unknown)s of the %(places)s seats today.",
            roster.places,
        ) % {"unknown": unknown, "places": roster.places}
        yield Gap(organization.name, missing, address)


def gaps_of_terms(terms: Iterable[Term]) -> Iterator[Gap]:
    """Yield what is missing about public terms: the seat, the beginning, the end."""
    for term in terms:
        address = term.member.get_absolute_url()
        for sentence in _gaps_of_term(term):
            missing = sentence % {"organization": term.organization.name}
            yield Gap(term.member.name, missing, address)


def _gaps_of_term(term: Term) -> Iterator[str]:
    has_no_end = term.until is not None and term.until_latest is None
    if term.seat is None:
        yield gettext("Which seat on the %(organization)s it was.")
    if term.since_earliest is None and has_no_end:
        yield gettext("When the term on the %(organization)s began and ended.")
    elif term.since_earliest is None:
        yield gettext("When the term on the %(organization)s began.")
    elif has_no_end:
        yield gettext("When the term on the %(organization)s ended.")


def members_address(organization: Organization) -> str:
    """Return the address of the list of its seats and members."""
    return f"{reverse('resolutions:members')}?organization={organization.slug}"
