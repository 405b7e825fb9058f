"""What changed, in the API: for readers the same as the page and the feeds, and the whole log
for whoever keeps a copy."""

import json
from datetime import UTC
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from cities.records.api import Pages
from cities.records.api_parameters import KnownParameters
from cities.records.log import ChangeKind, Edition, LogEntry, Representation, site_version
from lrscc.changes import reading as changes
from lrscc.changes.representation import represented
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


class ChangeViewSet(KnownParameters, GenericViewSet):
    """What was published, changed, corrected or withdrawn."""

    other_parameters = {"list": [parameter.name for parameter in _PARAMETERS]}

    pagination_class = Pages
    filter_backends: list[Any] = []
    serializer_class = ChangeSerializer

    @extend_schema(summary="What changed", parameters=_PARAMETERS)
    def list(self, request: Request) -> Response:
        """Changes, newest first. What was saved together is one."""
        kind = request.query_params.get("kind", "")
        if kind and kind not in changes.KINDS:
            raise ValidationError({"kind": [gettext("There is no such kind of change.")]})
        rows = self.paginate_queryset(changes.entries(_requested_scope(request), kind))
        shown = changes.changes_of(rows or [])
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)


def _requested_scope(request: Request) -> Scope | None:
    """Return the record to list the changes of. Raise `ValidationError` if there is none."""
    name, record = requested(request.query_params)
    if name and record is None:
        raise ValidationError({name: [gettext("There is no such record.")]})
    return followed_with(record) if name else None


ENTRIES_PER_ANSWER = 100
MAX_ENTRIES = 500
MAX_ENTRY = 10**15 - 1


class GoneError(APIException):
    """The copy cannot go on from where it is."""

    status_code = status.HTTP_410_GONE


class NotBegunError(APIException):
    """The database was not prepared: `migrate` begins the log."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


class LogEntrySerializer(serializers.Serializer):
    """One entry of the log."""

    entry = serializers.IntegerField(source="number", help_text="Its number, without gaps.")
    moment = serializers.DateTimeField(default_timezone=UTC)
    kind = serializers.ChoiceField(ChangeKind.choices)
    resource = serializers.SerializerMethodField(
        help_text="The kind of record; null for an entry that sums up many."
    )
    ref = serializers.SerializerMethodField(
        help_text="What the record is called among those of its resource."
    )
    office = serializers.SerializerMethodField(
        help_text="Of who made the change; empty if there is no record."
    )
    why = serializers.SerializerMethodField()
    sha256 = serializers.CharField(
        help_text="Of the record as canonical JSON (RFC 8785); empty once it is not public."
    )
    record = serializers.SerializerMethodField(
        help_text=(
            "The record from then on. Null if it is not public any more, now or from this entry"
            " on, or if this version was redacted or is not on record."
        )
    )

    def get_resource(self, entry: LogEntry) -> str | None:
        return represented()[entry.record.kind].resource if entry.record else None

    def get_ref(self, entry: LogEntry) -> str | None:
        return entry.record.ref if entry.record else None

    def get_office(self, entry: LogEntry) -> str:
        return changes.office(entry) if self._is_whole(entry) else ""

    def get_why(self, entry: LogEntry) -> str:
        return changes.why(entry.reason) if self._is_whole(entry) else ""

    @extend_schema_field({"type": "object", "nullable": True})
    def get_record(self, entry: LogEntry) -> dict[str, Any] | None:
        text = self.context["texts"].get(entry.sha256) if self._is_whole(entry) else None
        return json.loads(text) if text else None

    def _is_whole(self, entry: LogEntry) -> bool:
        """Return whether it says more than its kind and hash: not of what was withdrawn."""
        is_hidden = entry.record is not None and not entry.record.is_public
        return not is_hidden or entry.kind == ChangeKind.WITHDRAWN


class LogSerializer(serializers.Serializer):
    """A stretch of the log, with where to go on."""

    edition = serializers.CharField()
    next = serializers.URLField(help_text="Where the log continues, now or later.")
    is_last = serializers.BooleanField(help_text="Whether there is nothing more at present.")
    results = LogEntrySerializer(many=True)


class LogViewSet(KnownParameters, GenericViewSet):
    """Every public change, in the order in which they became public."""

    other_parameters = {"list": ["edition", "after", "limit"]}

    pagination_class = None
    filter_backends: list[Any] = []
    serializer_class = LogSerializer

    @extend_schema(
        summary="The log, for who keeps a copy",
        parameters=[
            OpenApiParameter("edition", description="The edition that your copy follows."),
            OpenApiParameter(
                "after",
                {"type": "integer", "minimum": 0, "maximum": MAX_ENTRY, "default": 0},
                description="The last entry that your copy has.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MAX_ENTRIES, "default": 100},
                description="How many entries the answer has at most.",
            ),
        ],
        responses=forced_singular_serializer(LogSerializer),
    )
    def list(self, request: Request) -> Response:
        """Entries after a number, the oldest first, without pages that shift.

        Without an edition the answer begins at the first entry of the present one. Ask for `next`
        again and again. An edition that has ended answers 410: empty the copy and start afresh.
        """
        limit = _number(request, "limit", ENTRIES_PER_ANSWER)
        if not 1 <= limit <= MAX_ENTRIES:
            message = gettext("Ask for 1 to %(most)d entries.") % {"most": MAX_ENTRIES}
            raise ValidationError({"limit": [message]})
        edition, after = _cursor(request)
        found = LogEntry.objects.filter(number__gt=after).order_by("number")
        rows = list(found.select_related("record")[: limit + 1])
        shown = rows[:limit]
        last = shown[-1].number if shown else after
        address = reverse("api:log-list", request=request)
        answer = {
            "edition": edition.name,
            "next": f"{address}?edition={edition.name}&after={last}&limit={limit}",
            "is_last": len(rows) <= limit,
            "results": shown,
        }
        texts = Representation.objects.filter(sha256__in={entry.sha256 for entry in shown})
        context = {
            **self.get_serializer_context(),
            "texts": dict(texts.values_list("sha256", "text")),
        }
        return Response(LogSerializer(answer, context=context).data)


def _cursor(request: Request) -> tuple[Edition, int]:
    """Return the present edition, and the number to go on after. Raise `GoneError` for another."""
    edition = Edition.objects.order_by("-pk").first()
    name = request.query_params.get("edition", "")
    after = _number(request, "after", 0)
    if not name and after:
        raise ValidationError({"edition": [gettext("Name the edition that the number is from.")]})
    newest = site_version().number
    if edition is None:
        raise NotBegunError(gettext("The log has not begun. Try again later."))
    if (name and name != edition.name) or after > newest:
        raise GoneError(
            gettext("This edition of the log has ended. Empty your copy and start afresh.")
        )
    return edition, max(after, edition.follows)


def _number(request: Request, name: str, default: int) -> int:
    """Return a whole number from the question. Raise `ValidationError` for anything else."""
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_ENTRY))):
        raise ValidationError({name: [gettext("Enter a whole number.")]})
    return int(text)
