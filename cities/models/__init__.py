"""The models of the app, split by subject."""

from cities.models.agreements import Agreement, AgreementTitle, Signatory
from cities.models.citations import Citation
from cities.models.cities import City
from cities.models.entries import Acceptance, Entry
from cities.models.former_countries import FormerCountry
from cities.models.names import CityName, CitySummary
from cities.models.organizations import Authority, Organization
from cities.models.populations import Population
from cities.models.register import Register
from cities.models.relationships import Relationship, RelationshipType
from cities.models.sources import Source
from cities.models.standings import StandingPeriod
from cities.models.successions import Succession
from cities.records.change_sets import ChangeSet, ProposedChange
from cities.records.log import Edition, LogEntry, LoggedRecord, Representation
from cities.records.pictured import Pictured
from cities.records.unsaved import UnsavedForm

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementTitle",
    "Authority",
    "ChangeSet",
    "Citation",
    "City",
    "CityName",
    "CitySummary",
    "Edition",
    "Entry",
    "FormerCountry",
    "LogEntry",
    "LoggedRecord",
    "Organization",
    "Pictured",
    "Population",
    "ProposedChange",
    "Register",
    "Relationship",
    "RelationshipType",
    "Representation",
    "Signatory",
    "Source",
    "StandingPeriod",
    "Succession",
    "UnsavedForm",
]
