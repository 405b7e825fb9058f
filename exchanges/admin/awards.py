"""The tables of Sister Cities International’s yearly awards."""

from django.contrib import admin

from cities.records.admin import PartInline, RecordAdmin
from exchanges.models import AwardCategory, AwardKind, PopulationBand


class AwardKindInline(PartInline):
    model = AwardKind


@admin.register(AwardCategory)
class AwardCategoryAdmin(RecordAdmin):
    list_display = ["name", "honors", "since_year", "until_year", "rank"]
    search_fields = ["name", "slug"]
    slug_from = ["name"]
    autocomplete_fields = ["source"]
    inlines = [AwardKindInline]


@admin.register(PopulationBand)
class PopulationBandAdmin(RecordAdmin):
    list_display = ["__str__", "since_year", "until_year"]
    search_fields = ["least", "most"]
    autocomplete_fields = ["source"]
