"""The ground floor's part of the read-only API, split as the models are."""

from cities.api.cities import CityViewSet
from cities.api.organizations import OrganizationViewSet, SourceViewSet
from cities.api.relationships import EntryViewSet, RelationshipTypeViewSet, RelationshipViewSet

__all__ = [
    "CityViewSet",
    "EntryViewSet",
    "OrganizationViewSet",
    "RelationshipTypeViewSet",
    "RelationshipViewSet",
    "SourceViewSet",
]
