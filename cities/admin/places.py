"""Places, their names and successions."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cities.admin.base import PartInline, PublishableAdmin, RecordAdmin
from cities.models import City, CityName, Succession
from cities.pictures import kept_as, key_of


class KeptPicture:
    """A stored picture as forms show it: small, and where the admin serves it."""

    def __init__(self, picture: FieldFile) -> None:
        args = [picture.instance.pk, key_of(picture)]
        self.url = reverse("admin:cities_city_picture", args=args)

    def __str__(self) -> str:
        words = _("The picture on record")
        return format_html('<img class="kept-picture" src="{}" alt="{}">', self.url, words)


class PictureInput(AdminFileWidget):
    """Shows what Django would only link to, at an address of its own choice."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = KeptPicture(value)
        return context


class CityNameInline(PartInline):
    model = CityName
    autocomplete_fields = ["source"]


@admin.register(City)
class CityAdmin(PublishableAdmin):
    list_display = ["name", "kind", "country", "subdivision", "publication"]
    list_filter = ["publication", "kind", "country"]
    search_fields = ["name", "names__text", "slug"]
    search_help_text = "Any name of the place, in any script or spelling on record."
    slug_from = ["name"]
    autocomplete_fields = ["part_of", "geography_source", "population_source"]
    inlines = [CityNameInline]
    readonly_fields = ["shown_picture"]
    formfield_overrides = {
        **PublishableAdmin.formfield_overrides,
        models.FileField: {"widget": PictureInput},
    }
    fieldsets = [
        (
            None,
            {"fields": ["name", "slug", "kind", "country", "subdivision", "part_of", "summary"]},
        ),
        (
            "Where it is",
            {"fields": ["latitude", "longitude", "time_zone", "geography_source"]},
        ),
        (
            "Population",
            {
                "fields": [
                    "population",
                    "population_year",
                    "population_scope",
                    "population_source",
                ]
            },
        ),
        ("Picture", {"fields": ["picture", "picture_alt", "picture_credit"]}),
        ("Elsewhere", {"fields": ["website", "wikidata_id"]}),
        ("From when to when it existed", {"fields": ["began", "ceased"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever may only read is shown the picture as well."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {"fields": ["shown_picture" if f == "picture" else f for f in part["fields"]]})
            for title, part in fieldsets
        ]

    @admin.display(description=_("picture"))
    def shown_picture(self, place: City) -> str:
        if not place.picture:
            return self.get_empty_value_display()
        shown = KeptPicture(place.picture)
        return format_html('<a href="{}">{}</a>', shown.url, str(shown))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.picture_view)
        pattern = path("<int:pk>/picture/<uuid:key>/", view, name="cities_city_picture")
        return [pattern, *super().get_urls()]

    def picture_view(self, request: HttpRequest, pk: int, key: UUID) -> FileResponse:
        """A picture the place has or had, for those who may see that version of it."""
        place = self.get_object(request, str(pk))
        if not self.has_view_permission(request, place):
            raise PermissionDenied
        versions = self.get_history_queryset(request, City.history, "id", pk)
        version = versions.filter(picture=kept_as(key)).first()
        if place is None or version is None:
            raise Http404
        try:
            picture = place.picture.storage.open(version.picture)
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(picture, content_type="image/webp", filename=f"{place.slug}.webp")


@admin.register(Succession)
class SuccessionAdmin(RecordAdmin):
    list_display = ["predecessor", "kind", "successor", "on"]
    about = {"predecessor": City, "successor": City}
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__name", "successor__name"]
    autocomplete_fields = ["predecessor", "successor", "source"]
