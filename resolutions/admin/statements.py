"""Statements of office holders."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cities.records.admin import PublishableAdmin
from resolutions.models import Statement


@admin.register(Statement)
class StatementAdmin(PublishableAdmin):
    list_display = ["title", "speaker", "office", "on", "publication"]
    search_fields = [
        "title",
        "speaker",
        "office",
        "slug",
        "places__name",
        "places__names__text",
        "relationships__partner__name",
        "relationships__partner__names__text",
    ]
    search_help_text = _("Search by title, speaker, or any name of a city it is about.")
    slug_from = ["title"]
    autocomplete_fields = ["organization", "relationships", "places", "source"]
    fieldsets = [
        (None, {"fields": ["title", "speaker", "office", "organization", "on"]}),
        (_("Content"), {"fields": ["summary", "source"]}),
        (_("Subject"), {"fields": ["relationships", "places"]}),
    ]
