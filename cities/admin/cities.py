"""Places, their names and successions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cities.models import City, CityName, CitySummary, Succession
from cities.records.admin import PartInline, PicturedAdmin, RecordAdmin


class CityNameInline(PartInline):
    model = CityName
    autocomplete_fields = ["source"]


class CitySummaryInline(PartInline):
    model = CitySummary


@admin.register(City)
class CityAdmin(PicturedAdmin):
    list_display = ["name", "kind", "country", "subdivision", "publication"]
    list_filter = ["publication", "kind", "country"]
    search_fields = ["name", "names__text", "slug"]
    search_help_text = _("Any name of the place, in any script or spelling on record.")
    slug_from = ["name"]
    autocomplete_fields = ["part_of", "geography_source", "population_source"]
    inlines = [CityNameInline, CitySummaryInline]
    fieldsets = [
        (
            None,
            {"fields": ["name", "slug", "kind", "country", "subdivision", "part_of", "summary"]},
        ),
        (
            _("Where it is"),
            {"fields": ["latitude", "longitude", "time_zone", "geography_source"]},
        ),
        (
            _("Population"),
            {
                "fields": [
                    "population",
                    "population_year",
                    "population_scope",
                    "population_source",
                ]
            },
        ),
        (_("Picture"), {"fields": ["picture", "picture_alt", "picture_credit"]}),
        (_("Elsewhere"), {"fields": ["website", "wikidata_id"]}),
        (_("From when to when it existed"), {"fields": ["began", "ceased"]}),
    ]


@admin.register(Succession)
class SuccessionAdmin(RecordAdmin):
    list_display = ["predecessor", "kind", "successor", "on"]
    visible_through = {"predecessor": City, "successor": City}
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__name", "successor__name"]
    autocomplete_fields = ["predecessor", "successor", "source"]
