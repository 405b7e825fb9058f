"""Organizations, and their authority to decide."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cities.contacts import warn_if_personal
from cities.current_register import register_of
from cities.models import Authority, City, Organization, Register
from cities.records.admin import PublishableAdmin, RecordAdmin


@admin.register(Organization)
class OrganizationAdmin(PublishableAdmin):
    list_display = ["name", "abbreviation", "classification", "place", "publication"]
    list_filter = ["publication", "classification"]
    list_select_related = ["place"]
    search_fields = ["name", "abbreviation", "slug"]
    slug_from = ["name"]
    autocomplete_fields = ["place", "source", "contact_source"]
    fieldsets = [
        (None, {"fields": ["name", "abbreviation", "classification", "place", "summary"]}),
        (
            _("How to reach it"),
            {
                "fields": [
                    "website",
                    "email",
                    "telephone",
                    "postal_address",
                    "hours",
                    "contact_source",
                ]
            },
        ),
        (_("History"), {"fields": ["founded", "dissolved", "source", "slug"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            warn_if_personal(request, obj.email)


@admin.register(Register)
class RegisterAdmin(RecordAdmin):
    """The one row that says whose record this is."""

    list_display = ["home", "maintainer", "records_office"]
    list_select_related = ["home", "maintainer", "records_office"]
    visible_through = {"home": City, "maintainer": Organization}
    autocomplete_fields = ["home", "maintainer", "records_office"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse a second one."""
        if not super().has_add_permission(request):
            return False
        return not register_of(request).is_on_record and not Register.objects.exists()


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
