"""Where staff keep programmes, exchanges and the tables of awards, split as the models are."""

from exchanges.admin import awards, exchanges, programmes

__all__ = ["awards", "exchanges", "programmes"]
