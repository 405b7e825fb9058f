"""How councils and commissions number what they vote on, in the API."""

from cities.records.api import LinkField, OwnLink, RecordSerializer, RecordViewSet
from cities.records.base import RecordQuerySet
from cities.records.publishing import Publication
from resolutions.filters import NumberingSchemeFilter
from resolutions.models import NumberingScheme


class NumberingSchemeSerializer(RecordSerializer):
    url = OwnLink("api:numberingscheme-detail")
    organization = LinkField("api:organization-detail")
    source = LinkField("api:source-detail")

    class Meta:
        model = NumberingScheme
        fields = [
            "url",
            "slug",
            "organization",
            "kind",
            "restarts",
            "zeros_count",
            "complete_from",
            "source",
            "modified",
        ]


class NumberingSchemeViewSet(RecordViewSet):
    """How an organization numbers one kind of act, and from where on all of them are on record."""

    serializer_class = NumberingSchemeSerializer
    filterset_class = NumberingSchemeFilter
    queryset = (
        RecordQuerySet(NumberingScheme)
        .filter(organization__publication=Publication.PUBLISHED)
        .select_related("organization", "source")
        .order_by("organization__slug", "kind")
    )
