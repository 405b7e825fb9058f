"""Where the page of a source lists what names it: cities, agreements, organizations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import (
    Agreement,
    Authority,
    City,
    Organization,
    Population,
    Relationship,
    Succession,
)
from cities.place_names import name_apart
from cities.records.citations import CitedBy, Use


def _facts(source: Any) -> Any:
    of_source = Population.objects.filter(source=source)
    counted = Q(pk__in=of_source.values("city"))
    cities = City.objects.public().filter(counted | Q(geography_source=source))
    return cities.prefetch_related(Prefetch("populations", of_source))


def _fact(city: City, source: Any) -> Iterator[Use]:
    facts = [
        (bool(city.populations.all()), gettext("population")),
        (city.geography_source_id == source.pk, gettext("location")),
    ]
    words = ", ".join(fact for is_from_it, fact in facts if is_from_it)
    yield Use(name_apart(city), city.get_absolute_url(), words)


def _successions(source: Any) -> Any:
    steps = Succession.objects.between_public_places().filter(source=source)
    return steps.order_by("predecessor__name", "successor__name", "pk")


def _succession(step: Succession, source: Any) -> Iterator[Use]:
    words = f"{step.get_kind_display()} {name_apart(step.successor)}"
    yield Use(name_apart(step.predecessor), step.predecessor.get_absolute_url(), words)


def _agreements(source: Any) -> Any:
    shown = Relationship.objects.public().select_related("partner")
    agreements = Agreement.objects.public().filter(documents=source)
    return agreements.prefetch_related(Prefetch("relationships", shown))


def _agreement(agreement: Agreement, source: Any) -> Iterator[Use]:
    parts = (agreement.get_kind_display(), agreement.signed_on)
    words = ", ".join(str(part) for part in parts if part)
    for relationship in agreement.relationships.all():
        yield Use(name_apart(relationship.partner), relationship.get_absolute_url(), words)


def _organizations(source: Any) -> Any:
    return Organization.objects.public().filter(Q(source=source) | Q(contact_source=source))


def _organization(organization: Organization, source: Any) -> Iterator[Use]:
    is_contact = organization.contact_source_id == source.pk
    yield Use(organization.name, "", gettext("contact details") if is_contact else "")


def _recorded(source: Any) -> Any:
    recorded = Relationship.objects.public().filter(other_records=source)
    return recorded.select_related("home", "partner")


def _relationship(relationship: Relationship, source: Any) -> Iterator[Use]:
    yield Use(name_apart(relationship.partner), relationship.get_absolute_url(), "")


def _authorities(source: Any) -> Any:
    return Authority.objects.public().filter(source=source)


def _authority(authority: Authority, source: Any) -> Iterator[Use]:
    words = gettext("decides for %(city)s") % {"city": authority.place.name}
    yield Use(authority.organization.name, authority.place.get_absolute_url(), words)


CITY = (
    CitedBy(_("Facts about cities"), _facts, _fact),
    CitedBy(_("Changes to cities"), _successions, _succession),
)
RELATIONSHIP = (CitedBy(_("Relationships that it records"), _recorded, _relationship),)
AGREEMENT = (CitedBy(_("Agreements"), _agreements, _agreement),)
ORGANIZATION = (
    CitedBy(_("Who can decide"), _authorities, _authority),
    CitedBy(_("Organizations"), _organizations, _organization),
)
