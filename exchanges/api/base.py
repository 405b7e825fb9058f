"""Fields that programs and exchanges share in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.records.api import LinkField, NameField
from cities.records.publishing import Publication

OF_A_DRAFT = {"organization__publication": Publication.DRAFT}
"""Rows about a draft organization stay hidden."""


@extend_schema_field({"type": "string", "nullable": True})
class KnownField(serializers.Field):
    """A text that is null where it is unknown."""

    def to_representation(self, value: str) -> str | None:
        return value or None


class RoleSerializer(serializers.Serializer):
    """The role of an organization."""

    organization = LinkField("api:organization-detail")
    name = NameField("name", source="organization")
    role = serializers.CharField()


class PartnerField(LinkField):
    """The partner of a relationship."""

    def to_representation(self, value: Any) -> str | None:
        return super().to_representation(value.partner)
