"""Sources."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cities.models import Source
from cities.records.admin import PublishableAdmin, may


@admin.register(Source)
class SourceAdmin(PublishableAdmin):
    list_display = ["title", "publisher", "dated", "reliability", "publication"]
    list_filter = ["publication", "reliability", "kind"]
    search_fields = ["title", "publisher", "slug", "address", "finding_aid"]
    slug_from = ["title"]
    readonly_fields = ["document_sha256"]
    published_hint = _(
        "Its document cannot be replaced. If you have another file, add it as a new source."
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "title_language",
                    "publisher",
                    "kind",
                    "reliability",
                    "dated",
                    "language",
                ]
            },
        ),
        (
            _("Where to find it"),
            {"fields": ["address", "archived_address", "finding_aid", "accessed_on"]},
        ),
        (_("Document"), {"fields": ["document", "document_sha256"]}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those who may add a source correct it until it is published."""
        is_own_draft = obj is not None and obj.is_draft and may(request, "add", Source)
        return super().has_change_permission(request, obj) or is_own_draft
