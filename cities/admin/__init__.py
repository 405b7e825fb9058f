"""The admin of cities, relationships and sources, split as the models are."""

from cities.admin import (
    agreements,
    change_sets,
    cities,
    entries,
    organizations,
    relationships,
    sources,
)

__all__ = [
    "agreements",
    "change_sets",
    "cities",
    "entries",
    "organizations",
    "relationships",
    "sources",
]
