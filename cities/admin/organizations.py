"""Organizations, and which of them may decide."""

from django.contrib import admin

from cities.admin.base import PublishableAdmin, RecordAdmin
from cities.models import Authority, Organization


@admin.register(Organization)
class OrganizationAdmin(PublishableAdmin):
    list_display = ["name", "abbreviation", "classification", "place", "publication"]
    list_filter = ["publication", "classification"]
    list_select_related = ["place"]
    search_fields = ["name", "abbreviation", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["place", "source"]


@admin.register(Authority)
class AuthorityAdmin(RecordAdmin):
    list_display = ["organization", "place", "since", "until"]
    list_select_related = ["organization", "place"]
    search_fields = ["organization__name", "place__name"]
    autocomplete_fields = ["organization", "place", "source"]
