"""Meetings in the API, with attendance, minutes and the deadlines of the Open Meetings Act."""

from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.models import Source
from cities.records.api import (
    DateField,
    FilteredListField,
    LatePages,
    LinkField,
    NameField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    links,
)
from resolutions.api.base import ClauseSerializer, VersionSerializer
from resolutions.deadlines import ClockState
from resolutions.filters import MeetingFilter
from resolutions.models import Attendance, Meeting, Minutes
from resolutions.models.minutes import MinutesKind

CLOCKS_SCHEMA = {
    "type": "array",
    "description": "When the law of the state requires minutes, and whether they are late today.",
    "items": {
        "type": "object",
        "required": ["minutes", "due", "done", "state"],
        "properties": {
            "minutes": {
                "type": "string",
                "enum": [MinutesKind.PROPOSED.value, MinutesKind.APPROVED.value],
            },
            "due": {"type": "string", "format": "date"},
            "done": {"type": "string", "format": "date", "nullable": True},
            "state": {"type": "string", "enum": ClockState.values},
        },
    },
}


class AttendanceSerializer(serializers.ModelSerializer):
    member = LinkField("api:member-detail")
    name = NameField("name", source="member")

    class Meta:
        model = Attendance
        fields = ["member", "name", "presence", "note"]


class MinutesSerializer(VersionSerializer):
    available_on = serializers.DateField()
    decided_at = LinkField("api:meeting-detail")


class MinutesInFullSerializer(MinutesSerializer):
    clauses = ClauseSerializer(many=True)


class MeetingSerializer(RecordSerializer):
    url = OwnLink("api:meeting-detail")
    page = PageField()
    organization = LinkField("api:organization-detail")
    on = DateField()
    reconvened_from = LinkField("api:meeting-detail")
    reconvened_as = links("api:meeting-detail", "public_continuations")
    attendance = AttendanceSerializer(many=True)
    minutes = MinutesSerializer(many=True)
    clocks = serializers.SerializerMethodField()
    actions = FilteredListField("api:action-list", "meeting")
    sources = links("api:source-detail", "public_sources")

    class Meta:
        model = Meeting
        fields = [
            "url",
            "page",
            "slug",
            "organization",
            "kind",
            "on",
            "begins_at",
            "held_at",
            "presided_by",
            "state",
            "why_cancelled",
            "reconvened_from",
            "reconvened_as",
            "note",
            "attendance",
            "minutes",
            "clocks",
            "actions",
            "sources",
            "modified",
        ]

    @extend_schema_field(CLOCKS_SCHEMA)
    def get_clocks(self, meeting: Meeting) -> list[dict[str, Any]]:
        kinds = (MinutesKind.PROPOSED.value, MinutesKind.APPROVED.value)
        return [
            {
                "minutes": kind,
                "due": clock.due.isoformat(),
                "done": clock.done.isoformat() if clock.done else None,
                "state": clock.state(localdate()).value,
            }
            for kind, (__, clock) in zip(kinds, meeting.clocks, strict=False)
        ]


class MeetingInFullSerializer(MeetingSerializer):
    """A meeting with the text of its minutes."""

    minutes = MinutesInFullSerializer(many=True)


class MeetingViewSet(PublicViewSet):
    """Meetings; the address of each one has the text of its minutes."""

    pagination_class = LatePages
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    queryset = Meeting.objects.select_related(
        "organization__place", "reconvened_from__organization"
    ).prefetch_related(
        Prefetch("attendance", Attendance.objects.select_related("member")),
        Prefetch("sources", Source.objects.public(), to_attr="public_sources"),
        Prefetch(
            "reconvened_as",
            Meeting.objects.public().select_related("organization"),
            to_attr="public_continuations",
        ),
    )

    def get_serializer_class(self) -> Any:
        return MeetingInFullSerializer if self.action == "retrieve" else MeetingSerializer

    def get_queryset(self) -> Any:
        minutes = Minutes.objects.public().select_related("decided_at__organization", "source")
        if self.action == "list":
            minutes = minutes.defer("text")
        return super().get_queryset().prefetch_related(Prefetch("minutes", minutes))
