"""Fields and serializers that several resources share."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import F, QuerySet, Value
from rest_framework import serializers

from cities.records.api import LinkField, PageField, PublicViewSet, SlugLinkField
from cities.records.publishing import Publication

DRAFT = {"publication": Publication.DRAFT}
"""A record’s time as a draft stays hidden."""

REF = r"[-a-zA-Z0-9_]+-[0-9]{1,4}"
"""The reference of an action: the slug of its resolution, and its number."""

COUNT = {"type": "integer"}
COUNT_OR_NULL = {"type": "integer", "nullable": True}


def whole(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the schema of an object that always has all its properties."""
    return {"type": "object", "required": [*properties], "properties": properties, **more}


class LinkedViewSet(PublicViewSet):
    """Records that name several public ones, whose slugs one query reads for a whole page."""

    queryset: Any

    linked: tuple[str, ...]
    """The fields to many that the links are made from."""

    def paginate_queryset(self, queryset: Any) -> Any:
        page: Any = super().paginate_queryset(queryset)
        return self.with_links(page)

    def get_object(self) -> Any:
        return self.with_links([super().get_object()])[0]

    def with_links(self, records: Iterable[Any]) -> list[Any]:
        """Let each record know the slugs by field, as `slugs`, in the order of lists."""
        found = list(records)
        pks = [record.pk for record in found]
        first, *others = self.link_rows(pks)
        slugs: dict[Any, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, pk, __, slug in first.union(*others).order_by("called", "slug"):
            slugs[pk][name].append(slug)
        for record in found:
            record.slugs = slugs[record.pk]
        return found

    def link_rows(self, pks: list[int]) -> list[QuerySet]:
        """Return what the records with these keys name, by field."""
        return [_links(self.queryset.model, name).filter(owner__in=pks) for name in self.linked]


@cache
def _links(model: Any, name: str) -> QuerySet:
    """Return what a model’s records name in a field to many, with what lists are in order of."""
    field = model._meta.get_field(name)
    end = field.m2m_reverse_field_name()
    rows = field.remote_field.through.objects.annotate(
        name=Value(name),
        owner=F(field.m2m_field_name()),
        called=F(f"{end}__{field.related_model._meta.ordering[0]}"),
        slug=F(f"{end}__slug"),
    )
    public = field.related_model.objects.none().public_at(end)
    return rows.filter(public).values_list("name", "owner", "called", "slug")


def slug_links(view: str, name: str) -> serializers.ListField:
    """Return a field for the API addresses of the public records in a field to many."""
    return serializers.ListField(child=SlugLinkField(view), source=f"slugs.{name}", read_only=True)


class ClauseSerializer(serializers.Serializer):
    """One paragraph of a text."""

    kind = serializers.CharField()
    number = serializers.IntegerField()
    anchor = serializers.CharField()
    text = serializers.CharField()


class VersionSerializer(serializers.Serializer):
    """One version of a text, without the text itself."""

    page = PageField()
    version = serializers.IntegerField(source="number")
    kind = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the whole text in UTF-8.")
    source = LinkField("api:source-detail")
