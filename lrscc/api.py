"""Every resource of the API, at one address, and how its description says null."""

from typing import Any

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


def say_null(result: Any, **kwargs: Any) -> Any:
    """Write null as a type in the description, as OpenAPI 3.1 does, for “nullable”."""
    if isinstance(result, list):
        return [say_null(part) for part in result]
    if not isinstance(result, dict):
        return result
    described = {name: say_null(part) for name, part in result.items()}
    if described.pop("nullable", False) and isinstance(described.get("type"), str):
        described["type"] = [described["type"], "null"]
    return described
