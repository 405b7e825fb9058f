"""A record's picture in its form: shown, replaced, and served to those who may see it."""

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

from cities.records.admin.publishing import PublishableAdmin
from cities.records.pictures import kept_as, key_of


class StoredPicture:
    """A stored picture as forms show it: small, and where the admin serves it."""

    def __init__(self, picture: FieldFile) -> None:
        record = picture.instance
        name = f"admin:{record._meta.app_label}_{record._meta.model_name}_picture"
        self.url = reverse(name, args=[record.pk, key_of(picture)])

    def __str__(self) -> str:
        text = _("The picture on record")
        return format_html('<img class="kept-picture" src="{}" alt="{}">', self.url, text)


class PictureInput(AdminFileWidget):
    """Shows what Django would only link to, at an address of its own choice."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = StoredPicture(value)
        return context


class PicturedAdmin(PublishableAdmin):
    """A record with a picture. A subclass names `picture` in its fieldsets."""

    readonly_fields = ["shown_picture"]
    formfield_overrides = {
        **PublishableAdmin.formfield_overrides,
        models.FileField: {"widget": PictureInput},
    }

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever may only read is shown the picture as well."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (
                title,
                {
                    **part,
                    "fields": ["shown_picture" if f == "picture" else f for f in part["fields"]],
                },
            )
            for title, part in fieldsets
        ]

    @admin.display(description=_("picture"))
    def shown_picture(self, record: Any) -> str:
        if not record.picture:
            return self.get_empty_value_display()
        shown = StoredPicture(record.picture)
        return format_html('<a href="{}">{}</a>', shown.url, str(shown))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.picture_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_picture"
        pattern = path("<int:pk>/picture/<uuid:key>/", view, name=name)
        return [pattern, *super().get_urls()]

    def picture_view(self, request: HttpRequest, pk: int, key: UUID) -> FileResponse:
        """Return a picture the record has or had, for those who may see that version of it."""
        record = self.get_object(request, str(pk))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        kept: Any = self.model
        versions = self.get_history_queryset(request, kept.history, "id", pk)
        version = versions.filter(picture=kept_as(key)).first()
        if record is None or version is None:
            raise Http404
        try:
            picture = record.picture.storage.open(version.picture)
        except FileNotFoundError:
            raise Http404 from None
        return FileResponse(picture, content_type="image/webp", filename=f"{record.slug}.webp")
