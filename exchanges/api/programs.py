"""Programs in the API."""

from rest_framework import serializers

from cities.records.api import (
    DateField,
    FilteredListField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
    links,
)
from exchanges.api.base import KnownField, PartnerField, RoleSerializer
from exchanges.filters import ProgramFilter
from exchanges.models import Program


class ProgramSerializer(RecordSerializer):
    url = OwnLink("api:program-detail")
    page = PageField()
    kind = KnownField(read_only=True)
    audience = KnownField(read_only=True)
    relationships = links("api:relationship-detail", "public_relationships")
    partners = serializers.ListField(
        child=PartnerField("api:city-detail"), source="public_relationships", read_only=True
    )
    since = DateField()
    until = DateField()
    roles = RoleSerializer(many=True, source="public_roles")
    exchanges = FilteredListField("api:exchange-list", "program")
    sources = links("api:source-detail", "public_sources")

    class Meta:
        model = Program
        fields = [
            "url",
            "page",
            "slug",
            "title",
            "kind",
            "audience",
            "for_whom",
            "relationships",
            "partners",
            "summary",
            "how_to_apply",
            "application_address",
            "contact_office",
            "contact_email",
            "since",
            "until",
            "roles",
            "exchanges",
            "sources",
            "modified",
        ]


class ProgramViewSet(PublicViewSet):
    """Programs that the home city and its partner cities run, and how to take part."""

    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter
    queryset = Program.objects.for_page()
