"""What several of the bodies' resources share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from cities.api.base import LinkField, PageField
from cities.publishing import Publication, is_public

DRAFT = {"publication": Publication.DRAFT}
"""Of its time as a draft nothing is told."""

REF = r"[-a-zA-Z0-9_]+-[0-9]{1,4}"
"""What an action is cited by: the slug of its resolution, and its line."""


@extend_schema_field({"type": "string", "nullable": True})
class NameField(serializers.Field):
    """What a record is called; null while it is not public."""

    def __init__(self, called: str, **kwargs: Any) -> None:
        self.called = called
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str | None:
        return getattr(value, self.called) if is_public(value) else None


def links(view: str, source: str) -> serializers.ListField:
    """The addresses of several records, all of them public."""
    return serializers.ListField(child=LinkField(view), source=source, read_only=True)


@extend_schema_field({"type": "string", "format": "uri"})
class AskingField(serializers.Field):
    """The address of a list of what belongs to the record."""

    def __init__(self, view: str, asking: str) -> None:
        self.view, self.asking = view, asking
        super().__init__(source="slug", read_only=True)

    def to_representation(self, value: str) -> str:
        return f"{reverse(self.view, request=self.context['request'])}?{self.asking}={value}"


class ClauseSerializer(serializers.Serializer):
    """One paragraph of a text."""

    kind = serializers.CharField()
    number = serializers.IntegerField()
    anchor = serializers.CharField()
    text = serializers.CharField()


class VersionSerializer(serializers.Serializer):
    """One version of a text, without its words."""

    page = PageField()
    version = serializers.IntegerField(source="number")
    kind = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the whole text in UTF-8.")
    source = LinkField("api:source-detail")
