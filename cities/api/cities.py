"""Cities in the API."""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from cities.filters import CityFilter
from cities.models import City, CityName, CitySummary, FormerCountry, Population, Relationship
from cities.models.successions import SuccessionKind
from cities.records.api import (
    DateField,
    LinkField,
    OwnLink,
    PageField,
    PublicViewSet,
    RecordSerializer,
)
from cities.shared import successions


class CityNameSerializer(serializers.ModelSerializer):
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = CityName
        fields = ["text", "language", "kind", "since", "until", "source"]


class CitySummarySerializer(serializers.ModelSerializer):
    class Meta:
        model = CitySummary
        fields = ["language", "text", "written_by"]


class PopulationSerializer(serializers.ModelSerializer):
    on = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = Population
        fields = ["count", "area", "scope", "on", "source"]


class FormerCountrySerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="country")
    name = serializers.CharField(read_only=True)
    since = DateField()
    until = DateField()
    source = LinkField("api:source-detail")

    class Meta:
        model = FormerCountry
        fields = ["code", "name", "since", "until", "source"]


class PictureSerializer(serializers.ModelSerializer):
    url = PageField("picture_address")
    alt = serializers.CharField(source="picture_alt")
    credit = serializers.CharField(source="picture_credit")
    width = serializers.IntegerField(source="picture_width")
    height = serializers.IntegerField(source="picture_height")

    class Meta:
        model = City
        fields = ["url", "alt", "credit", "width", "height"]


class SuccessionSerializer(serializers.Serializer):
    """How one city became another, seen from one of them."""

    city = LinkField("api:city-detail")
    kind = serializers.ChoiceField(SuccessionKind.choices, help_text="What happened.")
    on = DateField()
    note = serializers.CharField()
    source = LinkField("api:source-detail")


class CitySerializer(RecordSerializer):
    url = OwnLink("api:city-detail")
    page = PageField()
    country_name = serializers.CharField(read_only=True)
    former_countries = FormerCountrySerializer(many=True)
    part_of = LinkField("api:city-detail")
    geography_source = LinkField("api:source-detail")
    populations = PopulationSerializer(many=True, source="populations_in_order")
    picture = serializers.SerializerMethodField()
    began = DateField()
    ceased = DateField()
    names = CityNameSerializer(many=True)
    summaries = CitySummarySerializer(many=True)
    became = serializers.SerializerMethodField(help_text="What became of it, in order of time.")
    came_from = serializers.SerializerMethodField(
        help_text="The cities that it came from. Their relationships are shown on its page."
    )
    relationships = serializers.SerializerMethodField()

    class Meta:
        model = City
        fields = [
            "url",
            "page",
            "slug",
            "name",
            "names",
            "kind",
            "country",
            "country_name",
            "former_countries",
            "subdivision",
            "part_of",
            "summary",
            "summaries",
            "latitude",
            "longitude",
            "time_zone",
            "geography_source",
            "populations",
            "picture",
            "website",
            "wikidata_id",
            "began",
            "ceased",
            "became",
            "came_from",
            "relationships",
            "modified",
        ]

    @extend_schema_field(PictureSerializer(allow_null=True))
    def get_picture(self, city: City) -> Any:
        return PictureSerializer(city, context=self.context).data if city.picture else None

    @cached_property
    def _succession(self) -> SuccessionSerializer:
        return SuccessionSerializer(context=self.context)  # one for all cities of a list

    @extend_schema_field(SuccessionSerializer(many=True))
    def get_became(self, city: City) -> list[Any]:
        return self._steps(city, "predecessor_id", "successor")

    @extend_schema_field(SuccessionSerializer(many=True))
    def get_came_from(self, city: City) -> list[Any]:
        return self._steps(city, "successor_id", "predecessor")

    def _steps(self, city: City, own: str, other: str) -> list[Any]:
        steps = [step for step in successions() if getattr(step, own) == city.pk]
        return [
            self._succession.to_representation(
                {
                    "city": getattr(step, other),
                    "kind": step.kind,
                    "on": step.on,
                    "note": step.note,
                    "source": step.source,
                }
            )
            for step in steps
        ]

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_relationships(self, city: City) -> list[str]:
        request = self.context["request"]
        return [
            reverse("api:relationship-detail", args=[relationship.slug], request=request)
            for relationship in city.public_relationships
        ]


class CityViewSet(PublicViewSet):
    """Cities and other places: the home city, its partners, and their districts and successors."""

    serializer_class = CitySerializer
    filterset_class = CityFilter
    queryset = City.objects.select_related("part_of", "geography_source").prefetch_related(
        Prefetch("names", CityName.objects.select_related("source")),
        Prefetch("populations", Population.objects.select_related("source")),
        Prefetch("former_countries", FormerCountry.objects.select_related("source")),
        "summaries",
        Prefetch("relationships", Relationship.objects.public(), to_attr="public_relationships"),
    )
