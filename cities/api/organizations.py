"""Organizations, their authority, and sources in the API."""

from django.db.models import Prefetch
from rest_framework import serializers

from cities.filters import OrganizationFilter, SourceFilter
from cities.models import Authority, Organization, Source
from cities.records.api import (
    DateField,
    LinkField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
)


class AuthoritySerializer(serializers.ModelSerializer):
    place = LinkField("api:city-detail")
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Authority
        fields = ["place", "since", "until", "basis", "source"]


class OrganizationSerializer(RecordSerializer):
    url = OwnLink("api:organization-detail")
    place = LinkField("api:city-detail")
    founded = DateField()
    dissolved = DateField()
    source = LinkField("api:source-detail")
    contact_source = LinkField("api:source-detail")
    authorities = AuthoritySerializer(many=True)

    class Meta:
        model = Organization
        fields = [
            "url",
            "slug",
            "name",
            "abbreviation",
            "classification",
            "place",
            "summary",
            "website",
            "email",
            "telephone",
            "postal_address",
            "hours",
            "contact_source",
            "founded",
            "dissolved",
            "source",
            "authorities",
            "modified",
        ]


class OrganizationViewSet(PublicViewSet):
    """Councils, commissions and other organizations, with the authority each has had."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    queryset = Organization.objects.select_related(
        "place", "source", "contact_source"
    ).prefetch_related(Prefetch("authorities", Authority.objects.public()))


class SourceSerializer(RecordSerializer):
    url = OwnLink("api:source-detail")
    page = PageField()
    dated = DateField()

    class Meta:
        model = Source
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "title_language",
            "publisher",
            "kind",
            "reliability",
            "dated",
            "language",
            "address",
            "archived_address",
            "finding_aid",
            "accessed_on",
            "document_sha256",
            "modified",
        ]


class SourceViewSet(PublicViewSet):
    """The sources that the records rely on."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    queryset = Source.objects.all()
