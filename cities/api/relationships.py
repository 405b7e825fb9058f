"""Relationship types, relationships with their standing, and history entries in the API."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiTypes,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cities.anniversaries import anniversary_of
from cities.distances import hours_ahead, kilometers
from cities.filters import EntryFilter, RelationshipFilter
from cities.models import (
    Agreement,
    Citation,
    Entry,
    Relationship,
    RelationshipType,
    Source,
)
from cities.records.api import (
    DATE_SCHEMA,
    DateField,
    LinkField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    RecordViewSet,
    TombstoneSerializer,
    links,
)
from cities.records.publishing import Publication
from cities.standing import ENDINGS, PLANS, Party, Standing, Status

DRAFT = {"publication": Publication.DRAFT}
"""Changes to a draft are not public."""

SIGNING_SCHEMA = {
    "type": "object",
    "nullable": True,
    "required": ["state", "planned_for"],
    "description": "Of a proposed relationship, whether its signing is planned or postponed.",
    "properties": {
        "state": {"type": "string", "enum": [*PLANS]},
        "planned_for": DATE_SCHEMA,
    },
}

STANDING_SCHEMA = {
    "type": "object",
    "required": [
        "signing",
        "last_contact",
        "last_confirmed",
        "status",
        "reason",
        "home",
        "partner",
        "home_since",
        "partner_since",
        "acted_alone",
        "type",
        "since",
        "began",
    ],
    "description": "The status on the given date; null where nothing is on record.",
    "properties": {
        "status": {"type": "string", "enum": [*Status.values, None], "nullable": True},
        "reason": {"type": "string", "enum": [*ENDINGS, None], "nullable": True},
        "home": {"type": "string", "nullable": True},
        "partner": {"type": "string", "nullable": True},
        "home_since": DATE_SCHEMA,
        "partner_since": DATE_SCHEMA,
        "acted_alone": {
            "type": "string",
            "enum": [Party.HOME, Party.PARTNER, None],
            "nullable": True,
            "description": "The side that suspended it, ended it or found it inactive alone, while"
            " no answer of the other side is on record.",
        },
        "type": {"type": "string", "nullable": True},
        "last_confirmed": DATE_SCHEMA
        | {"description": "The date of the newest entry that shows it in effect by then."},
        "last_contact": DATE_SCHEMA
        | {"description": "Of an inactive relationship, when the cities were last in contact."},
        "signing": SIGNING_SCHEMA,
        "since": DATE_SCHEMA,
        "began": DATE_SCHEMA,
    },
}


ANNIVERSARY_SCHEMA = {
    "type": "object",
    "nullable": True,
    "required": ["years", "on"],
    "description": "The next anniversary of an active relationship, on the given date or later: as"
    " exact as its beginning is known.",
    "properties": {"years": {"type": "integer"}, "on": DATE_SCHEMA},
}


class RelationshipTypeSerializer(RecordSerializer):
    url = OwnLink("api:relationship-type-detail")
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
            "modified",
        ]


class RelationshipTypeViewSet(RecordViewSet):
    """The types of relationship, such as sister city, and what each means."""

    serializer_class = RelationshipTypeSerializer
    queryset = RelationshipType.objects.all()


class SignedSerializer(serializers.ModelSerializer):
    signed_on = DateField()
    until = DateField()
    no_document_on = DateField()
    relationships = links("api:relationship-detail", "public_relationships")
    signatories = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = [
            "slug",
            "kind",
            "relationships",
            "signed_on",
            "signed_at",
            "term",
            "until",
            "renewal_rule",
            "no_document_by",
            "no_document_on",
            "signatories",
        ]

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_signatories(self, agreement: Agreement) -> list[dict[str, str]]:
        return [
            {"name": person.name, "office": person.office, "on_behalf_of": person.on_behalf_of}
            for person in agreement.signatories.all()
        ]


def _date(entry: Any) -> dict[str, Any] | None:
    """Return the date of an entry of a standing, if there is one."""
    return entry.on.as_dict() if entry else None


def _last_contact(standing: Standing) -> dict[str, Any] | None:
    if standing.status != Status.DORMANT or standing.since.last_contact is None:
        return None
    return standing.since.last_contact.as_dict()  # type: ignore[no-any-return]


def _signing(standing: Standing) -> dict[str, Any] | None:
    plan = standing.plan
    if plan is None:
        return None
    day = plan.planned_for
    return {"state": plan.kind, "planned_for": day.as_dict() if day else None}


class RelationshipSerializer(RecordSerializer):
    url = OwnLink("api:relationship-detail")
    page = PageField()
    home = LinkField("api:city-detail")
    partner = LinkField("api:city-detail")
    standing = serializers.SerializerMethodField()
    hours_ahead = serializers.SerializerMethodField()
    distance_km = serializers.SerializerMethodField()
    next_anniversary = serializers.SerializerMethodField()
    agreements = SignedSerializer(many=True, source="public_agreements")
    other_records = links("api:source-detail", "public_other_records")
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
            "next_anniversary",
            "hours_ahead",
            "distance_km",
            "lead_commissioner",
            "review_on",
            "story",
            "agreements",
            "other_records",
            "entries",
            "modified",
        ]

    @extend_schema_field(STANDING_SCHEMA)
    def get_standing(self, relationship: Relationship) -> dict[str, Any]:
        standing = relationship.standing
        return {
            "status": standing.status,
            "reason": standing.reason,
            "home": standing.home,
            "partner": standing.partner,
            "home_since": _date(standing.home_since),
            "partner_since": _date(standing.partner_since),
            "acted_alone": standing.acted_alone,
            "last_confirmed": _date(standing.confirmed),
            "last_contact": _last_contact(standing),
            "signing": _signing(standing),
            "type": standing.type,
            "since": _date(standing.since),
            "began": _date(standing.began),
        }

    @extend_schema_field(ANNIVERSARY_SCHEMA)
    def get_next_anniversary(self, relationship: Any) -> dict[str, Any] | None:
        anniversary = anniversary_of(relationship.standing, relationship.standing_day)
        return anniversary.as_dict() if anniversary else None

    @extend_schema_field(
        {
            "type": "number",
            "nullable": True,
            "description": "By how many hours the partner’s clocks are ahead of the home city’s at"
            " noon of the given date; negative where they are behind.",
        }
    )
    def get_hours_ahead(self, relationship: Any) -> float | None:
        return hours_ahead(relationship.partner, relationship.home, relationship.standing_day)

    @extend_schema_field(
        {
            "type": "integer",
            "nullable": True,
            "description": "How far the two cities are from each other, in kilometers.",
        }
    )
    def get_distance_km(self, relationship: Relationship) -> int | None:
        return kilometers(relationship.partner, relationship.home)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_entries(self, relationship: Relationship) -> str:
        address = reverse("api:entry-list", request=self.context["request"])
        return f"{address}?relationship={relationship.slug}"


class RelationshipViewSet(PublicViewSet):
    """Relationships on record by the given date, each with its status on that date."""

    serializer_class = RelationshipSerializer
    filterset_class = RelationshipFilter
    other_parameters = {"retrieve": ["on"]}
    queryset = Relationship.objects.select_related("home", "partner").prefetch_related(
        Prefetch("other_records", Source.objects.public(), to_attr="public_other_records"),
        Prefetch(
            "agreements",
            Agreement.objects.public().prefetch_related(
                "signatories",
                Prefetch(
                    "relationships",
                    Relationship.objects.public().with_places(),
                    to_attr="public_relationships",
                ),
            ),
            to_attr="public_agreements",
        ),
    )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "on",
                OpenApiTypes.DATE,
                description="The date to show the status for; today if left out.",
            )
        ]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One relationship, with its status on the given date."""
        return super().retrieve(request, *args, **kwargs)

    def for_request(self, queryset: QuerySet) -> QuerySet:
        filters = RelationshipFilter(self.request.query_params, queryset)
        if "on" in filters.errors:
            raise serializers.ValidationError({"on": filters.errors["on"]})
        return queryset.with_standing(filters.day)  # type: ignore[attr-defined]


class CitationSerializer(serializers.ModelSerializer):
    source = LinkField("api:source-detail")
    title = serializers.CharField(source="source.title")
    reliability = serializers.CharField(source="source.reliability")

    class Meta:
        model = Citation
        fields = ["role", "source", "title", "reliability", "locator", "says"]


class EntryTombstoneSerializer(TombstoneSerializer):
    """What the API says about a withdrawn entry."""

    slug = None
    ref = serializers.CharField()


class EntrySerializer(RecordSerializer):
    url = OwnLink("api:entry-detail", "ref")
    page = PageField()
    relationship = LinkField("api:relationship-detail")
    on = DateField()
    decided_by = LinkField("api:organization-detail")
    type = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    partner = LinkField("api:city-detail")
    planned_for = DateField()
    last_contact = DateField()
    no_document_on = DateField()
    citations = CitationSerializer(many=True, source="public_citations")
    known_by = "ref"

    class Meta:
        model = Entry
        fields = [
            "url",
            "page",
            "ref",
            "relationship",
            "number",
            "kind",
            "on",
            "party",
            "acceptance",
            "why_not_preferred",
            "decided_by",
            "type",
            "partner",
            "partner_term",
            "partner_term_language",
            "planned_for",
            "last_contact",
            "reason",
            "condition",
            "review_on",
            "no_document_by",
            "no_document_on",
            "note",
            "citations",
            "modified",
        ]


class EntryViewSet(PublicViewSet):
    """History entries of relationships, oldest first, with their sources."""

    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    lookup_url_kwarg = "ref"
    lookup_value_regex = r"[-a-zA-Z0-9_]+-[0-9]{1,4}"
    tombstone = EntryTombstoneSerializer
    queryset = Entry.objects.for_reading()

    def wanted(self) -> Q:
        return Entry.wanted(self.kwargs["ref"])
