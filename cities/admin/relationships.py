"""Relationship types, and relationships with their history and the status it gives."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.admin.partner_places import PartnerPlaceAdmin
from cities.current_register import register_of
from cities.models import City, Entry, Relationship, RelationshipType
from cities.records.admin import PublishableAdmin, RecordAdmin, RecordForm


@admin.register(RelationshipType)
class RelationshipTypeAdmin(RecordAdmin):
    list_display = ["name", "rank", "needs_agreement"]
    search_fields = ["name"]
    slug_from = ["name"]


class RelationshipForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        """Check the records elsewhere as they are chosen here."""
        cleaned = super().clean()
        self.instance.others_to_be = cleaned.get("other_records")
        return cleaned


@admin.register(Relationship)
class RelationshipAdmin(PartnerPlaceAdmin, PublishableAdmin):
    form = RelationshipForm
    list_display = ["__str__", "status_today", "type_today", "lead_commissioner", "publication"]
    visible_through = {"home": City, "partner": City}
    search_fields = ["partner__name", "partner__names__text", "slug"]
    search_help_text = _("Search by any name of the partner, in any script or spelling.")
    autocomplete_fields = ["home", "partner", "other_records"]
    readonly_fields = ["history_entries"]
    fieldsets = [
        (None, {"fields": ["home", "partner", "lead_commissioner", "review_on", "story"]}),
        (_("Elsewhere"), {"fields": ["other_records"]}),
        (_("Status and history"), {"fields": ["history_entries"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        relationships: Any = super().get_queryset(request)
        return (
            relationships.select_related("home", "partner")
            .with_standing(localdate())
            .annotate(standing_type_name=F("period__type__name"))
        )

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach the entries of its history that the user may see."""
        relationship = super().get_object(request, *args, **kwargs)
        if relationship is not None:
            entries = self.admin_site.get_model_admin(Entry).get_queryset(request)
            relationship.entries_shown = entries.filter(relationship=relationship).select_related(
                "type"
            )
        return relationship

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the home city of the register."""
        return {
            "home": register_of(request).home_id,
            **super().get_changeform_initial_data(request),
        }

    @admin.display(description=_("status today"), ordering="standing_status")
    def status_today(self, relationship: Any) -> str:
        return relationship.standing.status_label

    @admin.display(description=_("type today"), ordering="standing_type")
    def type_today(self, relationship: Any) -> str:
        return relationship.standing_type_name

    @admin.display(description=_("history"))
    def history_entries(self, relationship: Relationship) -> SafeString:
        standing = None
        if relationship.pk:
            prefetch_related_objects([relationship], "entries__type")
            standing = relationship.standing_on(localdate())
        context = {
            "relationship": relationship,
            "standing": standing,
            "entries": getattr(relationship, "entries_shown", []),
        }
        return render_to_string("admin/cities/_history_entries.html", context)
