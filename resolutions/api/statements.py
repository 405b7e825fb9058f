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
    linked,
    links,
)
from resolutions.filters import StatementFilter
from resolutions.models import Statement

ABOUT = (
    Prefetch(
        "relationships",
        Relationship.objects.public()
        .select_related("home", "partner")
        .only(*linked("", "home", "partner")),
        to_attr="public_relationships",
    ),
    Prefetch("places", City.objects.public().only(*linked()), to_attr="public_places"),
)
"""The public places and relationships that a record is about."""


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
    """Statements made in office about a city or a relationship, newest first."""

    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    queryset = Statement.objects.select_related("organization", "source").prefetch_related(*ABOUT)
