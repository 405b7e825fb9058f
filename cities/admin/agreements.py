"""Agreements with their titles and signatories."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cities.admin.partner_places import PartnerPlaceAdmin
from cities.models import Agreement, AgreementTitle, Relationship, Signatory
from cities.records.admin import PartInline, PublishableAdmin, RecordForm


class AgreementTitleInline(PartInline):
    model = AgreementTitle


class SignatoryInline(PartInline):
    model = Signatory


class AgreementForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        """Hold the documents as they are chosen here against what is said of them."""
        cleaned = super().clean()
        self.instance.documents_to_be = cleaned.get("documents")
        return cleaned

    def slug_text(self, cleaned: dict[str, Any]) -> str:
        """Return the partner and the year: “otsu 1969”."""
        relationships, signed_on = cleaned.get("relationships"), cleaned.get("signed_on")
        partners = [relationship.partner.slug for relationship in relationships or ()]
        year = str(signed_on.earliest.year) if signed_on and signed_on.earliest else ""
        return " ".join([*partners, year or cleaned.get("kind", "")])


@admin.register(Agreement)
class AgreementAdmin(PartnerPlaceAdmin, PublishableAdmin):
    form = AgreementForm
    partner_path = "relationships__partner"
    list_display = ["slug", "kind", "signed_on", "publication"]
    list_filter = ["publication", "kind"]
    search_fields = ["slug", "relationships__partner__name", "titles__text", "signatories__name"]
    autocomplete_fields = ["relationships", "documents"]
    inlines = [AgreementTitleInline, SignatoryInline]
    fieldsets = [
        (None, {"fields": ["kind", "relationships", "signed_on", "signed_at", "slug"]}),
        (_("What it says"), {"fields": ["term", "until", "renewal_rule", "note"]}),
        (_("Documents"), {"fields": ["documents", ("no_document_by", "no_document_on")]}),
    ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Load relationships with the two cities by which each is shown."""
        if db_field.name == "relationships":
            kwargs["queryset"] = Relationship.objects.select_related("home", "partner")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
