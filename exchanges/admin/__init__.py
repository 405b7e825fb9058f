"""The admin of programs, exchanges and the tables of awards, split as the models are."""

from exchanges.admin import awards, exchanges
from exchanges.admin import programs as programs

__all__ = ["awards", "exchanges", "programs"]
