"""Seats and members in the API."""

from django.db.models import Prefetch
from rest_framework import serializers

from cities.records.api import (
    DateField,
    LinkField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    RecordViewSet,
)
from cities.records.base import RecordQuerySet
from cities.records.publishing import Publication
from resolutions.filters import MemberFilter, SeatFilter
from resolutions.models import Member, Office, Seat, Term


class SeatSerializer(RecordSerializer):
    url = OwnLink("api:seat-detail")
    organization = LinkField("api:organization-detail")
    places = serializers.IntegerField()  # as the model’s its bounds would be the database’s
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Seat
        fields = [
            "url",
            "slug",
            "organization",
            "label",
            "places",
            "is_voting",
            "since",
            "until",
            "source",
            "modified",
        ]


class SeatViewSet(RecordViewSet):
    """Seats of councils and commissions: how many there are, and since when."""

    serializer_class = SeatSerializer
    filterset_class = SeatFilter
    queryset = (
        RecordQuerySet(Seat)
        .filter(organization__publication=Publication.PUBLISHED)
        .select_related("organization", "source")
        .order_by("organization__slug", "label", "slug")
    )


class TermSerializer(serializers.ModelSerializer):
    organization = LinkField("api:organization-detail")
    seat = LinkField("api:seat-detail")
    seat_label = serializers.CharField(source="seat.label", default=None, allow_null=True)
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Term
        fields = ["organization", "seat", "seat_label", "role", "since", "until", "source"]


class OfficeSerializer(serializers.ModelSerializer):
    """An office held for part of the time, as exactly as a source dates it."""

    organization = LinkField("api:organization-detail")
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Office
        fields = ["organization", "role", "since", "until", "source"]


class MemberSerializer(RecordSerializer):
    url = OwnLink("api:member-detail")
    page = PageField()
    terms = TermSerializer(many=True, source="public_terms")
    offices = OfficeSerializer(
        many=True,
        source="public_offices",
        help_text="Offices held for part of the time, such as president of the council.",
    )

    class Meta:
        model = Member
        fields = [
            "url",
            "page",
            "slug",
            "name",
            "sort_name",
            "summary",
            "terms",
            "offices",
            "modified",
        ]


class MemberViewSet(PublicViewSet):
    """Members of councils and commissions, now and in the past, with their terms."""

    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    queryset = Member.objects.prefetch_related(
        Prefetch("terms", Term.objects.public(), to_attr="public_terms"),
        Prefetch("offices", Office.objects.public(), to_attr="public_offices"),
    )
