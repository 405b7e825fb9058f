"""The part of the API about cities, organizations, sources and relationships."""

from cities.api.cities import CityViewSet
from cities.api.organizations import OrganizationViewSet, SourceViewSet
from cities.api.register import RegisterViewSet
from cities.api.relationships import EntryViewSet, RelationshipTypeViewSet, RelationshipViewSet

__all__ = [
    "CityViewSet",
    "EntryViewSet",
    "OrganizationViewSet",
    "RegisterViewSet",
    "RelationshipTypeViewSet",
    "RelationshipViewSet",
    "SourceViewSet",
]
