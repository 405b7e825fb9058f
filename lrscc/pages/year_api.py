"""A year in review, in the API."""

from typing import Any

from django.http import Http404
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ViewSet

from cities.records.api import DateField, LinkField
from cities.records.api_parameters import KnownParameters
from exchanges.api import ReviewSerializer
from lrscc.pages.year_review import review_of, years_on_record


class AdoptionSerializer(serializers.Serializer):
    """A resolution adopted in the year."""

    resolution = LinkField("api:resolution-detail")
    action = LinkField("api:action-detail", "ref", source="*")
    title = serializers.CharField(source="resolution.title")
    on = DateField()


class NewRelationshipSerializer(serializers.Serializer):
    """A relationship that began in the year."""

    relationship = LinkField("api:relationship-detail", source="*")
    partner = LinkField("api:city-detail")
    began = DateField(source="standing.began.on")


class YearReviewSerializer(serializers.Serializer):
    """A year in review: the numbers of its page and of the file for the awards."""

    year = serializers.IntegerField()
    exchanges = ReviewSerializer()
    resolutions_adopted = AdoptionSerializer(many=True, source="adoptions")
    new_relationships = NewRelationshipSerializer(many=True, source="relationships")


class YearLinkSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    url = serializers.URLField()


_YEAR = OpenApiParameter(
    "year", {"type": "integer", "minimum": 1000, "maximum": 9999}, OpenApiParameter.PATH
)


class YearViewSet(KnownParameters, ViewSet):
    """The years on record."""

    lookup_field = "year"
    lookup_value_regex = "[0-9]{4}"

    @extend_schema(summary="List of years", responses=YearLinkSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The years on record, newest first, each with the address of its review."""
        years = [
            {"year": year, "url": reverse("api:year-detail", args=[year], request=request)}
            for year in reversed(years_on_record(localdate()))
        ]
        return Response(years)

    @extend_schema(summary="One year", responses=YearReviewSerializer, parameters=[_YEAR])
    def retrieve(self, request: Request, year: Any) -> Response:
        """A year in review. Each total says how many exchanges reported the number."""
        today = localdate()
        if int(year) not in years_on_record(today):
            raise Http404
        review = review_of(int(year), today)
        return Response(YearReviewSerializer(review, context={"request": request}).data)
