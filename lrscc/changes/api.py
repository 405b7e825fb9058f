"""What changed, in the API: the same as the page and the feeds."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from cities.records.api import Pages
from lrscc.changes import history as changes
from lrscc.changes.scopes import Scope, feeds, followed_with, requested


class ChangeSerializer(serializers.Serializer):
    """One change that visitors can see."""

    moment = serializers.DateTimeField()
    kind = serializers.CharField(help_text=", ".join(changes.KINDS))
    record = serializers.CharField(
        help_text="The title of its page; empty if the page was withdrawn."
    )
    what = serializers.CharField()
    page = serializers.SerializerMethodField()
    office = serializers.CharField(help_text="Of who made it; empty if there is no record.")
    why = serializers.CharField()

    def get_page(self, change: changes.Change) -> str | None:
        """Where the record is read; null if no page shows it."""
        if not change.address:
            return None
        return self.context["request"].build_absolute_uri(change.address)


_PARAMETERS = [
    OpenApiParameter("kind", enum=list(changes.KINDS)),
    *(OpenApiParameter(name, description="A slug.") for name in feeds()),
]


class ChangeViewSet(GenericViewSet):
    """What was published, changed, corrected or withdrawn."""

    pagination_class = Pages
    filter_backends: list[Any] = []
    serializer_class = ChangeSerializer

    @extend_schema(parameters=_PARAMETERS)
    def list(self, request: Request) -> Response:
        """Changes, newest first. Pages count versions: whatever was saved together is one."""
        kind = request.query_params.get("kind", "")
        if kind and kind not in changes.KINDS:
            raise ValidationError({"kind": [gettext("There is no such kind of change.")]})
        rows = self.paginate_queryset(changes.versions(_requested_scope(request), kind))
        shown = changes.changes_of(rows or [])
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)


def _requested_scope(request: Request) -> Scope | None:
    """Return the record to list the changes of. Raise `ValidationError` if there is none."""
    name, record = requested(request.query_params)
    if name and record is None:
        raise ValidationError({name: [gettext("There is no such record.")]})
    return followed_with(record) if name else None
