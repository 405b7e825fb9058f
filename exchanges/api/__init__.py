"""Programs, exchanges and awards in the read-only API."""

from exchanges.api.awards import AwardCategoryViewSet
from exchanges.api.exchanges import ExchangeViewSet
from exchanges.api.programs import ProgramViewSet
from exchanges.api.review import ReviewSerializer

__all__ = [
    "AwardCategoryViewSet",
    "ExchangeViewSet",
    "ProgramViewSet",
    "ReviewSerializer",
]
