"""Motions and votes in the shapes of Popolo."""

from dataclasses import asdict
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.models import Source
from cities.records.api import OwnLink
from resolutions.api.actions import ActionViewSet
from resolutions.api.base import whole
from resolutions.api.popolo import (
    IdField,
    PopoloSerializer,
    PopoloTombstoneSerializer,
    ReducedDateField,
    SourcesField,
)
from resolutions.course import Kind
from resolutions.models import Action, Ballot
from resolutions.tally import Choice, Method, Requirement

OPTIONS: dict[str, str] = {
    Choice.YES: "yes",
    Choice.NO: "no",
    Choice.ABSTAIN: "abstain",
    Choice.RECUSED: "not voting",
    Choice.ABSENT: "absent",
    Choice.EXCUSED: "absent",
    Choice.NOT_VOTING: "not voting",
}
"""The option of Popolo’s list for each choice."""

RESULTS = {"carried": "pass", "lost": "fail", "unknown": None}
COUNTS_SCHEMA = {
    "type": "array",
    "description": "Counts of the roll call, otherwise as printed; empty where none is known.",
    "items": whole(
        {
            "option": {"type": "string", "enum": sorted(set(OPTIONS.values()))},
            "value": {"type": "integer"},
        }
    ),
}


def cited(action: Action) -> list[Source | None]:
    """Return the public sources of an action."""
    citations: Any = action
    return [citation.source for citation in citations.public_citations]


class VoteSerializer(serializers.ModelSerializer):
    """A ballot."""

    voter_id = IdField("member")
    option = serializers.SerializerMethodField()

    class Meta:
        model = Ballot
        fields = ["voter_id", "option", "choice", "choice_as_printed"]

    @extend_schema_field({"type": "string", "enum": [*dict.fromkeys(OPTIONS.values())]})
    def get_option(self, ballot: Ballot) -> str:
        return OPTIONS[ballot.choice]


class VotedSerializer(PopoloSerializer):
    """The fields that a motion and the vote on it share."""

    id = serializers.CharField(source="ref")
    organization_id = IdField("organization")
    result = serializers.SerializerMethodField()
    sources = SourcesField(cited)

    @extend_schema_field({"type": "string", "enum": [*RESULTS.values()], "nullable": True})
    def get_result(self, action: Action) -> str | None:
        return RESULTS[action.outcome]


class VoteEventSerializer(VotedSerializer):
    url = OwnLink("api:popolo-vote-event-detail", "ref")
    motion_id = serializers.CharField(source="ref")
    other_motion_ids = serializers.SerializerMethodField(
        help_text="The other motions that this vote decided."
    )
    classification = serializers.ChoiceField(choices=Method.choices, source="method")
    start_date = ReducedDateField("on")
    counts = serializers.SerializerMethodField()
    votes = VoteSerializer(many=True, source="ballots")

    class Meta:
        model = Action
        fields = [
            "url",
            "id",
            "motion_id",
            "other_motion_ids",
            "organization_id",
            "classification",
            "start_date",
            "result",
            "counts",
            "votes",
            "sources",
            "updated_at",
        ]

    def get_other_motion_ids(self, action: Action) -> list[str]:
        together: Any = action
        return [other.ref for other in together.together]

    @extend_schema_field(COUNTS_SCHEMA)
    def get_counts(self, action: Action) -> list[dict[str, Any]]:
        counted: dict[str, int] = {}
        for choice, count in asdict(action.tally or action.announced).items():
            if count is not None:
                counted[OPTIONS[choice]] = counted.get(OPTIONS[choice], 0) + count
        return [{"option": option, "value": value} for option, value in counted.items()]


class MotionSerializer(VotedSerializer):
    url = OwnLink("api:popolo-motion-detail", "ref")
    creator_id = IdField("vote.mover")
    text = serializers.CharField(source="resolution.title")
    classification = serializers.ChoiceField(choices=Kind.choices, source="kind")
    date = ReducedDateField("on")
    requirement = serializers.SerializerMethodField()
    vote_events = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields = [
            "url",
            "id",
            "organization_id",
            "creator_id",
            "text",
            "classification",
            "date",
            "requirement",
            "result",
            "vote_events",
            "sources",
            "updated_at",
        ]

    @extend_schema_field(
        {
            "type": "string",
            "nullable": True,
            "description": "In words; null if there is no record.",
        }
    )
    def get_requirement(self, action: Action) -> str | None:
        vote = action.vote
        if not vote.requirement:
            return None
        needed = (
            str(vote.required_number)
            if vote.requirement == Requirement.NUMBER
            else vote.get_requirement_display()
        )
        return f"{needed} {vote.get_base_display()}"

    @extend_schema_field(VoteEventSerializer(many=True))
    def get_vote_events(self, action: Action) -> Any:
        return VoteEventSerializer([action.vote], many=True, context=self.context).data


class VotedViewSet(ActionViewSet):
    """Actions that were decided."""

    tombstone = PopoloTombstoneSerializer
    queryset = ActionViewSet.queryset.exclude(outcome="")

    def wanted(self) -> Q:
        return super().wanted() & ~Q(outcome="")


class MotionViewSet(VotedViewSet):
    """Motions that were decided, as Popolo’s, each with its vote."""

    serializer_class = MotionSerializer


class VoteEventViewSet(VotedViewSet):
    """Votes as Popolo’s vote events; one over several motions is one event."""

    serializer_class = VoteEventSerializer
    queryset = VotedViewSet.queryset.filter(shares_vote_with__isnull=True)

    def wanted(self) -> Q:
        return super().wanted() & Q(shares_vote_with__isnull=True)
