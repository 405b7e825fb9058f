"""The records at `/api/v1/`."""

from rest_framework.filters import SearchFilter
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ModelViewSet

from tests.benchmark.twin import models, serializers


class SourceViewSet(ModelViewSet):
    queryset = models.Source.objects.all()
    serializer_class = serializers.SourceSerializer
    lookup_field = "slug"


class CityViewSet(ModelViewSet):
    queryset = models.City.objects.prefetch_related("names", "relationships")
    serializer_class = serializers.CitySerializer
    lookup_field = "slug"


class RelationshipViewSet(ModelViewSet):
    queryset = models.Relationship.objects.select_related("home", "partner", "type")
    serializer_class = serializers.RelationshipSerializer
    lookup_field = "slug"


class ResolutionViewSet(ModelViewSet):
    queryset = models.Resolution.objects.select_related("organization").prefetch_related(
        "sponsors", "relationships", "sources"
    )
    lookup_field = "slug"
    filter_backends = [SearchFilter]
    search_fields = ["title", "number", "summary"]

    def get_serializer_class(self):
        if self.action == "list":
            return serializers.ResolutionSerializer
        return serializers.ResolutionInFullSerializer


class ActionViewSet(ModelViewSet):
    serializer_class = serializers.ActionSerializer

    def get_queryset(self):
        actions = models.Action.objects.select_related(
            "resolution", "organization", "meeting", "mover", "seconder"
        ).prefetch_related("ballots__member", "citations__source")
        if slug := self.request.query_params.get("resolution"):
            actions = actions.filter(resolution__slug=slug)
        return actions


class MemberViewSet(ModelViewSet):
    queryset = models.Member.objects.all()
    serializer_class = serializers.MemberSerializer
    lookup_field = "slug"


class MeetingViewSet(ModelViewSet):
    queryset = models.Meeting.objects.select_related("organization").prefetch_related("sources")
    serializer_class = serializers.MeetingSerializer
    lookup_field = "slug"


class ChangeViewSet(ModelViewSet):
    queryset = models.Change.objects.all()
    serializer_class = serializers.ChangeSerializer


router = DefaultRouter()
router.register("sources", SourceViewSet)
router.register("cities", CityViewSet)
router.register("relationships", RelationshipViewSet)
router.register("resolutions", ResolutionViewSet, "resolution")
router.register("actions", ActionViewSet, "action")
router.register("members", MemberViewSet)
router.register("meetings", MeetingViewSet)
router.register("changes", ChangeViewSet)
