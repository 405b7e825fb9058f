"""What programs and exchanges share in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.records.api import LinkField, NameField
from cities.records.publishing import Publication

DRAFT_BODY = {"organization__publication": Publication.DRAFT}
"""Of what names a draft nothing is told."""


@extend_schema_field({"type": "string", "nullable": True})
class KnownField(serializers.Field):
    """A text of which empty means that it is not known: null."""

    def to_representation(self, value: str) -> str | None:
        return value or None


class RoleSerializer(serializers.Serializer):
    """What an organization does for it."""

    organization = LinkField("api:organization-detail")
    name = NameField("name", source="organization")
    role = serializers.CharField()


class PartnerField(LinkField):
    """The partner of a relationship."""

    def to_representation(self, value: Any) -> str | None:
        return super().to_representation(value.partner)
