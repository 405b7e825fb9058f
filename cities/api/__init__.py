"""The part of the API about cities, organizations, sources and relationships."""

from rest_framework.routers import SimpleRouter

from cities.api.cities import CityViewSet
from cities.api.organizations import OrganizationViewSet, SourceViewSet
from cities.api.register import RegisterViewSet
from cities.api.relationships import EntryViewSet, RelationshipTypeViewSet, RelationshipViewSet

router = SimpleRouter()
router.register("register", RegisterViewSet, "register")
router.register("cities", CityViewSet)
router.register("relationship-types", RelationshipTypeViewSet, "relationship-type")
router.register("relationships", RelationshipViewSet)
router.register("entries", EntryViewSet)
router.register("organizations", OrganizationViewSet)
router.register("sources", SourceViewSet)
