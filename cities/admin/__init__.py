"""The admin of cities, relationships and sources, split as the models are."""

from cities.admin import agreements, cities, entries, organizations, relationships, sources

__all__ = ["agreements", "cities", "entries", "organizations", "relationships", "sources"]
