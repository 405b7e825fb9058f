"""The ground floor's part of the read-only API.

Links instead of ids; every date as ``{"edtf", "earliest", "latest"}``; only what is
published, and a tombstone (410 with the reason) for what was withdrawn.
"""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiTypes,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.dates import RecordDate
from cities.filters import (
    CityFilter,
    EntryFilter,
    OrganizationFilter,
    RelationshipFilter,
    SourceFilter,
)
from cities.models import (
    Agreement,
    Authority,
    Citation,
    City,
    CityName,
    Entry,
    Organization,
    Relationship,
    RelationshipType,
    Source,
)
from cities.publishing import find_public
from cities.standing import ENDINGS, Status

DAY = {"type": "string", "format": "date", "nullable": True}
DATE_SCHEMA = {
    "type": "object",
    "nullable": True,
    "required": ["edtf", "earliest", "latest"],
    "description": "A date as its source gives it (EDTF); the first and last day it can mean.",
    "properties": {"edtf": {"type": "string"}, "earliest": DAY, "latest": DAY},
}
LINK_SCHEMA = {"type": "string", "format": "uri", "nullable": True}
STANDING_SCHEMA = {
    "type": "object",
    "required": ["status", "reason", "home", "partner", "type", "since", "began"],
    "description": "How the tie stands on the day asked about; nulls where nothing is on record.",
    "properties": {
        "status": {"type": "string", "enum": [*Status.values, None], "nullable": True},
        "reason": {"type": "string", "enum": [*ENDINGS, None], "nullable": True},
        "home": {"type": "string", "nullable": True},
        "partner": {"type": "string", "nullable": True},
        "type": {"type": "string", "nullable": True},
        "since": DATE_SCHEMA,
        "began": DATE_SCHEMA,
    },
}


class Pages(PageNumberPagination):
    """50 records a page; `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class PublicViewSet(ReadOnlyModelViewSet):
    """Published records by slug; withdrawn ones answer 410."""

    lookup_field = "slug"
    pagination_class = Pages

    def wanted(self) -> Q:
        """Which record the address names."""
        return Q(slug=self.kwargs["slug"])

    def get_object(self) -> Any:
        return find_public(self.as_asked(self.get_queryset()), self.wanted())

    def as_asked(self, queryset: QuerySet) -> QuerySet:
        """What a question about one record adds to it."""
        return queryset


@extend_schema_field(DATE_SCHEMA)
class DateField(serializers.Field):
    """A `RecordDate`, or null."""

    def to_representation(self, value: RecordDate) -> dict[str, str | None]:
        return value.as_dict()


@extend_schema_field(LINK_SCHEMA)
class LinkField(serializers.Field):
    """A record's address in the API; null while it is not public."""

    def __init__(self, view: str, **kwargs: Any) -> None:
        self.view = view
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:
        if not getattr(value, "is_published", True):
            return None
        return reverse(self.view, args=[value.slug], request=self.context["request"])


@extend_schema_field({"type": "string", "format": "uri"})
class PageField(serializers.Field):
    """The address of the page that shows the record."""

    def __init__(self) -> None:
        super().__init__(source="get_absolute_url", read_only=True)

    def to_representation(self, value: str) -> str:
        return self.context["request"].build_absolute_uri(value)


def own_link(view: str) -> LinkField:
    return LinkField(view, source="*")


class CityNameSerializer(serializers.ModelSerializer):
    source = LinkField("api:source-detail")

    class Meta:
        model = CityName
        fields = ["text", "language", "kind", "source"]


class PopulationSerializer(serializers.ModelSerializer):
    count = serializers.IntegerField(source="population")
    year = serializers.IntegerField(source="population_year")
    scope = serializers.CharField(source="population_scope")
    source = LinkField("api:source-detail", source="population_source")

    class Meta:
        model = City
        fields = ["count", "year", "scope", "source"]


class CitySerializer(serializers.ModelSerializer):
    url = own_link("api:city-detail")
    page = PageField()
    country_name = serializers.CharField(read_only=True)
    part_of = LinkField("api:city-detail")
    geography_source = LinkField("api:source-detail")
    population = serializers.SerializerMethodField()
    began = DateField()
    ceased = DateField()
    names = CityNameSerializer(many=True)
    relationships = serializers.SerializerMethodField()

    class Meta:
        model = City
        fields = [
            "url",
            "page",
            "slug",
            "name",
            "names",
            "kind",
            "country",
            "country_name",
            "subdivision",
            "part_of",
            "summary",
            "latitude",
            "longitude",
            "time_zone",
            "geography_source",
            "population",
            "website",
            "wikidata_id",
            "began",
            "ceased",
            "relationships",
        ]

    @extend_schema_field(PopulationSerializer(allow_null=True))
    def get_population(self, city: City) -> Any:
        if city.population is None:
            return None
        return PopulationSerializer(city, context=self.context).data

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_relationships(self, city: City) -> list[str]:
        request = self.context["request"]
        return [
            reverse("api:relationship-detail", args=[tie.slug], request=request)
            for tie in city.public_relationships
        ]


class RelationshipTypeSerializer(serializers.ModelSerializer):
    url = own_link("api:relationship-type-detail")
    page = PageField()
    rank = serializers.IntegerField()  # as the model’s its bounds would be the database’s

    class Meta:
        model = RelationshipType
        fields = [
            "url",
            "page",
            "slug",
            "name",
            "name_plural",
            "definition",
            "rank",
            "needs_agreement",
        ]


class SignedSerializer(serializers.ModelSerializer):
    signed_on = DateField()
    signatories = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["slug", "kind", "signed_on", "signed_at", "term", "renewal_rule", "signatories"]

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_signatories(self, agreement: Agreement) -> list[dict[str, str]]:
        return [
            {"name": person.name, "office": person.office, "on_behalf_of": person.on_behalf_of}
            for person in agreement.signatories.all()
        ]


class RelationshipSerializer(serializers.ModelSerializer):
    url = own_link("api:relationship-detail")
    page = PageField()
    home = LinkField("api:city-detail")
    partner = LinkField("api:city-detail")
    standing = serializers.SerializerMethodField()
    agreements = SignedSerializer(many=True, source="public_agreements")
    entries = serializers.SerializerMethodField()

    class Meta:
        model = Relationship
        fields = [
            "url",
            "page",
            "slug",
            "home",
            "partner",
            "standing",
            "lead_commissioner",
            "review_on",
            "story",
            "agreements",
            "entries",
        ]

    @extend_schema_field(STANDING_SCHEMA)
    def get_standing(self, relationship: Relationship) -> dict[str, Any]:
        standing = relationship.standing
        return {
            "status": standing.status,
            "reason": standing.reason,
            "home": standing.home,
            "partner": standing.partner,
            "type": standing.type,
            "since": standing.since.on.as_dict() if standing.since else None,
            "began": standing.began.on.as_dict() if standing.began else None,
        }

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_entries(self, relationship: Relationship) -> str:
        address = reverse("api:entry-list", request=self.context["request"])
        return f"{address}?relationship={relationship.slug}"


class CitationSerializer(serializers.ModelSerializer):
    source = LinkField("api:source-detail")
    title = serializers.CharField(source="source.title")
    grade = serializers.CharField(source="source.grade")

    class Meta:
        model = Citation
        fields = ["role", "source", "title", "grade", "locator", "says"]


class EntrySerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    page = PageField()
    relationship = LinkField("api:relationship-detail")
    on = DateField()
    decided_by = LinkField("api:organization-detail")
    type = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    partner = LinkField("api:city-detail")
    citations = CitationSerializer(many=True, source="public_citations")

    class Meta:
        model = Entry
        fields = [
            "url",
            "page",
            "ref",
            "relationship",
            "line",
            "kind",
            "on",
            "party",
            "acceptance",
            "why_not_preferred",
            "decided_by",
            "type",
            "partner",
            "reason",
            "condition",
            "review_on",
            "note",
            "citations",
        ]

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, entry: Entry) -> str:
        return reverse("api:entry-detail", args=[entry.ref], request=self.context["request"])


class AuthoritySerializer(serializers.ModelSerializer):
    place = LinkField("api:city-detail")
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Authority
        fields = ["place", "since", "until", "basis", "source"]


class OrganizationSerializer(serializers.ModelSerializer):
    url = own_link("api:organization-detail")
    place = LinkField("api:city-detail")
    founded = DateField()
    dissolved = DateField()
    source = LinkField("api:source-detail")
    authorities = AuthoritySerializer(many=True)

    class Meta:
        model = Organization
        fields = [
            "url",
            "slug",
            "name",
            "abbreviation",
            "classification",
            "place",
            "summary",
            "website",
            "founded",
            "dissolved",
            "source",
            "authorities",
        ]


class SourceSerializer(serializers.ModelSerializer):
    url = own_link("api:source-detail")
    page = PageField()
    dated = DateField()

    class Meta:
        model = Source
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "publisher",
            "kind",
            "grade",
            "dated",
            "language",
            "address",
            "archived_address",
            "finding_aid",
            "accessed_on",
            "document_sha256",
        ]


class CityViewSet(PublicViewSet):
    """Places: partners, their successors and parts, and Lansing."""

    serializer_class = CitySerializer
    filterset_class = CityFilter
    queryset = (
        City.objects.public()
        .select_related("part_of", "geography_source", "population_source")
        .prefetch_related(
            "names__source",
            Prefetch(
                "relationships", Relationship.objects.public(), to_attr="public_relationships"
            ),
        )
    )


class RelationshipTypeViewSet(ReadOnlyModelViewSet):
    """The kinds of tie and what each means."""

    serializer_class = RelationshipTypeSerializer
    queryset = RelationshipType.objects.all()
    lookup_field = "slug"
    pagination_class = Pages


class RelationshipViewSet(PublicViewSet):
    """Ties on record by the day asked about, each with its standing on that day."""

    serializer_class = RelationshipSerializer
    filterset_class = RelationshipFilter
    queryset = (
        Relationship.objects.public()
        .select_related("home", "partner")
        .prefetch_related(
            Prefetch(
                "agreements",
                Agreement.objects.public().prefetch_related("signatories"),
                to_attr="public_agreements",
            )
        )
    )

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="As of this day.")]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One tie, with its standing on the day asked about."""
        return super().retrieve(request, *args, **kwargs)

    def as_asked(self, queryset: QuerySet) -> QuerySet:
        asked = RelationshipFilter(self.request.query_params, queryset)
        if "on" in asked.errors:
            raise serializers.ValidationError({"on": asked.errors["on"]})
        return queryset.with_standing(asked.day)  # type: ignore[attr-defined]


class EntryViewSet(PublicViewSet):
    """Lines of the ledgers, oldest first, with the sources behind them."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    lookup_url_kwarg = "ref"
    lookup_value_regex = r"[-a-zA-Z0-9_]+-[0-9]{1,4}"
    queryset = Entry.objects.public().for_reading()

    def wanted(self) -> Q:
        slug, line = self.kwargs["ref"].rsplit("-", 1)
        return Q(relationship__slug=slug, line=line)


class OrganizationViewSet(PublicViewSet):
    """Bodies that act, and the authority each has had."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    queryset = (
        Organization.objects.public()
        .select_related("place", "source")
        .prefetch_related(Prefetch("authorities", Authority.objects.public()))
    )


class SourceViewSet(PublicViewSet):
    """What stands behind the statements of the register."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    queryset = Source.objects.public()
