"""Cities and other places, their names and successions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from cities.admin.city_forms import CityForm, offered_subdivisions
from cities.admin.new_partner import NewPartnerAdmin
from cities.models import City, CityName, CitySummary, FormerCountry, Population, Succession
from cities.records.admin import RARE, PartInline, PicturedAdmin, RecordAdmin, UsedChoicesFilter


class CityNameInline(PartInline):
    model = CityName
    autocomplete_fields = ["source"]


class FormerCountryInline(PartInline):
    model = FormerCountry
    autocomplete_fields = ["source"]


class PopulationInline(PartInline):
    model = Population
    autocomplete_fields = ["source"]


class CitySummaryInline(PartInline):
    model = CitySummary


@admin.register(City)
class CityAdmin(NewPartnerAdmin, PicturedAdmin):
    form = CityForm
    list_display = ["name", "kind", "country", "state_or_province", "publication"]
    list_filter = ["publication", "kind", ("country", UsedChoicesFilter)]
    search_fields = ["name", "names__text", "slug"]
    search_help_text = _("Search by any name on record, in any script or spelling.")
    slug_from = ["name"]
    autocomplete_fields = ["part_of", "geography_source"]
    inlines = [CityNameInline, FormerCountryInline, PopulationInline, CitySummaryInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "kind",
                    "country",
                    "subdivision",
                    "is_another_place",
                    "part_of",
                    "summary",
                ]
            },
        ),
        (
            _("Location"),
            {
                "fields": [
                    ("latitude", "longitude"),
                    "is_outside_country",
                    "time_zone",
                    "geography_source",
                ]
            },
        ),
        (
            _("Picture"),
            {"classes": [RARE], "fields": ["picture", "picture_alt", "picture_credit"]},
        ),
        (_("Links"), {"classes": [RARE], "fields": ["website", "wikidata_id"]}),
        (_("Founded and dissolved"), {"classes": [RARE], "fields": ["began", "ceased"]}),
    ]

    def row_address(self, pk: Any) -> str:
        """Return the page of the desk with all that is on record about the city."""
        return self.page_address(pk)

    def page_address(self, pk: Any) -> str:
        return reverse("admin:cities_city_partner", args=[pk])

    @admin.display(description=_("state or province"), ordering="subdivision")
    def state_or_province(self, city: City) -> str:
        return city.subdivision_name

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.subdivisions_view)
        return [
            path("subdivisions/", view, name="cities_city_subdivisions"),
            *self.new_partner_urls(),
            *super().get_urls(),
        ]

    def subdivisions_view(self, request: HttpRequest) -> JsonResponse:
        """Return the names of a country's states and provinces for the form."""
        return JsonResponse({"names": offered_subdivisions(request.GET.get("country", ""))})


@admin.register(Succession)
class SuccessionAdmin(RecordAdmin):
    list_display = ["predecessor", "kind", "successor", "on"]
    visible_through = {"predecessor": City, "successor": City}
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__name", "successor__name"]
    autocomplete_fields = ["predecessor", "successor", "source"]
