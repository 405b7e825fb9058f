"""Fields and serializers that several resources share."""

from typing import Any

from rest_framework import serializers

from cities.records.api import LinkField, PageField
from cities.records.publishing import Publication

DRAFT = {"publication": Publication.DRAFT}
"""A record’s time as a draft stays hidden."""

REF = r"[-a-zA-Z0-9_]+-[0-9]{1,4}"
"""The reference of an action: the slug of its resolution, and its number."""

COUNT = {"type": "integer"}
COUNT_OR_NULL = {"type": "integer", "nullable": True}


def whole(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the schema of an object that always has all its properties."""
    return {"type": "object", "required": [*properties], "properties": properties, **more}


class ClauseSerializer(serializers.Serializer):
    """One paragraph of a text."""

    kind = serializers.CharField()
    number = serializers.IntegerField()
    anchor = serializers.CharField()
    text = serializers.CharField()


class VersionSerializer(serializers.Serializer):
    """One version of a text, without the text itself."""

    page = PageField()
    version = serializers.IntegerField(source="number")
    kind = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the whole text in UTF-8.")
    source = LinkField("api:source-detail")
