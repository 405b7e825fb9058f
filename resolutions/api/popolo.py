"""People, organizations, motions and votes in the shapes of Popolo (popoloproject.com/specs).

An id is the slug or ref that a record has in the rest of the API. Some fields are added that
Popolo does not know: `url`, the exact `choice` of a vote with its printed word, and the other
motions that one vote decided.
"""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.filters import OrganizationFilter
from cities.models import Organization, Source
from cities.records.api import (
    NameField,
    OwnLink,
    PublicViewSet,
    RecordSerializer,
    TombstoneSerializer,
)
from cities.records.dates import RecordDate
from resolutions.api.base import whole
from resolutions.api.members import MemberViewSet
from resolutions.models import Member, Office, Seat, Term

LINKS_SCHEMA = {
    "type": "array",
    "items": whole({"url": {"type": "string", "format": "uri"}, "note": {"type": "string"}}),
}


def reduced(day: RecordDate | None) -> str | None:
    """Return a date as Popolo takes it: the day, month or year that surely holds it."""
    if day is None or day.earliest is None or day.latest is None:
        return None
    first, last = day.earliest.isoformat(), day.latest.isoformat()
    return next((first[:length] for length in (10, 7, 4) if first[:length] == last[:length]), None)


@extend_schema_field(
    {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}){0,2}$", "nullable": True}
)
class ReducedDateField(serializers.Field):
    """A date to the day, the month or the year."""

    def __init__(self, source: str) -> None:
        super().__init__(source=source, read_only=True)

    def to_representation(self, value: RecordDate) -> str | None:
        return reduced(value)


class IdField(NameField):
    """The id of a record; null while it is not public."""

    def __init__(self, source: str, called: str = "slug") -> None:
        super().__init__(called, source=source)


@extend_schema_field(LINKS_SCHEMA)
class SourcesField(serializers.Field):
    """The pages of the public sources among those that `sources_of` finds for a record."""

    def __init__(self, sources_of: Callable[[Any], Iterable[Source | None]]) -> None:
        self.sources_of = sources_of
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> list[dict[str, str]]:
        absolute = self.context["request"].build_absolute_uri
        return [
            {"url": absolute(source.get_absolute_url()), "note": source.title}
            for source in self.sources_of(value)
            if source is not None and source.is_published
        ]


def own(record: Any) -> list[Source | None]:
    """Return the one source that a record names."""
    return [record.source]


@extend_schema_field(LINKS_SCHEMA)
class PageLinksField(serializers.Field):
    """The page of the record."""

    def __init__(self) -> None:
        super().__init__(source="get_absolute_url", read_only=True)

    def to_representation(self, value: str) -> list[dict[str, str]]:
        return [{"url": self.context["request"].build_absolute_uri(value), "note": "Page"}]


class PopoloTombstoneSerializer(TombstoneSerializer):
    """What remains of a withdrawn record."""

    slug = None
    id = serializers.CharField()


class PopoloSerializer(RecordSerializer):
    """A record with Popolo’s names for its slug and its last change."""

    id = serializers.CharField(source="slug")
    modified = None
    updated_at = serializers.DateTimeField(
        source="modified", read_only=True, allow_null=True, default_timezone=UTC
    )
    known_by = "id"


# --- people and organizations -----------------------------------------------------------


class MembershipSerializer(serializers.ModelSerializer):
    """A term, or an office held for part of it: Popolo has one membership for each."""

    person_id = IdField("member")
    organization_id = IdField("organization")
    post_id = IdField("seat")
    label = serializers.CharField(source="seat.label", default=None, allow_null=True)
    start_date = ReducedDateField("since")
    end_date = ReducedDateField("until")
    sources = SourcesField(own)

    class Meta:
        model = Term
        fields = [
            "person_id",
            "organization_id",
            "post_id",
            "label",
            "role",
            "start_date",
            "end_date",
            "sources",
        ]


@extend_schema_field(MembershipSerializer(many=True))
class MembershipsField(serializers.Field):
    """The terms on a council or commission, and then the offices held there."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    @cached_property
    def _membership(self) -> MembershipSerializer:
        """The serializer of all: making its fields takes longer than using them."""
        return MembershipSerializer(context=self.context)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        held = (*value.public_terms, *value.public_offices)
        return [self._membership.to_representation(one) for one in held]


class PersonSerializer(PopoloSerializer):
    url = OwnLink("api:popolo-person-detail")
    memberships = MembershipsField()
    links = PageLinksField()

    class Meta:
        model = Member
        fields = [
            "url",
            "id",
            "name",
            "sort_name",
            "summary",
            "memberships",
            "links",
            "updated_at",
        ]


class PersonViewSet(MemberViewSet):
    """Members as Popolo’s persons, with their memberships."""

    serializer_class = PersonSerializer
    tombstone = PopoloTombstoneSerializer


class PostSerializer(serializers.ModelSerializer):
    """A seat."""

    id = serializers.CharField(source="slug")
    organization_id = IdField("organization")
    start_date = ReducedDateField("since")
    end_date = ReducedDateField("until")
    places = serializers.IntegerField()  # as the model’s its bounds would be the database’s
    sources = SourcesField(own)

    class Meta:
        model = Seat
        fields = [
            "id",
            "label",
            "organization_id",
            "start_date",
            "end_date",
            "places",
            "is_voting",
            "sources",
        ]


class PopoloOrganizationSerializer(PopoloSerializer):
    url = OwnLink("api:popolo-organization-detail")
    area_id = IdField("place")
    founding_date = ReducedDateField("founded")
    dissolution_date = ReducedDateField("dissolved")
    posts = PostSerializer(many=True, source="seats")
    memberships = MembershipsField()
    sources = SourcesField(own)

    class Meta:
        model = Organization
        fields = [
            "url",
            "id",
            "name",
            "classification",
            "area_id",
            "founding_date",
            "dissolution_date",
            "posts",
            "memberships",
            "sources",
            "updated_at",
        ]


class PopoloOrganizationViewSet(PublicViewSet):
    """Organizations as Popolo’s, with their posts and memberships."""

    serializer_class = PopoloOrganizationSerializer
    filterset_class = OrganizationFilter
    tombstone = PopoloTombstoneSerializer
    queryset = Organization.objects.select_related("place", "source").prefetch_related(
        Prefetch("seats", Seat.objects.select_related("organization", "source")),
        Prefetch("terms", Term.objects.public(), to_attr="public_terms"),
        Prefetch("offices", Office.objects.public(), to_attr="public_offices"),
    )
