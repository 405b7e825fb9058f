"""Ledger lines: an entry and its citations are one form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Citation, City, Entry, Relationship, Source
from cities.records.admin import (
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
        """Behind a published line a source stays, and what it does there."""
        super().add_fields(form, index)
        if form.instance.pk and not self.instance.is_draft:
            for name in ("source", "role"):
                form.fields[name].disabled = True


class CitationInline(PartInline):
    model: Any = Citation
    formset = CitationFormSet
    autocomplete_fields = ["source"]
    verbose_name = _("source of this line")
    verbose_name_plural = _("sources of this line")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without citations of a source that this person may not see."""
        rows: Any = super().get_queryset(request).select_related("source")
        return rows if may(request, "preview", Source) else rows.public()

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What stands behind a published line stays."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)


class EntryForm(NumberedForm):
    numbered_in = "relationship"


@admin.register(Entry)
class EntryAdmin(PublishableAdmin):
    form = EntryForm
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
    readonly_fields = ["standing", "odd_but_kept"]
    fieldsets = [
        (None, {"fields": ["relationship", "kind", "on", "party", "note"]}),
        (_("Whether the record goes by it"), {"fields": ["acceptance", "why_not_preferred"]}),
        (_("What it decides"), {"fields": ["decided_by", "type", "partner", "agreement"]}),
        (_("A suspension or an end"), {"fields": ["reason", "condition", "review_on"]}),
        (_("What follows"), {"fields": ["standing", "odd_but_kept"]}),
    ]

    published_hint = _(
        "What a published line says is never overwritten. If it is wrong, a publisher withdraws"
        " it with the reason, and you add a new line. Its sources stay; add others below them."
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A line stays in its ledger."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "relationship"] if obj is not None and obj.is_draft else fields

    @admin.display(description=_("how the tie stands today"))
    def standing(self, entry: Entry) -> str:
        if not entry.relationship_id:
            return gettext("Choose the relationship first.")
        prefetch_related_objects([entry.relationship], "entries__type")
        return standing_sentence(entry.relationship.standing_on(localdate()))

    @admin.display(description=_("odd, but kept"))
    def odd_but_kept(self, entry: Entry) -> str:
        return " ".join(entry.warnings) if entry.pk else "–"
