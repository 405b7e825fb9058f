"""Actions in the API: what happened to a resolution, with the votes and the result."""

from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.api.relationships import CitationSerializer, EntryTombstoneSerializer
from cities.records.api import (
    DateField,
    LatePages,
    LinkField,
    NameField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
)
from resolutions.api.base import COUNT, COUNT_OR_NULL, REF, whole
from resolutions.api.requirements import REQUIREMENT_SCHEMA, requirement_of
from resolutions.course import Outcome
from resolutions.filters import ActionFilter
from resolutions.models import Action, ActionCitation, Ballot
from resolutions.reading import with_shared_votes
from resolutions.tally import Choice, Method

ANNOUNCED_SCHEMA = whole(
    dict.fromkeys(("yes", "no", "abstain", "absent"), COUNT_OR_NULL),
    description="The counts as printed; null where the source gives none.",
)
RESULT_SCHEMA = whole(
    {"is_carried": {"type": "boolean"}, "yes": COUNT, "needed": COUNT, "of": COUNT},
    nullable=True,
    description="The result from the votes and the requirement; null where one is unknown.",
)
TIE_BREAK_SCHEMA = whole(
    {
        "choice": {"type": "string", "enum": [Choice.YES.value, Choice.NO.value]},
        "by": {"type": "string"},
    },
    nullable=True,
    description="The deciding vote of the chair, if there was one.",
)


class BallotSerializer(serializers.ModelSerializer):
    member = LinkField("api:member-detail")
    name = NameField("name", source="member")

    class Meta:
        model = Ballot
        fields = ["member", "name", "name_as_printed", "choice", "choice_as_printed", "note"]


class CountsSerializer(serializers.Serializer):
    """The counts of a roll call."""

    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    recused = serializers.IntegerField()
    absent = serializers.IntegerField()
    excused = serializers.IntegerField()
    not_voting = serializers.IntegerField()


class VotesSerializer(serializers.Serializer):
    """The votes by name: all of a roll call, with their counts; otherwise those known."""

    is_complete = serializers.BooleanField(help_text="Whether no vote is without a name.")
    counts = CountsSerializer(allow_null=True)
    ballots = BallotSerializer(many=True)


class ActionCitationSerializer(CitationSerializer):
    class Meta(CitationSerializer.Meta):
        model = ActionCitation


class ActionSerializer(RecordSerializer):
    url = OwnLink("api:action-detail", "ref")
    page = PageField()
    resolution = LinkField("api:resolution-detail")
    number = serializers.IntegerField()  # as the model’s its bounds would be the database’s
    on = DateField()
    effective = DateField(help_text="From when on it has effect; null if no source says so.")
    veto_until = DateField(help_text="The last day for a veto; null if no source says so.")
    organization = LinkField("api:organization-detail")
    meeting = LinkField("api:meeting-detail")
    text = serializers.SerializerMethodField(
        help_text="The version of the text voted on; null if there is no record."
    )
    mover = LinkField("api:member-detail")
    seconder = LinkField("api:member-detail")
    method = serializers.SerializerMethodField(help_text="Null where there was no vote.")
    outcome = serializers.SerializerMethodField(
        help_text="Null where there was no vote; `unknown` where no record has the result."
    )
    shares_vote_with = LinkField(
        "api:action-detail",
        "ref",
        help_text="The action with which the vote is recorded and counted; null for its own vote.",
    )
    together = serializers.ListField(
        child=LinkField("api:action-detail", "ref"),
        read_only=True,
        help_text="The actions on other resolutions that the same vote decided.",
    )
    requirement = serializers.SerializerMethodField()
    announced = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    tie_break = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    disagreements = serializers.ListField(child=serializers.CharField(), read_only=True)
    citations = ActionCitationSerializer(many=True, source="public_citations")
    known_by = "ref"

    class Meta:
        model = Action
        fields = [
            "url",
            "page",
            "ref",
            "resolution",
            "number",
            "kind",
            "on",
            "organization",
            "meeting",
            "text",
            "mover",
            "seconder",
            "method",
            "outcome",
            "shares_vote_with",
            "together",
            "requirement",
            "announced",
            "announced_as",
            "votes",
            "tie_break",
            "result",
            "override_reason",
            "disagreements",
            "agenda_label",
            "is_late_item",
            "effective",
            "veto_until",
            "note",
            "citations",
            "modified",
        ]

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_text(self, action: Action) -> int | None:
        text = action.text
        return text.number if text is not None and text.is_published else None

    @extend_schema_field({"type": "string", "enum": [*Method.values, None], "nullable": True})
    def get_method(self, action: Action) -> str | None:
        return action.method or None

    @extend_schema_field({"type": "string", "enum": [*Outcome.values, None], "nullable": True})
    def get_outcome(self, action: Action) -> str | None:
        return action.outcome or None

    @extend_schema_field(REQUIREMENT_SCHEMA)
    def get_requirement(self, action: Action) -> dict[str, Any] | None:
        return requirement_of(action)

    @extend_schema_field(ANNOUNCED_SCHEMA)
    def get_announced(self, action: Action) -> dict[str, int | None]:
        return asdict(action.announced)

    @extend_schema_field(VotesSerializer(allow_null=True))
    def get_votes(self, action: Action) -> Any:
        ballots = action.ballots.all()
        if action.tally is None and not ballots:
            return None
        votes = {
            "is_complete": action.names_each_vote,
            "counts": action.tally,
            "ballots": ballots,
        }
        return self._votes.to_representation(votes)

    @cached_property
    def _votes(self) -> VotesSerializer:
        """The serializer of all votes: making its fields takes longer than using them."""
        return VotesSerializer(context=self.context)

    @extend_schema_field(TIE_BREAK_SCHEMA)
    def get_tie_break(self, action: Action) -> dict[str, str] | None:
        if not action.tie_break:
            return None
        return {"choice": action.tie_break, "by": action.tie_broken_by}

    @extend_schema_field(RESULT_SCHEMA)
    def get_result(self, action: Action) -> dict[str, Any] | None:
        return asdict(action.result) if action.result else None


class ActionViewSet(PublicViewSet):
    """Actions on resolutions, oldest first, with the votes and the sources."""

    pagination_class = LatePages
    serializer_class = ActionSerializer
    filterset_class = ActionFilter
    lookup_url_kwarg = "ref"
    lookup_value_regex = REF
    tombstone = EntryTombstoneSerializer
    queryset = Action.objects.for_reading().order_by("on_earliest", "resolution__slug", "number")

    def paginate_queryset(self, queryset: Any) -> Any:
        page: Any = super().paginate_queryset(queryset)
        return with_shared_votes(page)

    def get_object(self) -> Any:
        return with_shared_votes([super().get_object()])[0]

    def wanted(self) -> Q:
        return Action.wanted(self.kwargs["ref"])
