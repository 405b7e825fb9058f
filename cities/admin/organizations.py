"""Organizations, and their authority to decide."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cities.models import Authority, City, Organization
from cities.records.admin import PublishableAdmin, RecordAdmin


@admin.register(Organization)
class OrganizationAdmin(PublishableAdmin):
    list_display = ["name", "abbreviation", "classification", "place", "publication"]
    list_filter = ["publication", "classification"]
    list_select_related = ["place"]
    search_fields = ["name", "abbreviation", "slug"]
    slug_from = ["name"]
    autocomplete_fields = ["place", "source"]


@admin.register(Authority)
class AuthorityAdmin(RecordAdmin):
    list_display = ["organization", "place", "since", "until"]
    visible_through = {"organization": Organization, "place": City}
    list_select_related = ["organization", "place"]
    search_fields = ["organization__name", "place__name"]
    autocomplete_fields = ["organization", "place", "source"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse while an entry needs it: authority ends with a date."""
        rests = obj is not None and bool(obj.dependent_entries())
        return super().has_delete_permission(request, obj) and not rests
