"""Every resource of the API, at one address."""

from rest_framework.routers import DefaultRouter

from cities import api as cities

router = DefaultRouter(use_regex_path=True)
router.include_format_suffixes = False
router.register("cities", cities.CityViewSet)
router.register("relationship-types", cities.RelationshipTypeViewSet, "relationship-type")
router.register("relationships", cities.RelationshipViewSet)
router.register("entries", cities.EntryViewSet)
router.register("organizations", cities.OrganizationViewSet)
router.register("sources", cities.SourceViewSet)
