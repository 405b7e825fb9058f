"""The search in the API."""

from typing import Any

from django.utils.timezone import localdate
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from cities.records.api import LINK_SCHEMA, DateField, PageField, Pages
from cities.records.api_parameters import KnownParameters
from cities.records.dates import RecordDate
from lrscc.models import SearchDocument
from lrscc.search.documents import api_name, indexed
from lrscc.search.extracts import Wanted, extract
from lrscc.search.query import SearchFilter, with_text


class FoundSerializer(serializers.ModelSerializer):
    """A published record that matches the search, best first."""

    url = serializers.SerializerMethodField(help_text="The record’s address in the API.")
    page = PageField(source="url")
    date = DateField(source="on", allow_null=True, read_only=True)
    status = serializers.SerializerMethodField(
        help_text="The status today of the city’s relationship; null for anything else."
    )
    extract = serializers.SerializerMethodField(
        help_text="Its words around the first that was looked for; empty if only names have it."
    )

    class Meta:
        model = SearchDocument
        fields = ["url", "page", "kind", "title", "date", "status", "extract"]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        instance.on = RecordDate.parse(instance.dated) if instance.dated else None
        return super().to_representation(instance)

    @extend_schema_field(LINK_SCHEMA | {"nullable": False})
    def get_url(self, document: SearchDocument) -> str:
        name = f"api:{api_name(document.kind)}"
        return reverse(name, [document.slug], request=self.context["request"])

    def get_status(self, document: SearchDocument) -> str | None:
        status, __ = indexed()[document.kind].fields.standing(document.slug, localdate())
        return status

    def get_extract(self, document: SearchDocument) -> str:
        return "".join(part.text for part in extract(document.text, self.context["wanted"]))


class PagesWithText(Pages):
    """Pages of whole documents."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        return with_text(super().paginate_queryset(queryset, request, view) or [])


class SearchViewSet(KnownParameters, ListModelMixin, GenericViewSet):
    """Everything published, by words, numbers and names in any spelling."""

    queryset = SearchDocument.objects.all()
    serializer_class = FoundSerializer
    filterset_class = SearchFilter
    filter_backends = [DjangoFilterBackend]
    pagination_class = PagesWithText

    @extend_schema(summary="Search")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything published, by words, numbers and names in any spelling."""
        return super().list(request, *args, **kwargs)

    def get_serializer_context(self) -> dict[str, Any]:
        wanted = Wanted(self.request.query_params.get("q", "")) if self.request else None
        return {**super().get_serializer_context(), "wanted": wanted}
