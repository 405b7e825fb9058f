"""Relationship types, and relationships with the standing that follows from their ledger."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.admin.base import PublishableAdmin, RecordAdmin
from cities.models import Relationship, RelationshipType


@admin.register(RelationshipType)
class RelationshipTypeAdmin(RecordAdmin):
    list_display = ["name", "rank", "needs_agreement"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Relationship)
class RelationshipAdmin(PublishableAdmin):
    list_display = ["__str__", "standing_today", "type_today", "lead_commissioner", "publication"]
    list_select_related = ["home", "partner"]
    search_fields = ["partner__name", "partner__names__text", "slug"]
    search_help_text = _("Any name of the partner, in any script or spelling on record.")
    autocomplete_fields = ["home", "partner"]
    readonly_fields = ["ledger"]
    fieldsets = [
        (None, {"fields": ["home", "partner", "slug", "lead_commissioner", "review_on", "story"]}),
        (_("How the tie stands, and the ledger it follows from"), {"fields": ["ledger"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_standing(localdate())  # type: ignore[attr-defined]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The home of the newest relationship: there is one home, and nobody picks it twice."""
        newest = Relationship.objects.order_by("-pk").values_list("home", flat=True).first()
        return {"home": newest, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("standing today"), ordering="standing_status")
    def standing_today(self, relationship: Any) -> str:
        standing = relationship.standing
        return standing.status_label or "–"

    @admin.display(description=_("type today"), ordering="standing_type")
    def type_today(self, relationship: Any) -> str:
        return relationship.standing.type or "–"

    @admin.display(description=_("ledger"))
    def ledger(self, relationship: Relationship) -> SafeString:
        lines = relationship.entries.select_related("type", "decided_by", "relationship__partner")
        standing = relationship.standing_on(localdate()) if relationship.pk else None
        context = {"relationship": relationship, "standing": standing, "lines": lines}
        return render_to_string("admin/cities/_ledger.html", context)
