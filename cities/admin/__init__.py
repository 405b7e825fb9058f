"""The admin of cities, relationships and sources, split as the models are."""

from cities.admin import agreements, organizations, relationships, sources
from cities.admin import cities as places
from cities.admin import entries as ledger

__all__ = ["agreements", "ledger", "organizations", "places", "relationships", "sources"]
