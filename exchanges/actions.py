"""Changes to several records at once: each all or nothing."""

import re
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from exchanges.models import Exchange, ExchangeRole

COPIED = (
    "program",
    "direction",
    "where",
    "venue",
    "cost",
    "cost_currency",
    "cost_words",
)
"""What an edition has from the one before it. The rest is new, and nobody’s guess."""


@transaction.atomic
def announce_again(*, exchange: Exchange) -> Exchange:
    """A draft of the next edition: planned, without days, counts, story, picture or money.

    Its partners and the organizations that carry it are the same; those withdrawn since are
    left out.
    """
    edition = Exchange(
        title=_without_its_year(exchange, exchange.title),
        slug=_free_slug(_without_its_year(exchange, exchange.slug)),
        **{name: getattr(exchange, name) for name in COPIED},
    )
    edition._change_reason = _("Announced again: %s") % exchange  # type: ignore[attr-defined]
    edition.full_clean()
    edition.save()
    edition.relationships.set(
        relationship
        for relationship in exchange.relationships.all()
        if not relationship.is_withdrawn
    )
    for role in exchange.roles.select_related("organization"):
        if not role.organization.is_withdrawn:
            ExchangeRole.objects.create(
                exchange=edition, organization=role.organization, role=role.role
            )
    return edition


def _without_its_year(exchange: Exchange, text: str) -> str:
    """“Youth camp 2025” was last year’s: which year comes next, somebody says."""
    if exchange.begins_earliest is None:
        return text
    year = exchange.begins_earliest.year
    return re.sub(rf"[\s(,-]*\b{year}\b\)?", "", text).strip(" -:,") or text


def _free_slug(wanted: str) -> str:
    """The slug, or the first of `wanted-2`, `wanted-3`… that no exchange has."""
    slugs = (wanted if number == 1 else f"{wanted[:90]}-{number}" for number in count(1))
    return next(slug for slug in slugs if not Exchange.objects.filter(slug=slug).exists())
