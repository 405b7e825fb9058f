"""Agreements with their titles and signatories."""

from django.contrib import admin

from cities.admin.base import PartInline, PublishableAdmin
from cities.models import Agreement, AgreementTitle, Signatory


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
