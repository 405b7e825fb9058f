"""The register itself in the API: its home city, and how to reach its offices."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from cities.current_register import register_of
from cities.models import Organization
from cities.records.api import LinkField, OwnLink
from cities.records.api_parameters import KnownParameters


class ContactSerializer(serializers.ModelSerializer):
    url = OwnLink("api:organization-detail")
    contact_source = LinkField("api:source-detail")

    class Meta:
        model = Organization
        fields = [
            "url",
            "name",
            "website",
            "email",
            "telephone",
            "postal_address",
            "hours",
            "contact_source",
        ]


class RegisterSerializer(serializers.Serializer):
    home = LinkField("api:city-detail", source="home_if_known")
    time_zone = serializers.CharField()
    jurisdiction = serializers.CharField()
    contacts = ContactSerializer(many=True)


class RegisterViewSet(KnownParameters, ViewSet):
    """The home city, its time zone and jurisdiction, and how to reach the offices.

    The first contact is the organization that maintains the record.
    """

    @extend_schema(
        operation_id="register_retrieve",
        summary="The home city and the offices",
        responses=forced_singular_serializer(RegisterSerializer),
    )
    def list(self, request: Request) -> Response:
        context = {"request": request}
        data: Any = RegisterSerializer(register_of(request), context=context).data
        return Response(data)
