"""What every resource is made of.

Links instead of ids; every date as ``{"edtf", "earliest", "latest"}``; only what is
published, and a tombstone (410 with the reason) for what was withdrawn.
"""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.dates import RecordDate
from cities.publishing import find_public

DAY = {"type": "string", "format": "date", "nullable": True}
DATE_SCHEMA = {
    "type": "object",
    "nullable": True,
    "required": ["edtf", "earliest", "latest"],
    "description": "A date as its source gives it (EDTF); the first and last day it can mean.",
    "properties": {"edtf": {"type": "string"}, "earliest": DAY, "latest": DAY},
}
LINK_SCHEMA = {"type": "string", "format": "uri", "nullable": True}


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
    """The address of the page that shows the record, or of what else of it the site serves."""

    def __init__(self, source: str = "get_absolute_url") -> None:
        super().__init__(source=source, read_only=True)

    def to_representation(self, value: str) -> str:
        return self.context["request"].build_absolute_uri(value)


def own_link(view: str) -> LinkField:
    return LinkField(view, source="*")
