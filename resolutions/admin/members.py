"""Seats, and members with their terms."""

from itertools import combinations
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Organization
from cities.records.admin import (
    PartFormSet,
    PartInline,
    PublishableAdmin,
    VisibleRelatedFilter,
)
from resolutions.admin.base import UsualOrganizationAdmin
from resolutions.models import Member, NumberingScheme, Office, Seat, Term, VoteRequirement
from resolutions.models.requirements import REQUIREMENT_FIELDS


@admin.register(Seat)
class SeatAdmin(UsualOrganizationAdmin):
    list_display = ["label", "organization", "places", "is_voting", "since", "until"]
    list_filter = [("organization", VisibleRelatedFilter), "is_voting"]
    visible_through = {"organization": Organization}
    search_fields = ["label", "slug", "organization__name", "organization__abbreviation"]
    slug_from = ["label"]
    autocomplete_fields = ["organization", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse once somebody has held it: a seat ends with a date."""
        is_held = obj is not None and obj.terms.exists()
        return super().has_delete_permission(request, obj) and not is_held


@admin.register(VoteRequirement)
class VoteRequirementAdmin(UsualOrganizationAdmin):
    list_display = ["organization", "kind", "requirement", "base", "since", "until"]
    list_filter = [("organization", VisibleRelatedFilter), "kind"]
    list_select_related = ["organization"]
    visible_through = {"organization": Organization}
    search_fields = ["slug", "organization__name", "organization__abbreviation"]
    slug_from = ["organization", "kind"]
    autocomplete_fields = ["organization", "source"]
    fields = ["organization", "kind", *REQUIREMENT_FIELDS, "since", "until", "source", "slug"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fill in the address when saving: the script in the page knows no names, but keys."""
        return {}


@admin.register(NumberingScheme)
class NumberingSchemeAdmin(UsualOrganizationAdmin):
    list_display = ["organization", "kind", "restarts", "complete_from"]
    list_filter = [("organization", VisibleRelatedFilter), "kind", "restarts"]
    list_select_related = ["organization"]
    visible_through = {"organization": Organization}
    search_fields = ["slug", "organization__name", "organization__abbreviation"]
    slug_from = ["organization", "kind"]
    autocomplete_fields = ["organization", "source"]
    fields = [
        "organization",
        "kind",
        "restarts",
        "zeros_count",
        "complete_from",
        "source",
        "slug",
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fill in the address when saving: the script in the page knows no names, but keys."""
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse while numbers rest on it: those without a year, and those like 2018-01."""
        is_needed = obj is not None and (
            obj.running.exists() or (obj.zeros_count and obj.rests_on_zeros)
        )
        return super().has_delete_permission(request, obj) and not is_needed


class TermFormSet(PartFormSet):
    def clean(self) -> None:
        """Refuse two new terms of the same time, as for terms on record."""
        super().clean()
        member: Any = self.instance
        entered = [
            form.instance
            for form in self.forms
            if form.is_valid() and form.has_changed() and not form.cleaned_data.get("DELETE")
        ]
        member.entered_terms = None if any(self.errors) else entered
        for one, other in combinations(entered, 2):
            if one.organization_id == other.organization_id and one.meets(other):
                raise ValidationError(
                    gettext(
                        "Two of these terms in one organization overlap. Give the first one an end"
                        " date."
                    )
                )


class TermInline(PartInline):
    model = Term
    fk_name = "member"
    formset = TermFormSet
    autocomplete_fields = ["organization", "seat", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.select_related("organization", "seat__organization", "source", "member")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class OfficeFormSet(PartFormSet):
    def clean(self) -> None:
        """Refuse an office of a new member that no new term covers, as for terms on record."""
        super().clean()
        member: Any = self.instance
        terms = getattr(member, "entered_terms", [])
        if member.pk is not None or terms is None:
            return  # the offices know the terms on record; faults of terms are shown with them
        for form in self.forms:
            if form.is_valid() and form.has_changed() and not form.cleaned_data.get("DELETE"):
                try:
                    form.instance.check_terms(terms)
                except ValidationError as error:
                    form.add_error(None, error)


class OfficeInline(PartInline):
    model = Office
    fk_name = "member"
    formset = OfficeFormSet
    autocomplete_fields = ["organization", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization", "source", "member")


@admin.register(Member)
class MemberAdmin(PublishableAdmin):
    list_display = ["name", "sort_name", "terms", "publication"]
    search_fields = ["name", "sort_name", "slug", "ballots__name_as_printed"]
    search_help_text = _(
        "Search by any name of the member, including names as printed in a document."
    )
    slug_from = ["name"]
    inlines = [TermInline, OfficeInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("terms__organization", "terms__seat")

    @admin.display(description=_("terms"))
    def terms(self, member: Member) -> str:
        public = [term for term in member.terms.all() if term.organization.is_published]
        return "; ".join(f"{term.organization.name}, {term.since}" for term in public)
