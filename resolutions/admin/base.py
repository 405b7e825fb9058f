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

from cities.models import Organization
from cities.records.admin import PublishableAdmin, RecordAdmin
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


class NewestOrganizationAdmin(RecordAdmin):
    """Begin a new record with the organization of the newest: most are of one council."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        newest = self.get_queryset(request).order_by("-pk").values_list("organization", flat=True)
        given: Any = super().get_changeform_initial_data(request)
        return {"organization": newest.first(), **given}


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
