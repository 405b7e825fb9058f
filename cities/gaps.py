"""What the register does not know yet: worked out from the records, never typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cities.models import Agreement, Authority, Entry, Relationship, Source
from cities.models.cities import NameKind
from cities.models.relationships import RelationshipQuerySet
from cities.models.sources import Reliability
from cities.records.languages import marked
from cities.records.publishing import Publication
from cities.standing import Kind, Status


@dataclass(frozen=True)
class Gap:
    """One thing not found yet, and the page of the record that lacks it."""

    subject: str
    missing: str
    address: str


def with_entries(relationships: RelationshipQuerySet) -> RelationshipQuerySet:
    """Relationships with all that a page about one shows, in a fixed number of queries."""
    entries = Entry.objects.exclude(publication=Publication.DRAFT).for_reading()
    agreements = Agreement.objects.public().prefetch_related(
        "titles", "signatories", Prefetch("documents", Source.objects.public())
    )
    return relationships.for_list().prefetch_related(
        Prefetch("entries", entries),
        Prefetch("agreements", agreements, to_attr="public_agreements"),
    )


def gaps_of(relationship: Relationship, on: date) -> Iterator[Gap]:
    """What is not found yet about one tie and its partner; needs `with_ledger`."""
    partner = relationship.partner
    address = relationship.get_absolute_url()
    standing = relationship.standing_on(on)

    def gap(missing: str) -> Gap:
        return Gap(partner.name, missing, address)

    if standing.status is None:
        yield gap(_("No accepted line says how the tie stands."))
    if standing.began and standing.began.kind == Kind.ATTESTED:
        yield gap(_("When and how the tie began."))
    for entry in relationship.entries.all():
        if entry.counts and entry.needs_decider and entry.decided_by is None:
            if entry.kind == Kind.ATTESTED:
                continue  # a sighting: its beginning is the gap, told above
            yield gap(
                _("Who decided on Lansing’s side: %(kind)s, %(date)s.")
                % {"kind": entry.get_kind_display(), "date": entry.on}
            )
    is_over = standing.status in (None, Status.ENDED)
    needs_agreement = standing.type is not None and standing.type.needs_agreement
    if needs_agreement and not is_over and not relationship.public_agreements:
        yield gap(_("The agreement: no document is on file."))
    for agreement in relationship.public_agreements:
        if not any(
            source.reliability == Reliability.SIGNED_ORIGINAL
            for source in agreement.documents.all()
        ):
            yield gap(
                _("The signed paper of %(date)s: only reports of it are on file.")
                % {"date": agreement.signed_on or _("an unknown day")}
            )
    if partner.population is None:
        yield gap(_("A population with its year and source."))
    if partner.country != relationship.home.country and not any(
        name.kind == NameKind.NATIVE for name in partner.names.all()
    ):
        yield gap(_("Its name in its own language."))


def gaps_of_authority() -> Iterator[Gap]:
    """Authority of which the document, or the beginning, is not found yet."""
    for authority in Authority.objects.public():
        parts = {"place": authority.place.name}
        address = authority.place.get_absolute_url()
        if authority.source is None:
            missing = _("The document that let it decide %(place)s’s relationships.") % parts
            yield Gap(authority.organization.name, missing, address)
        if authority.since is None:
            missing = _("Since when it could decide %(place)s’s relationships.") % parts
            yield Gap(authority.organization.name, missing, address)


def gaps_of_sources() -> Iterator[Gap]:
    """Sources that nobody can open: no address, no document."""
    for source in Source.objects.public().filter(address="", archived_address="", document=""):
        if source.reliability != Reliability.GENERAL_KNOWLEDGE:
            title = marked(source.title, source.title_language)
            yield Gap(title, _("Its full address or a copy."), source.get_absolute_url())
