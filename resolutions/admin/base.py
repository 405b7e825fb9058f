"""What several of the forms about bodies share."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.models import Organization
from resolutions.filters import numbered_as
from resolutions.models import Resolution

SEARCHED = _("Words of the title, any name on record, or the number in any spelling: 2018-1.")


class FoundByNumber:
    """Lists that find a resolution, or what belongs to one, by its number in any spelling."""

    search_help_text = SEARCHED
    number_at = ""
    """The way from a row to its resolution; empty for the resolution itself."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        admin: Any = super()
        found, __ = admin.get_search_results(request, queryset, search_term)
        by_number = numbered_as(search_term, self.number_at)
        return queryset.filter(Q(pk__in=found.values("pk")) | by_number), False


class PrefilledBody:
    """New records begin with the body of the newest one: most are of one body."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        admin: Any = self
        newest = admin.get_queryset(request).order_by("-pk").values_list("organization", flat=True)
        given = super().get_changeform_initial_data(request)  # type: ignore[misc]
        return {"organization": newest.first(), **given}


def rows_of(admin: ModelAdmin, request: HttpRequest, model: Any, **of: Any) -> QuerySet:
    """The records of a model that this person may see, narrowed."""
    return admin.admin_site.get_model_admin(model).get_queryset(request).filter(**of)


def clauses_found(version: Any) -> SafeString | str:
    """The clauses that a saved text was read as."""
    if not version.pk:
        return _now("Save first: then the clauses found in the text are shown here.")
    return render_to_string("admin/resolutions/_clauses.html", {"clauses": version.clauses})


ABOUT_RESOLUTION: dict[str, Any] = {
    "resolution": Resolution,
    "resolution__organization": Organization,
}
"""What rows of a resolution are about."""
