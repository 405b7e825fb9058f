"""What votes need to pass, in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.records.api import DateField, LinkField, OwnLink, RecordSerializer, RecordViewSet
from cities.records.base import RecordQuerySet
from cities.records.publishing import Publication
from resolutions.api.base import COUNT_OR_NULL, whole
from resolutions.course import VOTED
from resolutions.filters import VoteRequirementFilter
from resolutions.models import VoteRequirement
from resolutions.models.requirements import WithRequirement
from resolutions.tally import Base, Requirement

REQUIREMENT_SCHEMA = whole(
    {
        "kind": {"type": "string", "enum": Requirement.values},
        "base": {"type": "string", "enum": Base.values},
        "number": COUNT_OR_NULL,
        "counts_abstentions": {"type": "boolean"},
    },
    nullable=True,
    description="What the motion needed to pass; null if there is no record.",
)


def requirement_of(required: WithRequirement) -> dict[str, Any] | None:
    """Return what has to be reached, or None without a record of it."""
    rule = required.rule
    if rule is None:
        return None
    return {
        "kind": rule.requirement,
        "base": rule.base,
        "number": rule.number,
        "counts_abstentions": rule.counts_abstentions,
    }


class VoteRequirementSerializer(RecordSerializer):
    url = OwnLink("api:voterequirement-detail")
    organization = LinkField("api:organization-detail")
    kind = serializers.SerializerMethodField(
        help_text="The kind of action; null for every kind without a rule of its own on record."
    )
    requirement = serializers.SerializerMethodField()
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = VoteRequirement
        fields = [
            "url",
            "slug",
            "organization",
            "kind",
            "requirement",
            "since",
            "until",
            "source",
            "modified",
        ]

    @extend_schema_field({"type": "string", "enum": [*VOTED, None], "nullable": True})
    def get_kind(self, required: VoteRequirement) -> str | None:
        return required.kind or None

    @extend_schema_field(REQUIREMENT_SCHEMA)
    def get_requirement(self, required: VoteRequirement) -> dict[str, Any] | None:
        return requirement_of(required)


class VoteRequirementViewSet(RecordViewSet):
    """What motions need to pass, by the rules of a council or commission in a time."""

    serializer_class = VoteRequirementSerializer
    filterset_class = VoteRequirementFilter
    queryset = (
        RecordQuerySet(VoteRequirement)
        .filter(organization__publication=Publication.PUBLISHED)
        .select_related("organization", "source")
        .order_by("organization__slug", "kind", "slug")
    )
