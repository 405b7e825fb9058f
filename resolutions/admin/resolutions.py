"""Resolutions with their status, and the versions of their texts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization, Relationship
from cities.records.admin import NumberedForm, PartFormSet, PartInline, VisibleRelatedFilter
from cities.records.whole import read_lists
from resolutions.admin.base import (
    THROUGH_RESOLUTION,
    NumberSearchAdmin,
    UsualOrganizationAdmin,
    clauses_found,
    rows_of,
)
from resolutions.admin.vote_pages import ResolutionVotingAdmin
from resolutions.models import Action, Effect, OtherNumber, Relation, Resolution, Text
from resolutions.models.relations import RESCINDED_OR_NOT, RESCINDED_OR_NOT_MESSAGE


class RelationFormSet(PartFormSet):
    """Relations of one resolution, which the database can compare only once they are saved."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        ends = [row.get("other") for row in kept if row.get("kind") in RESCINDED_OR_NOT]
        if len(set(ends)) < len(ends):
            raise ValidationError(RESCINDED_OR_NOT_MESSAGE)


class OtherNumberFormSet(PartFormSet):
    """Numbers of one resolution, which the database can compare only once they are saved."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        given = [(row.get("kind"), row["number"].lower()) for row in kept if row.get("number")]
        if len(set(given)) < len(given):
            raise ValidationError(_("You entered the same number twice. Remove one of them."))


class OtherNumberInline(PartInline):
    model = OtherNumber
    formset = OtherNumberFormSet
    verbose_name = _("number")
    verbose_name_plural = _("other numbers")


class RelationInline(PartInline):
    model = Relation
    formset = RelationFormSet
    fk_name = "resolution"
    autocomplete_fields = ["other"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("resolution", "other")


@admin.register(Resolution)
class ResolutionAdmin(NumberSearchAdmin, UsualOrganizationAdmin, ResolutionVotingAdmin):
    change_form_template = "admin/resolutions/resolution_form.html"
    list_display = [
        "shown_number",
        "title",
        "organization",
        "kind",
        "status_today",
        "publication",
    ]
    list_display_links = ["shown_number", "title"]
    list_filter = ["publication", "kind", ("organization", VisibleRelatedFilter), "number_year"]
    visible_through = {"organization": Organization}
    search_fields = [
        "title",
        "slug",
        "number",
        "summary",
        "sponsors__name",
        "places__name",
        "places__names__text",
        "relationships__partner__name",
        "relationships__partner__names__text",
    ]
    slug_from = ["number", "title"]
    autocomplete_fields = ["organization", "sponsors", "relationships", "places", "sources"]
    inlines = [OtherNumberInline, RelationInline]
    readonly_fields = ["status_and_parts"]
    fieldsets = [
        (
            None,
            {"fields": ["organization", "kind", "number", "number_year", "title"]},
        ),
        (_("Status, actions and texts"), {"fields": ["status_and_parts"]}),
        (_("Summary"), {"fields": ["summary"]}),
        (
            _("Origin and subject"),
            {"fields": ["introduced_by", "sponsors", "relationships", "places", "sources"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Compute the status of all only for a list that may be in its order."""
        records: Any = super().get_queryset(request)
        records = records.select_related("organization")
        return self.for_list(records) if "o" in request.GET else records

    def for_list(self, rows: Any) -> QuerySet:
        known = "course_status" in rows.query.annotations
        return rows if known else rows.with_course(localdate())

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Attach its texts, actions and effects that the user may see."""
        resolution = super().get_object(request, *args, **kwargs)
        if resolution is not None:
            for name, model in (("texts", Text), ("actions", Action), ("effects", Effect)):
                rows = rows_of(self, request, model, resolution=resolution)
                setattr(resolution, f"{name}_shown", rows)
        return resolution

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Read its lists, most of them empty, before the form asks for each."""
        if change and request.method == "GET":
            read_lists(obj)
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Load relationships with the two cities by which each is shown."""
        if db_field.name == "relationships":
            relationships = self.admin_site.get_model_admin(Relationship).get_queryset(request)
            kwargs["queryset"] = relationships.select_related("home", "partner")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("number"), ordering="number_serial")
    def shown_number(self, resolution: Resolution) -> str:
        return resolution.number or gettext("No record")

    @admin.display(description=_("status today"), ordering="course_status")
    def status_today(self, resolution: Resolution) -> str:
        return resolution.course.label

    @admin.display(description=_("status and parts"))
    def status_and_parts(self, resolution: Resolution) -> SafeString:
        shown = getattr(resolution, "actions_shown", None)  # not of an earlier version
        if resolution.pk:
            prefetch_related_objects([resolution], Prefetch("actions", shown))
        context = {
            "resolution": resolution,
            "course": resolution.course_on(localdate()) if resolution.pk else None,
            "texts": getattr(resolution, "texts_shown", []),
            "actions": [] if shown is None else resolution.actions.all(),
            "effects": getattr(resolution, "effects_shown", []),
        }
        return render_to_string("admin/resolutions/_parts.html", context)


class TextForm(NumberedForm):
    numbered_in = "resolution"


@admin.register(Text)
class TextAdmin(NumberSearchAdmin):
    form = TextForm
    list_display = ["resolution", "number", "kind", "on", "publication"]
    list_display_links = ["resolution", "number"]
    list_filter = ["publication", "kind"]
    list_select_related = ["resolution__organization"]
    visible_through = THROUGH_RESOLUTION
    resolution_lookup = "resolution__"
    search_fields = ["resolution__title", "resolution__number", "resolution__slug"]
    autocomplete_fields = ["resolution", "corrected_at", "source"]
    readonly_fields = ["clauses"]
    fieldsets = [
        (None, {"fields": ["resolution", "kind", "on", "corrected_at", "source"]}),
        (_("Text"), {"fields": ["text", "clauses"]}),
    ]
    published_hint = _("Its text cannot change. To correct it, add a new version.")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("resolution")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a version with its resolution."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "resolution"] if obj is not None and obj.is_draft else fields

    @admin.display(description=_("clauses"))
    def clauses(self, version: Text) -> SafeString | str:
        return clauses_found(version)
