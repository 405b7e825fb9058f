"""Where commission staff keep the ground floor's records, split as the models are."""

from cities.admin import agreements, ledger, organizations, places, relationships, sources

__all__ = ["agreements", "ledger", "organizations", "places", "relationships", "sources"]
