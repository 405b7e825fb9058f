"""The records as JSON."""

from rest_framework import serializers

from tests.benchmark.twin import models


class SourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.Source
        fields = "__all__"


class CityNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.CityName
        fields = ["text", "language", "kind"]


class CitySerializer(serializers.ModelSerializer):
    names = CityNameSerializer(many=True)
    relationships = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta:
        model = models.City
        fields = [
            "slug", "name", "names", "kind", "country", "subdivision", "summary", "latitude",
            "longitude", "time_zone", "population", "population_year", "website", "relationships",
        ]  # fmt: skip


class RelationshipSerializer(serializers.ModelSerializer):
    home = serializers.SlugRelatedField("slug", read_only=True)
    partner = serializers.SlugRelatedField("slug", read_only=True)
    type = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = models.Relationship
        fields = ["slug", "home", "partner", "story", "status", "type", "since", "since_earliest"]


class ResolutionSerializer(serializers.HyperlinkedModelSerializer):
    organization = serializers.SlugRelatedField("slug", read_only=True)
    sponsors = serializers.SlugRelatedField("slug", many=True, read_only=True)
    relationships = serializers.SlugRelatedField("slug", many=True, read_only=True)
    sources = serializers.SlugRelatedField("slug", many=True, read_only=True)
    page = serializers.SerializerMethodField()

    class Meta:
        model = models.Resolution
        fields = [
            "url", "page", "slug", "organization", "kind", "number", "title", "summary", "status",
            "decided_on", "decided_earliest", "text_kind", "text_on", "sponsors", "relationships",
            "sources",
        ]  # fmt: skip
        extra_kwargs = {"url": {"view_name": "api:resolution-detail", "lookup_field": "slug"}}

    def get_page(self, resolution):
        return self.context["request"].build_absolute_uri(resolution.get_absolute_url())


class ResolutionInFullSerializer(ResolutionSerializer):
    class Meta(ResolutionSerializer.Meta):
        fields = [*ResolutionSerializer.Meta.fields, "text"]


class BallotSerializer(serializers.ModelSerializer):
    member = serializers.SlugRelatedField("slug", read_only=True)
    name = serializers.CharField(source="member.name")

    class Meta:
        model = models.Ballot
        fields = ["member", "name", "choice"]


class CitationSerializer(serializers.ModelSerializer):
    source = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = models.ActionCitation
        fields = ["source", "role", "says"]


class ActionSerializer(serializers.ModelSerializer):
    resolution = serializers.SlugRelatedField("slug", read_only=True)
    organization = serializers.SlugRelatedField("slug", read_only=True)
    meeting = serializers.SlugRelatedField("slug", read_only=True)
    mover = serializers.SlugRelatedField("slug", read_only=True)
    seconder = serializers.SlugRelatedField("slug", read_only=True)
    counts = serializers.DictField(source="get_counts")
    ballots = BallotSerializer(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = models.Action
        fields = [
            "id", "resolution", "number", "kind", "on", "on_earliest", "organization", "meeting",
            "mover", "seconder", "method", "outcome", "requirement", "announced_yes",
            "announced_no", "counts", "ballots", "note", "citations",
        ]  # fmt: skip


class MemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.Member
        fields = "__all__"


class MeetingSerializer(serializers.ModelSerializer):
    organization = serializers.SlugRelatedField("slug", read_only=True)
    sources = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta:
        model = models.Meeting
        fields = ["slug", "organization", "kind", "on", "on_earliest", "note", "sources"]


class ChangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.Change
        fields = ["at", "kind", "title", "url"]
