"""What is missing from the record: worked out from the records, never typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities import shared
from cities.models import Authority, Entry, Relationship, Source
from cities.models.names import NameKind
from cities.models.relationships import RelationshipQuerySet
from cities.models.sources import Reliability
from cities.records.dates import on_or_in, year_of
from cities.records.languages import with_language
from cities.records.publishing import Publication
from cities.standing import ACTIVE, Kind, Status

_WHO = {
    Kind.PROPOSED: _("Who proposed it for %(home)s %(when)s?"),
    Kind.APPROVED: _("Who approved it for %(home)s %(when)s?"),
    Kind.SIGNED: _("Who approved the %(year)s agreement for %(home)s?"),
    Kind.CONCLUDED: _("Who approved the %(year)s agreement for %(home)s?"),
    Kind.RENEWED: _("Who approved the %(year)s renewal for %(home)s?"),
    Kind.RESUMED: _("Who approved resuming it for %(home)s %(when)s?"),
    Kind.REAFFIRMED: _("Who reaffirmed it for %(home)s %(when)s?"),
    Kind.DORMANT: _("Who reported for %(home)s that it was inactive %(when)s?"),
    Kind.SUSPENDED: _("Who suspended it for %(home)s %(when)s?"),
    Kind.TERMINATED: _("Who ended it for %(home)s %(when)s?"),
    Kind.LAPSED: _("Who let it lapse for %(home)s %(when)s?"),
    Kind.SUPERSEDED: _("Who replaced it for %(home)s %(when)s?"),
}
"""The question about an entry whose decider is not on record."""


FRESH_YEARS = 5
"""Years after which an active relationship without new evidence is to be verified."""


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and the page of the record that it is missing from."""

    subject: str
    missing: str
    address: str


def with_entries(relationships: RelationshipQuerySet) -> list[Relationship]:
    """Return relationships with what `gaps_of` reads, in a fixed number of queries."""
    entries = Entry.objects.exclude(publication=Publication.DRAFT).select_related("type")
    shown = relationships.for_list().prefetch_related("partner__populations")
    return with_history(shown, entries)


def with_history(relationships: RelationshipQuerySet, entries: Any) -> list[Relationship]:
    """Return relationships with those of the entries that are theirs, and their agreements."""
    in_order = entries.order_by(Coalesce("on_earliest", "on_latest"), "number")
    found = list(relationships.prefetch_related(Prefetch("entries", in_order)))
    agreements = shared.agreements()
    for relationship in found:
        relationship.public_agreements = agreements.get(relationship.pk, [])
    return found


def gaps_of(relationship: Relationship, on: date) -> Iterator[Gap]:
    """Yield what is missing about a relationship and its partner; needs `with_entries`."""
    partner, address = relationship.partner, relationship.get_absolute_url()
    missing = (*_gaps_in_history(relationship, on), *_gaps_in_agreements(relationship, on))
    for words in missing:
        yield Gap(partner.name, words, address)
    if not partner.populations.all():
        yield Gap(partner.name, gettext("Its population, with the year and a source."), address)
    if partner.country != relationship.home.country and not any(
        name.kind == NameKind.NATIVE for name in partner.names.all()
    ):
        yield Gap(partner.name, gettext("Its name in its own language."), address)


def _gaps_in_history(relationship: Relationship, on: date) -> Iterator[str]:
    standing = relationship.standing_on(on)
    if standing.status is None:
        yield gettext("A document that shows the status of the relationship.")
    if standing.began and standing.began.kind == Kind.ATTESTED:
        yield gettext("When and how the relationship began.")
    if standing.status == Status.ACTIVE and not standing.is_confirmed_since(on.year - FRESH_YEARS):
        parts = {"year": year_of(standing.confirmed.on) or standing.confirmed.on}
        yield gettext("Is it still active? The newest evidence is from %(year)s.") % parts
    day = standing.plan.planned_for if standing.plan else None
    if day is not None and day.latest is not None and day.latest < on:
        yield gettext("Did the signing planned for %(day)s take place?") % {"day": day}
    for entry in relationship.entries.all():
        needs_decider = entry.counts and entry.needs_decider and entry.decided_by_id is None
        if needs_decider and entry.kind in _WHO:  # of what a source only names, how it began
            parts = {"when": on_or_in(entry.on), "year": year_of(entry.on) or entry.on}
            parts["home"] = relationship.home.name
            yield str(_WHO[Kind(entry.kind)] % parts)


def _gaps_in_agreements(relationship: Relationship, on: date) -> Iterator[str]:
    standing = relationship.standing_on(on)
    is_over = standing.status in (None, Status.ENDED)
    needs_agreement = standing.type is not None and standing.type.needs_agreement
    agreed = (entry for entry in relationship.entries.all() if entry.kind in ACTIVE)
    was_sought = any(entry.counts and entry.has_no_document for entry in agreed)
    is_wanted = needs_agreement and not is_over and not was_sought
    if is_wanted and not relationship.public_agreements:
        yield gettext("The agreement. We have no copy.")
    for agreement in relationship.public_agreements:
        kinds = {source.reliability for source in agreement.documents.all()}
        if Reliability.SIGNED_ORIGINAL in kinds or agreement.has_no_document:
            continue  # there it is, or somebody looked and knows of none
        if agreement.signed_on is None:
            yield gettext("An agreement without a date. We do not have the original.")
            continue
        parts = {"year": year_of(agreement.signed_on) or agreement.signed_on}
        if kinds == {Reliability.PRESS}:
            yield gettext("The signed %(year)s agreement. We only have news reports.") % parts
        else:
            yield gettext("The %(year)s agreement. We do not have the original.") % parts


def gaps_of_authority() -> Iterator[Gap]:
    """Yield each authority to decide without a document, or without a beginning."""
    for authority in Authority.objects.public():
        parts = {"place": authority.place.name}
        address = authority.place.get_absolute_url()
        if authority.source is None:
            missing = gettext("The document that lets it decide for %(place)s.") % parts
            yield Gap(authority.organization.name, missing, address)
        if authority.since is None:
            missing = gettext("Since when it can decide for %(place)s.") % parts
            yield Gap(authority.organization.name, missing, address)


def gaps_of_sources() -> Iterator[Gap]:
    """Yield each source that nobody can open: it has no address and no document."""
    for source in Source.objects.public().filter(address="", archived_address="", document=""):
        if source.reliability != Reliability.GENERAL_KNOWLEDGE:
            title = with_language(source.title, source.title_language)
            yield Gap(title, gettext("A link to it, or a copy."), source.get_absolute_url())
