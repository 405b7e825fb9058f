"""The filters of cities, relationships and sources, for pages and the API alike."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema_field

from cities.models import (
    Acceptance,
    City,
    Entry,
    Organization,
    Relationship,
    Source,
)
from cities.models.cities import PlaceKind
from cities.models.organizations import Classification
from cities.models.sources import Reliability, SourceKind
from cities.records.countries import country_choices
from cities.records.filters import LinkFilter, choice_filter, day_filter
from cities.records.publishing import Publication
from cities.shared import relationship_types
from cities.standing import Kind, Status

TYPE_EXPECTED = _("There is no such relationship type. Choose one from the list.")


class DayFilter(filters.DateFilter):
    """Relationships on record by a day, today if none is given, with their standing then."""

    def filter(self, qs: Any, value: date | None) -> Any:
        relationships = qs.with_standing(value or localdate())
        # A withdrawn relationship is listed whatever entries it has left.
        return relationships.filter(
            Q(standing_status__isnull=False) | Q(publication=Publication.WITHDRAWN)
        )


def _types() -> list[tuple[str, str]]:
    return [(kind.slug, kind.name) for kind in relationship_types()]


@extend_schema_field(OpenApiTypes.STR)
class TypeFilter(filters.ChoiceFilter):
    """A relationship type by its slug, against the type of the standing."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Type"),
            field_name="standing_type",
            choices=_types,
            error_messages={"invalid_choice": TYPE_EXPECTED},
        )


class RelationshipFilter(filters.FilterSet):
    """Relationships by type, country, status and city, as of a day."""

    on = day_filter(DayFilter)  # first: the others filter the standing of that day
    type = TypeFilter()
    status = choice_filter(_("Status"), Status.choices, "standing_status")
    country = choice_filter(_("Country"), country_choices, "partner__country")
    city = filters.CharFilter(label=_("City"), method="about")

    class Meta:
        model = Relationship
        fields: list[str] = []

    @property
    def day(self) -> date:
        """The day given, if it was one; else today."""
        self.errors  # noqa: B018 - reads the query
        return self.form.cleaned_data.get("on") or localdate()

    def about(self, queryset: Any, name: str, slug: str) -> Any:
        """Relationships with the city, or that were continued with it."""
        handed_over = Entry.objects.public().filter(
            partner__slug=slug, partner__publication=Publication.PUBLISHED
        )
        return queryset.filter(
            Q(partner__slug=slug)
            | Q(home__slug=slug)
            | Q(pk__in=handed_over.values("relationship"))
        )


class PartnerFilter(RelationshipFilter):
    """Relationships as the list of partners filters them: each is one city already."""

    city = None


class CityFilter(filters.FilterSet):
    """Cities and other places by kind and country, and by their relationship as of a day."""

    country = choice_filter(_("Country"), country_choices)
    kind = choice_filter(_("Kind"), PlaceKind.choices)
    on = day_filter()
    type = TypeFilter()
    status = choice_filter(_("Status"), Status.choices)

    class Meta:
        model = City
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        given = self.form.cleaned_data
        for name in ("country", "kind"):
            if given[name]:
                queryset = queryset.filter(**{name: given[name]})
        about_the_relationship = {
            name: self.data[name] for name in ("on", "type", "status") if given[name]
        }
        if about_the_relationship:
            relationships = RelationshipFilter(
                about_the_relationship, Relationship.objects.public()
            ).qs
            queryset = queryset.filter(pk__in=relationships.values("partner"))
        return queryset


class EntryFilter(filters.FilterSet):
    """Entries by relationship, city, source, kind and acceptance."""

    relationship = LinkFilter("relationship", _("Relationship"))
    city = LinkFilter("relationship__partner", _("City"))
    source = LinkFilter("citations__source", _("Source"), distinct=True)
    kind = choice_filter(_("What happened"), Kind.choices)
    acceptance = choice_filter(_("Do we rely on it?"), Acceptance.choices)

    class Meta:
        model = Entry
        fields: list[str] = []


class OrganizationFilter(filters.FilterSet):
    """Organizations by what they are and where."""

    classification = choice_filter(_("Classification"), Classification.choices)
    place = LinkFilter("place", _("Place"))

    class Meta:
        model = Organization
        fields: list[str] = []


class SourceFilter(filters.FilterSet):
    """Sources by kind and reliability."""

    kind = choice_filter(_("Kind"), SourceKind.choices)
    reliability = choice_filter(_("Reliability"), Reliability.choices)

    class Meta:
        model = Source
        fields: list[str] = []
