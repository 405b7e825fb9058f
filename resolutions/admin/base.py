"""What several forms of the clerk's records share."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.current_register import current_register
from cities.models import Organization
from cities.models.organizations import Classification
from cities.records.admin import PublishableAdmin, RecordAdmin
from cities.records.publishing import Publication
from resolutions.filters import numbered_as
from resolutions.models import Resolution


class NumberSearchAdmin(PublishableAdmin):
    """Find resolutions, and what belongs to them, by the number in any spelling."""

    search_help_text = _(
        "Search by title, by any name on record, or by number in any form: 2018-1."
    )
    resolution_lookup = ""
    """The lookup from a row to its resolution; empty for the resolution itself."""

    def matching(self, rows: QuerySet, fields: Iterable[str], words: str) -> QuerySet:
        found = super().matching(rows, fields, words)
        by_number = numbered_as(words, self.resolution_lookup)
        return rows.filter(Q(pk__in=found.values("pk")) | by_number)


def home_council_among(organizations: Iterable[Organization]) -> Organization | None:
    """Return the council of the home city, if it is one of the organizations."""
    home = current_register().home_if_known
    if home is None:
        return None
    of_home = (one for one in organizations if one.place_id == home.pk)
    councils = (one for one in of_home if one.classification == Classification.COUNCIL)
    return next(councils, None)


class UsualOrganizationAdmin(RecordAdmin):
    """Begin a new record with the council of the home city, or with that of the newest."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given: Any = super().get_changeform_initial_data(request)
        if "organization" in given:
            return given
        councils = rows_of(self, request, Organization, classification=Classification.COUNCIL)
        home = home_council_among(councils.exclude(publication=Publication.WITHDRAWN))
        newest = self.get_queryset(request).order_by("-pk").values_list("organization", flat=True)
        return {"organization": home.pk if home else newest.first(), **given}


def rows_of(admin: ModelAdmin, request: HttpRequest, model: Any, **conditions: Any) -> QuerySet:
    """Return the records of a model that the user may see, filtered."""
    return admin.admin_site.get_model_admin(model).get_queryset(request).filter(**conditions)


def clauses_found(version: Any) -> SafeString | str:
    """Show the clauses into which a saved text was divided."""
    if not version.pk:
        return gettext("Save first. Then the clauses of the text are shown here.")
    return render_to_string("admin/resolutions/_clauses.html", {"clauses": version.clauses})


THROUGH_RESOLUTION: dict[str, Any] = {
    "resolution": Resolution,
    "resolution__organization": Organization,
}
"""The records by which a row of a resolution is seen."""


def meeting_address(organization: Any, on: Any) -> str:
    """Return the organization and the date: “lansing-city-council 2013-08-19”."""
    if organization is None or on is None or on.earliest is None:
        return ""
    return f"{organization.abbreviation or organization.slug} {on.earliest}"
