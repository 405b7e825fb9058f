"""Statements in the API."""

from cities.records.api import DateField, LinkField, OwnLink, PageField, RecordSerializer
from resolutions.api.base import LinkedViewSet, slug_links
from resolutions.filters import StatementFilter
from resolutions.models import Statement


class StatementSerializer(RecordSerializer):
    url = OwnLink("api:statement-detail")
    page = PageField()
    organization = LinkField("api:organization-detail")
    on = DateField()
    relationships = slug_links("api:relationship-detail", "relationships")
    cities = slug_links("api:city-detail", "places")
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


class StatementViewSet(LinkedViewSet):
    """Statements made in office about a city or a relationship, newest first."""

    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    queryset = Statement.objects.select_related("organization", "source")
    linked = ("relationships", "places")
