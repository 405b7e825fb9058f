"""The base classes of every resource of the API.

Records link to each other by address, not by id. A date is an object of ``edtf``,
``earliest`` and ``latest``. Only published records are shown. A withdrawn one is replaced
by a tombstone with the reason, at its address (410) and in lists of recent changes.
"""

import re
from datetime import UTC
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.records.api_parameters import KnownParameters
from cities.records.dates import RecordDate
from cities.records.filters import ModifiedFilter
from cities.records.kept import keeping
from cities.records.paging import ListPages
from cities.records.publishing import find_public, is_public

DAY = {"type": "string", "format": "date", "nullable": True}
DATE_SCHEMA = {
    "type": "object",
    "nullable": True,
    "required": ["edtf", "earliest", "latest"],
    "description": (
        "The date as the source gives it, in EDTF, with the first and last day it can mean."
    ),
    "properties": {"edtf": {"type": "string"}, "earliest": DAY, "latest": DAY},
}
MAX_PAGE = 10**9
"""The last page that can be asked for."""
LINK_SCHEMA = {"type": "string", "format": "uri", "nullable": True}


class Pages(PageNumberPagination):
    """Pages of 50 records, or of `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_page_message = _("There is no such page.")

    def get_page_number(self, request: Any, paginator: Any) -> int:
        """Return the page asked for. Raise `ValidationError` for what is no whole number."""
        sentence = gettext("Enter a whole number from 1.")
        return _number(request, self.page_query_param, sentence, 1, MAX_PAGE)

    def get_page_size(self, request: Any) -> int:
        """Return how many records a page has. Raise `ValidationError` for more than may be."""
        most = self.max_page_size
        sentence = gettext("Enter a whole number from 1 to %(most)s.") % {"most": most}
        name = self.page_size_query_param
        return _number(request, name, sentence, self.page_size, most)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe both parameters with their bounds."""
        page, size = super().get_schema_operation_parameters(view)
        page["schema"] |= {"minimum": 1, "maximum": MAX_PAGE, "default": 1}
        size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [page, size]

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """Read the page, and count the whole list once for each version of the site."""
        count = queryset.count
        if not set(request.query_params) - {self.page_query_param, self.page_size_query_param}:
            count = partial(keeping, (type(view), view.action, localdate()), count)
        self.django_paginator_class = partial(self.pages, view=view, count=count)  # type: ignore[assignment]
        return super().paginate_queryset(queryset, request, view)

    def pages(self, rows: Any, page_size: int, *, view: Any, count: Any) -> ListPages:
        return ListPages(rows, page_size, count=count)


def _number(request: Any, name: str, sentence: str, default: int, most: int) -> int:
    """Return a whole number from 1 to `most` from the query, or else refuse it in a sentence."""
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:10]) <= most):
        raise serializers.ValidationError({name: [sentence]})
    return int(text)


class LatePages(Pages):
    """Pages of very many records: the ids of one page are read first.

    The last change of a record, and what it is made from, is computed for no others.
    """

    def pages(self, rows: Any, page_size: int, *, view: Any, count: Any) -> ListPages:
        def complete(pks: list[Any]) -> QuerySet:
            return view.complete(rows.order_by().filter(pk__in=pks))

        return ListPages(view.in_order(rows), page_size, complete, count)


class Since(DjangoFilterBackend):
    """Filter every list by `modified_since`."""

    def get_filterset_class(self, view: Any, queryset: QuerySet | None = None) -> Any:
        return ModifiedFilter


class RecordSchema(AutoSchema):
    """Describe lists as holding records and tombstones, and name each address by its records."""

    def get_summary(self) -> str | None:
        """Return “List of cities”, for example, or “One city”."""
        names = [part for part in self.path.split("/")[3:] if part and "{" not in part]
        standard = f" ({names[0].title()})" if len(names) > 1 else ""
        if self.view.action == "list":
            return f"List of {names[-1].replace('-', ' ')}{standard}"
        kind = type(self.view.get_serializer()).__name__.removesuffix("Serializer")
        words = re.findall("[A-Z][a-z]+", kind.removeprefix("Popolo"))
        return f"One {' '.join(words).lower()}{standard}"

    def get_response_serializers(self) -> Any:
        records: Any = super().get_response_serializers()
        tombstone = getattr(self.view, "tombstone", None)
        if tombstone is None or self.view.action != "list":
            return records
        return PolymorphicProxySerializer(
            component_name=f"Listed{type(records).__name__.removesuffix('Serializer')}",
            serializers=[type(records), tombstone],
            resource_type_field_name=None,
            many=True,
        )


class RecordViewSet(KnownParameters, ReadOnlyModelViewSet):
    """Records by slug, each with the time of the last change to what it shows."""

    lookup_field = "slug"
    pagination_class: type[Pages] = Pages
    filter_backends = [DjangoFilterBackend, Since]
    schema = RecordSchema()

    def get_queryset(self) -> Any:
        records: Any = super().get_queryset()
        return records.with_modified()

    def in_order(self, records: QuerySet) -> QuerySet:
        """Return the ids of the filtered records in the order of the list."""
        return records.values_list("pk", flat=True)

    def complete(self, records: QuerySet) -> QuerySet:
        """Return the records of one page with what only they need."""
        return records


class TombstoneSerializer(serializers.Serializer):
    """What the API says about a withdrawn record."""

    url = serializers.URLField()
    slug = serializers.CharField()
    withdrawn_on = serializers.DateField()
    withdrawn_because = serializers.CharField()


class PublicViewSet(RecordViewSet):
    """Published records by slug. Withdrawn records answer 410."""

    tombstone: type[serializers.Serializer] = TombstoneSerializer

    def get_queryset(self) -> Any:
        records = super().get_queryset()
        is_since = self.action == "list" and self.request.query_params.get("modified_since")
        return records.public_or_withdrawn() if is_since else records.public()

    def wanted(self) -> Q:
        """Return the filter for the record at this address."""
        return Q(slug=self.kwargs["slug"])

    def get_object(self) -> Any:
        return find_public(self.for_request(self.get_queryset()), self.wanted())

    def for_request(self, queryset: QuerySet) -> QuerySet:
        """Return the records as the query parameters ask for them."""
        return queryset


@extend_schema_field(DATE_SCHEMA)
class DateField(serializers.Field):
    """A `RecordDate`, or null."""

    def to_representation(self, value: RecordDate) -> dict[str, str | None]:
        return value.as_dict()


@extend_schema_field(LINK_SCHEMA)
class LinkField(serializers.Field):
    """The API address of a record by its slug or ref, or null while it is not public."""

    def __init__(self, view: str, known_by: str = "slug", **kwargs: Any) -> None:
        self.view, self.known_by = view, known_by
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:
        return self.address_of(value) if is_public(value) else None

    def address_of(self, value: Any) -> str:
        return self.address(getattr(value, self.known_by))

    def address(self, known_by: str) -> str:
        before, after = self._around
        return f"{before}{known_by}{after}"

    @cached_property
    def _around(self) -> tuple[str, str]:
        """What stands around the slug or ref in an address, which are safe as they are."""
        some = reverse(self.view, args=["0-0"], request=self.context["request"])
        before, __, after = some.rpartition("0-0")
        return before, after


class SlugLinkField(LinkField):
    """The API address of a public record that only its slug is known of."""

    def to_representation(self, value: str) -> str:
        return self.address(value)


@extend_schema_field({"type": "string", "format": "uri"})
class PageField(serializers.Field):
    """The full address of the page, or another file, of the record."""

    def __init__(self, source: str = "get_absolute_url") -> None:
        super().__init__(source=source, read_only=True)

    def to_representation(self, value: str) -> str:
        return self.context["request"].build_absolute_uri(value)


@extend_schema_field({"type": "string", "format": "uri"})
class OwnLink(LinkField):
    """The API address of the record itself, also once it is withdrawn."""

    def __init__(self, view: str, known_by: str = "slug") -> None:
        super().__init__(view, known_by, source="*")

    def to_representation(self, value: Any) -> str:
        return self.address_of(value)


@extend_schema_field({"type": "string", "nullable": True})
class NameField(serializers.Field):
    """The name of a record, or null while it is not public."""

    def __init__(self, called: str, **kwargs: Any) -> None:
        self.called = called
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:
        return getattr(value, self.called) if is_public(value) else None


def linked(path: str = "", *visible_through: str) -> list[str]:
    """Return the columns of a record, at the end of a path, that links to it are made from.

    `visible_through` are the records that it is public with.
    """
    before = f"{path}__" if path else ""
    parents = [f"{before}{parent}__publication" for parent in visible_through]
    return [f"{before}slug", f"{before}publication", *parents]


def links(view: str, source: str) -> serializers.ListField:
    """Return a field for the API addresses of several public records."""
    return serializers.ListField(child=LinkField(view), source=source, read_only=True)


@extend_schema_field({"type": "string", "format": "uri"})
class FilteredListField(serializers.Field):
    """The API address of the list of records that belong to this one."""

    def __init__(self, view: str, parameter: str) -> None:
        self.view, self.parameter = view, parameter
        super().__init__(source="slug", read_only=True)

    def to_representation(self, value: str) -> str:
        return f"{reverse(self.view, request=self.context['request'])}?{self.parameter}={value}"


class RecordSerializer(serializers.ModelSerializer):
    """A record with the time of its last change, or its tombstone once it is withdrawn."""

    modified = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        default_timezone=UTC,
        help_text="When the record or one of its parts last changed.",
    )
    known_by = "slug"

    def to_representation(self, instance: Any) -> dict[str, Any]:
        if not getattr(instance, "is_withdrawn", False):
            return super().to_representation(instance)
        fields = {name: self.fields[name] for name in ("url", self.known_by)}
        return {
            **{n: f.to_representation(f.get_attribute(instance)) for n, f in fields.items()},
            "withdrawn_on": instance.withdrawn_on.isoformat(),
            "withdrawn_because": instance.withdrawn_because,
        }
