"""Every resource of the API, at one address, and how its description says null."""

from typing import Any

from rest_framework.routers import DefaultRouter

from cities import api as cities
from exchanges import api as exchanges
from lrscc.changes.api import ChangeViewSet
from lrscc.pages.year_api import YearViewSet
from lrscc.search.api import SearchViewSet
from resolutions import api as resolutions

router = DefaultRouter(use_regex_path=True)
router.include_format_suffixes = False
router.register("register", cities.RegisterViewSet, "register")
router.register("cities", cities.CityViewSet)
router.register("relationship-types", cities.RelationshipTypeViewSet, "relationship-type")
router.register("relationships", cities.RelationshipViewSet)
router.register("entries", cities.EntryViewSet)
router.register("organizations", cities.OrganizationViewSet)
router.register("sources", cities.SourceViewSet)
router.register("resolutions", resolutions.ResolutionViewSet)
router.register("actions", resolutions.ActionViewSet)
router.register("meetings", resolutions.MeetingViewSet)
router.register("members", resolutions.MemberViewSet)
router.register("seats", resolutions.SeatViewSet)
router.register("statements", resolutions.StatementViewSet)
router.register("programs", exchanges.ProgramViewSet)
router.register("exchanges", exchanges.ExchangeViewSet)
router.register("award-categories", exchanges.AwardCategoryViewSet, "award-category")
router.register("years", YearViewSet, "year")
router.register("search", SearchViewSet, "search")
router.register("changes", ChangeViewSet, "change")
router.register("popolo/persons", resolutions.PersonViewSet, "popolo-person")
router.register(
    "popolo/organizations", resolutions.PopoloOrganizationViewSet, "popolo-organization"
)
router.register("popolo/motions", resolutions.MotionViewSet, "popolo-motion")
router.register("popolo/vote-events", resolutions.VoteEventViewSet, "popolo-vote-event")


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
