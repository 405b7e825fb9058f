"""The categories of the annual awards in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.records.api import LinkField, OwnLink, RecordSerializer, RecordViewSet
from exchanges.models import AwardCategory
from exchanges.models.programs import ProgramKind


class AwardCategorySerializer(RecordSerializer):
    url = OwnLink("api:award-category-detail")
    rank = serializers.IntegerField()  # as the model’s its bounds would be the database’s
    kinds = serializers.SerializerMethodField()
    source = LinkField("api:source-detail")

    class Meta:
        model = AwardCategory
        fields = [
            "url",
            "slug",
            "name",
            "honors",
            "rank",
            "kinds",
            "since_year",
            "until_year",
            "source",
            "note",
            "modified",
        ]

    @extend_schema_field(
        {
            "type": "array",
            "description": "The kinds of program that are eligible.",
            "items": {"type": "string", "enum": ProgramKind.values},
        }
    )
    def get_kinds(self, category: AwardCategory) -> list[Any]:
        return category.counted_kinds


class AwardCategoryViewSet(RecordViewSet):
    """The categories of Sister Cities International’s annual awards, which change."""

    serializer_class = AwardCategorySerializer
    queryset = AwardCategory.objects.select_related("source").prefetch_related("kinds")
