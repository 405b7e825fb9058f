"""The ground floor's records, split by subject."""

from cities.models.agreements import Agreement, AgreementTitle, Signatory
from cities.models.ledger import Acceptance, Citation, Entry
from cities.models.organizations import Authority, Organization
from cities.models.pictured import Pictured
from cities.models.places import City, CityName, CitySummary, Succession
from cities.models.relationships import Relationship, RelationshipType
from cities.models.sources import Source
from cities.models.standings import StandingPeriod

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementTitle",
    "Authority",
    "Citation",
    "City",
    "CityName",
    "CitySummary",
    "Entry",
    "Organization",
    "Pictured",
    "Relationship",
    "RelationshipType",
    "Signatory",
    "Source",
    "StandingPeriod",
    "Succession",
]
