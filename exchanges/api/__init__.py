"""Programs, exchanges and awards in the read-only API."""

from rest_framework.routers import SimpleRouter

from exchanges.api.awards import AwardCategoryViewSet
from exchanges.api.exchanges import ExchangeViewSet
from exchanges.api.programs import ProgramViewSet
from exchanges.api.review import ReviewSerializer

__all__ = ["ReviewSerializer", "router"]

router = SimpleRouter()
router.register("programs", ProgramViewSet)
router.register("exchanges", ExchangeViewSet)
router.register("award-categories", AwardCategoryViewSet, "award-category")
