"""Where staff keep programmes, exchanges and the tables of awards, split as the models are."""

from exchanges.admin import awards, exchanges
from exchanges.admin import programs as programmes

__all__ = ["awards", "exchanges", "programmes"]
