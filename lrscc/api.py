"""Every resource of the API, at one address."""

from rest_framework.routers import DefaultRouter

from cities import api as cities
from exchanges import api as exchanges
from lrscc.changes.api import ChangeViewSet, LogViewSet
from lrscc.pages.year_api import YearViewSet
from lrscc.search.api import SearchViewSet
from resolutions import api as resolutions

router = DefaultRouter(use_regex_path=True)
router.include_format_suffixes = False
for app in (cities, resolutions, exchanges):
    router.registry.extend(app.router.registry)
router.register("years", YearViewSet, "year")
router.register("search", SearchViewSet, "search")
router.register("changes", ChangeViewSet, "change")
router.register("log", LogViewSet, "log")
