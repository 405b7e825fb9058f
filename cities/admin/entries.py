"""Entries in the history of a relationship, each with its sources in one form."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.admin.partner_places import PartnerPlaceAdmin
from cities.models import Citation, City, Entry, Relationship, Source
from cities.records.admin import (
    RARE,
    NumberedForm,
    PartFormSet,
    PartInline,
    PublishableAdmin,
    VisibleRelatedFilter,
    may,
)
from cities.words import standing_sentence


class CitationFormSet(PartFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        """Keep the sources of a published entry, and whether they support it."""
        super().add_fields(form, index)
        if form.instance.pk and not self.instance.is_draft:
            for name in ("source", "role"):
                form.fields[name].disabled = True


class CitationInline(PartInline):
    model: Any = Citation
    formset = CitationFormSet
    fields = ["source", "role", "locator", "says"]
    autocomplete_fields = ["source"]
    verbose_name = _("source of this entry")
    verbose_name_plural = _("sources of this entry")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out citations of a source that the user may not see."""
        rows: Any = super().get_queryset(request).select_related("source")
        return rows if may(request, "preview", Source) else rows.public()

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the sources of a published entry."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)


class EntryForm(NumberedForm):
    numbered_in = "relationship"


@admin.register(Entry)
class EntryAdmin(PartnerPlaceAdmin, PublishableAdmin):
    form = EntryForm
    partner_path = "relationship__partner"
    may_be_corrected = True
    list_display = [
        "relationship",
        "number",
        "on",
        "kind",
        "acceptance",
        "decided_by",
        "publication",
    ]
    list_display_links = ["number", "on"]
    visible_through = {
        "relationship": Relationship,
        "relationship__home": City,
        "relationship__partner": City,
    }
    list_filter = ["publication", "acceptance", "kind", ("relationship", VisibleRelatedFilter)]
    list_select_related = ["relationship__home", "relationship__partner", "decided_by"]
    search_fields = [
        "relationship__partner__name",
        "relationship__partner__names__text",
        "relationship__slug",
        "note",
    ]
    autocomplete_fields = ["relationship", "decided_by", "type", "partner", "agreement"]
    inlines = [CitationInline]
    readonly_fields = ["status_today", "warnings"]
    fieldsets = [
        (None, {"fields": ["relationship", "kind", "on", "party", "note"]}),
        (_("Do we rely on it?"), {"fields": ["acceptance", "why_not_preferred"]}),
        (
            _("Decision"),
            {
                "fields": [
                    "decided_by",
                    "type",
                    ("partner_term", "partner_term_language"),
                    "partner",
                    "agreement",
                ]
            },
        ),
        (
            _("If no document is known"),
            {"classes": [RARE], "fields": [("no_document_by", "no_document_on")]},
        ),
        (
            _("For a signing that is planned or postponed"),
            {"classes": [RARE], "fields": ["planned_for"]},
        ),
        (
            _("For inactivity, a suspension or an end"),
            {"classes": [RARE], "fields": ["last_contact", "reason", "condition", "review_on"]},
        ),
        (_("Result"), {"fields": ["status_today", "warnings"]}),
    ]
    published_hint = _(
        "What a published entry says is never overwritten. If it is wrong, correct it: a new entry"
        " takes its place, and this one stays on record with the reason. You can add sources."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Load entries with the two cities by which each is shown."""
        entries: Any = super().get_queryset(request)
        return entries.select_related(*self.list_select_related)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out the result of an entry that is not saved yet, or has it beside the form."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and not hasattr(request, "is_in_place"):
            return fieldsets
        return [part for part in fieldsets if "warnings" not in part[1]["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep an entry in the history of its relationship."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "relationship"] if obj is not None and obj.is_draft else fields

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        """Say at once what is odd about a date."""
        super().save_model(request, obj, form, change)
        for warning in obj.warnings:
            messages.warning(request, warning)

    @admin.display(description=_("status today"))
    def status_today(self, entry: Entry) -> str:
        prefetch_related_objects([entry.relationship], "entries__type")
        relationship = entry.relationship
        return standing_sentence(relationship.standing_on(localdate()), relationship.home)

    @admin.display(description=_("warnings"))
    def warnings(self, entry: Entry) -> str:
        return " ".join(entry.warnings) or gettext("None")
