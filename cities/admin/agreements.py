"""Agreements with their titles and signatories."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cities.models import Agreement, AgreementTitle, Relationship, Signatory
from cities.records.admin import PartInline, PublishableAdmin


class AgreementTitleInline(PartInline):
    model = AgreementTitle


class SignatoryInline(PartInline):
    model = Signatory


@admin.register(Agreement)
class AgreementAdmin(PublishableAdmin):
    list_display = ["slug", "kind", "signed_on", "publication"]
    list_filter = ["publication", "kind"]
    search_fields = ["slug", "relationships__partner__name", "titles__text", "signatories__name"]
    autocomplete_fields = ["relationships", "documents"]
    inlines = [AgreementTitleInline, SignatoryInline]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Relationships with the two places by which each is shown."""
        if db_field.name == "relationships":
            kwargs["queryset"] = Relationship.objects.select_related("home", "partner")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
