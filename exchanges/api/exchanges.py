"""Exchanges in the API, with counts, funding and their status on a date."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiTypes,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cities.api.cities import PictureSerializer
from cities.records.api import (
    DateField,
    LinkField,
    NameField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    links,
)
from exchanges.api.base import KnownField, PartnerField, RoleSerializer
from exchanges.calendars import calendar_address
from exchanges.filters import ExchangeFilter
from exchanges.models import Exchange, Funding
from exchanges.models.reports import COUNTS
from exchanges.states import Phase

COUNT = {"type": "integer", "nullable": True, "minimum": 0}


class FundingSerializer(serializers.ModelSerializer):
    organization = LinkField("api:organization-detail")
    name = NameField("name", source="organization")
    source = LinkField("api:source-detail")
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, coerce_to_string=True, allow_null=True
    )

    class Meta:
        model = Funding
        fields = ["organization", "name", "nature", "what", "amount", "currency", "year", "source"]


class ExchangeSerializer(RecordSerializer):
    url = OwnLink("api:exchange-detail")
    page = PageField()
    program = LinkField("api:program-detail")
    relationships = links("api:relationship-detail", "public_relationships")
    partners = serializers.ListField(
        child=PartnerField("api:city-detail"), source="public_relationships", read_only=True
    )
    phase = serializers.ChoiceField(choices=Phase.choices, read_only=True)
    begins = DateField()
    ends = DateField()
    where = LinkField("api:city-detail")
    cost = serializers.DecimalField(
        max_digits=10, decimal_places=2, coerce_to_string=True, allow_null=True
    )
    direction = KnownField(read_only=True)
    cost_currency = KnownField(read_only=True)
    counts = serializers.SerializerMethodField()
    counts_source = LinkField("api:source-detail")
    roles = RoleSerializer(many=True, source="public_roles")
    funding = FundingSerializer(many=True, source="public_funding")
    picture = serializers.SerializerMethodField()
    calendars = serializers.SerializerMethodField()
    sources = links("api:source-detail", "public_sources")

    class Meta:
        model = Exchange
        fields = [
            "url",
            "page",
            "slug",
            "program",
            "title",
            "relationships",
            "partners",
            "direction",
            "state",
            "phase",
            "reason",
            "begins",
            "ends",
            "where",
            "venue",
            "applications_open_on",
            "applications_close_on",
            "cost",
            "cost_currency",
            "cost_words",
            "counts",
            "counts_source",
            "story",
            "roles",
            "funding",
            "picture",
            "calendars",
            "sources",
            "modified",
        ]

    @extend_schema_field(
        {
            "type": "object",
            "required": list(COUNTS),
            "description": "The numbers of the report; null is unknown, never zero.",
            "properties": dict.fromkeys(COUNTS, COUNT),
        }
    )
    def get_counts(self, exchange: Exchange) -> dict[str, int | None]:
        return {name: getattr(exchange, name) for name in COUNTS}

    @extend_schema_field(
        {
            "type": "array",
            "description": "The calendars (iCalendar) of its partner cities.",
            "items": {"type": "string", "format": "uri"},
        }
    )
    def get_calendars(self, exchange: Exchange) -> list[str]:
        request = self.context["request"]
        return [
            request.build_absolute_uri(calendar_address(relationship.partner.slug))
            for relationship in exchange.public_relationships
        ]

    @extend_schema_field(PictureSerializer(allow_null=True))
    def get_picture(self, exchange: Exchange) -> Any:
        return PictureSerializer(exchange, context=self.context).data if exchange.picture else None


class ExchangeViewSet(PublicViewSet):
    """Exchanges, newest first, each with its status on the date given."""

    serializer_class = ExchangeSerializer
    filterset_class = ExchangeFilter
    other_parameters = {"retrieve": ["on"]}
    queryset = Exchange.objects.for_page()

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="As of this date.")]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One exchange, with its status on the date given."""
        return super().retrieve(request, *args, **kwargs)

    def for_request(self, queryset: QuerySet) -> QuerySet:
        filters = ExchangeFilter(self.request.query_params, queryset)
        if "on" in filters.errors:
            raise serializers.ValidationError({"on": filters.errors["on"]})
        return queryset.with_phase(filters.day)  # type: ignore[attr-defined]
