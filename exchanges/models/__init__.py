"""The models of what partner cities do together: programs, exchanges, funding, awards."""

from exchanges.models.awards import AwardCategory, AwardKind, PopulationBand
from exchanges.models.exchanges import Exchange
from exchanges.models.funding import Funding
from exchanges.models.programs import Program
from exchanges.models.roles import ExchangeRole, ProgramRole

__all__ = [
    "AwardCategory",
    "AwardKind",
    "Exchange",
    "ExchangeRole",
    "Funding",
    "PopulationBand",
    "Program",
    "ProgramRole",
]
