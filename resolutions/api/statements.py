"""Statements in the API."""

from django.db.models import Prefetch

from cities.models import City, Relationship
from cities.records.api import (
    DateField,
    LinkField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    links,
)
from resolutions.filters import StatementFilter
from resolutions.models import Statement

ABOUT = (
    Prefetch(
        "relationships",
        Relationship.objects.public().select_related("home", "partner"),
        to_attr="public_relationships",
    ),
    Prefetch("places", City.objects.public(), to_attr="public_places"),
)
"""What a record is about, as far as the public may read it."""


class StatementSerializer(RecordSerializer):
    url = OwnLink("api:statement-detail")
    page = PageField()
    organization = LinkField("api:organization-detail")
    on = DateField()
    relationships = links("api:relationship-detail", "public_relationships")
    cities = links("api:city-detail", "public_places")
    source = LinkField("api:source-detail")

    class Meta:
        model = Statement
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "speaker",
            "office",
            "organization",
            "on",
            "summary",
            "relationships",
            "cities",
            "source",
            "modified",
        ]


class StatementViewSet(PublicViewSet):
    """What office holders said about a place or a tie, newest first."""

    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    queryset = Statement.objects.select_related("organization", "source").prefetch_related(*ABOUT)
