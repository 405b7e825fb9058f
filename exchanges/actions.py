"""Changes to several records at once: each all or nothing."""

import re
from itertools import count

from django.db import transaction
from django.utils.translation import gettext

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
"""The fields that an edition takes over from the one before it."""


@transaction.atomic
def announce_again(*, exchange: Exchange) -> Exchange:
    """Create a draft of the next edition, without dates, counts, story, picture or funding.

    Partners and organizations stay the same, except those withdrawn since.
    """
    edition = Exchange(
        title=_without_its_year(exchange, exchange.title),
        slug=_free_slug(_without_its_year(exchange, exchange.slug)),
        **{name: getattr(exchange, name) for name in COPIED},
    )
    edition._change_reason = gettext("Announced again: %s") % exchange  # type: ignore[attr-defined]
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
    """Return “Youth camp” for “Youth camp 2025”: staff enter the next year themselves."""
    if exchange.begins_earliest is None:
        return text
    year = exchange.begins_earliest.year
    return re.sub(rf"[\s(,-]*\b{year}\b\)?", "", text).strip(" -:,") or text


def _free_slug(wanted: str) -> str:
    """Return the slug, or the first of `wanted-2`, `wanted-3`… that no exchange has."""
    slugs = (wanted if number == 1 else f"{wanted[:90]}-{number}" for number in count(1))
    return next(slug for slug in slugs if not Exchange.objects.filter(slug=slug).exists())
