"""Resolutions in the API: status on a date, texts, effects with replies, relations."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import cached_property
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiTypes,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cities.records.api import (
    DATE_SCHEMA,
    DateField,
    FilteredListField,
    LatePages,
    LinkField,
    OwnLink,
    PageField,
    RecordSerializer,
    linked,
)
from resolutions.api.base import ClauseSerializer, LinkedViewSet, VersionSerializer, slug_links
from resolutions.course import Status
from resolutions.filters import ResolutionFilter
from resolutions.models import Effect, OtherNumber, Relation, Reply, Resolution, Text

STATUS_SCHEMA = {
    "type": "object",
    "required": ["status", "since"],
    "description": "The status on the date given; nulls where nothing is on record.",
    "properties": {
        "status": {"type": "string", "enum": [*Status.values, None], "nullable": True},
        "since": DATE_SCHEMA,
    },
}


ENDS = ("resolution", "other")

RELATIONS = (
    Relation.objects.public()
    .order_by("resolution", "kind", "other")
    .select_related(*(f"{end}__organization" for end in ENDS))
    .only(
        "kind",
        *(name for end in ENDS for name in (f"{end}__title", *linked(end, "organization"))),
    )
)
"""Relations with what the API gives of both resolutions, in order from either end."""


def _relations(pks: list[Any]) -> dict[str, dict[Any, list[Relation]]]:
    """Return the relations of resolutions by either end, with one query."""
    found: dict[str, dict[Any, list[Relation]]] = {f"{end}_id": defaultdict(list) for end in ENDS}
    for relation in RELATIONS.filter(Q(resolution__in=pks) | Q(other__in=pks)):
        for end, of_end in found.items():
            of_end[getattr(relation, end)].append(relation)
    return found


REPLIES = (
    Reply.objects.public()
    .select_related("organization", "source")
    .order_by("on_earliest", "number")
)

EFFECTS = (
    Effect.objects.public()
    .order_by("number")
    .select_related(
        "addressed_to",
        "relationship__home",
        "relationship__partner",
        "place",
        "entry__relationship__home",
        "entry__relationship__partner",
    )
    .prefetch_related(Prefetch("replies", REPLIES, to_attr="public_replies"))
    .only(
        *("resolution", "number", "kind", "what", "entry__number", "entry__publication"),
        *linked("addressed_to"),
        *linked("place"),
        *linked("relationship", "home", "partner"),
        *linked("entry__relationship", "home", "partner"),
    )
)
"""Effects with what the API gives of them; they are empty for most resolutions."""


class TextSerializer(VersionSerializer):
    on = DateField()
    corrected_at = LinkField("api:meeting-detail")


class TextInFullSerializer(TextSerializer):
    clauses = ClauseSerializer(many=True)


class ReplySerializer(serializers.ModelSerializer):
    organization = LinkField("api:organization-detail")
    on = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Reply
        fields = ["organization", "on", "answer", "summary", "source"]


class EffectSerializer(serializers.ModelSerializer):
    page = PageField()
    number = serializers.IntegerField()  # as the model’s its bounds would be the database’s
    addressed_to = LinkField("api:organization-detail")
    relationship = LinkField("api:relationship-detail")
    city = LinkField("api:city-detail", source="place")
    entry = LinkField("api:entry-detail", "ref")
    replies = ReplySerializer(many=True, source="public_replies")

    class Meta:
        model = Effect
        fields = [
            "page",
            "number",
            "kind",
            "what",
            "addressed_to",
            "relationship",
            "city",
            "entry",
            "replies",
        ]


class OtherNumberSerializer(serializers.ModelSerializer):
    class Meta:
        model = OtherNumber
        fields = ["kind", "number"]

    def to_representation(self, instance: str) -> dict[str, str]:
        """Return the kind and the number, which follow one another in the rows of links."""
        kind, __, number = instance.partition(" ")
        return {"kind": kind, "number": number}


class RelationSerializer(serializers.ModelSerializer):
    resolution = LinkField("api:resolution-detail", source="other")
    title = serializers.CharField(source="other.title")

    class Meta:
        model = Relation
        fields = ["kind", "resolution", "title"]


class RelatedSerializer(serializers.ModelSerializer):
    resolution = LinkField("api:resolution-detail")
    title = serializers.CharField(source="resolution.title")

    class Meta:
        model = Relation
        fields = ["kind", "resolution", "title"]


@extend_schema_field({"type": "string", "format": "uri"})
class PdfField(PageField):
    """The address of the resolution as a PDF."""

    def __init__(self) -> None:
        super().__init__("slug")

    def to_representation(self, value: str) -> str:
        return super().to_representation(reverse("resolutions:resolution-pdf", args=[value]))


class ResolutionSerializer(RecordSerializer):
    url = OwnLink("api:resolution-detail")
    page = PageField()
    pdf = PdfField()
    organization = LinkField("api:organization-detail")
    number = serializers.SerializerMethodField(help_text="As printed; null if there is no record.")
    number_year = serializers.IntegerField(allow_null=True)  # its bounds are no promise
    other_numbers = OtherNumberSerializer(many=True, source="slugs.other_numbers")
    status = serializers.SerializerMethodField()
    sponsors = slug_links("api:member-detail", "sponsors")
    relationships = slug_links("api:relationship-detail", "relationships")
    cities = slug_links("api:city-detail", "places")
    sources = slug_links("api:source-detail", "sources")
    texts = TextSerializer(many=True, source="public_texts")
    effects = EffectSerializer(many=True, source="public_effects")
    relations = RelationSerializer(many=True, source="public_relations")
    related_from = RelatedSerializer(many=True, source="public_related_from")
    actions = FilteredListField("api:action-list", "resolution")

    class Meta:
        model = Resolution
        fields = [
            "url",
            "page",
            "pdf",
            "slug",
            "organization",
            "kind",
            "number",
            "number_year",
            "other_numbers",
            "title",
            "summary",
            "status",
            "introduced_by",
            "sponsors",
            "relationships",
            "cities",
            "texts",
            "effects",
            "relations",
            "related_from",
            "actions",
            "sources",
            "modified",
        ]

    @extend_schema_field({"type": "string", "nullable": True})
    def get_number(self, resolution: Resolution) -> str | None:
        return resolution.number or None

    @extend_schema_field(STATUS_SCHEMA)
    def get_status(self, resolution: Resolution) -> dict[str, Any]:
        course = resolution.course
        since = course.since.as_dict() if course.since else None
        return {"status": course.status, "since": since}


class ResolutionInFullSerializer(ResolutionSerializer):
    """A resolution with its full texts."""

    texts = TextInFullSerializer(many=True, source="public_texts")


class ResolutionViewSet(LinkedViewSet):
    """Resolutions, the latest decisions first; the address of each one has its full texts."""

    pagination_class = LatePages
    serializer_class = ResolutionSerializer
    filterset_class = ResolutionFilter
    other_parameters = {"retrieve": ["on"]}
    linked = ("sponsors", "relationships", "places", "sources")
    queryset = Resolution.objects.select_related("organization").prefetch_related(
        Prefetch("effects", EFFECTS, to_attr="public_effects")
    )

    def get_serializer_class(self) -> Any:
        return ResolutionInFullSerializer if self.action == "retrieve" else ResolutionSerializer

    def get_queryset(self) -> Any:
        texts = Text.objects.public().select_related("corrected_at__organization", "source")
        texts = texts.order_by("number").only(
            *("resolution", "number", "kind", "on", "on_earliest", "on_latest", "sha256"),
            *([] if self.action == "list" else ["text"]),
            *linked("corrected_at", "organization"),
            *linked("source"),
        )
        return (
            super()
            .get_queryset()
            .prefetch_related(Prefetch("texts", texts, to_attr="public_texts"))
        )

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="As of this date.")]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One resolution in full, with its status on the date given."""
        return super().retrieve(request, *args, **kwargs)

    def link_rows(self, pks: list[int]) -> list[QuerySet]:
        """Read the other numbers with the links, each after its kind."""
        rows = OtherNumber.objects.filter(resolution__in=pks).annotate(
            name=Value("other_numbers"),
            both=Concat("kind", Value(" "), "number"),
        )
        numbers = rows.order_by().values_list("name", "resolution_id", "kind", "both")
        return [*super().link_rows(pks), numbers]

    def with_links(self, records: Iterable[Any]) -> list[Any]:
        """Let each record also know its relations to others, and those of others to it."""
        found = super().with_links(records)
        relations = _relations([record.pk for record in found])
        for record in found:
            record.public_relations = relations["resolution_id"][record.pk]
            record.public_related_from = relations["other_id"][record.pk]
        return found

    def in_order(self, records: Any) -> QuerySet:
        if self.request.query_params.get("modified_since"):
            return records.newest_first(self._filters.day).values_list("pk", flat=True)
        return self._filters.in_order(records)

    def complete(self, records: Any) -> QuerySet:
        return records.with_course(self._filters.day)

    def for_request(self, queryset: QuerySet) -> QuerySet:
        if "on" in self._filters.errors:
            raise serializers.ValidationError({"on": self._filters.errors["on"]})
        return self.complete(queryset)

    @cached_property
    def _filters(self) -> ResolutionFilter:
        return ResolutionFilter(self.request.query_params, Resolution.objects.none())
