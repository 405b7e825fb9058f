"""Who may see and do what: rights, and rows without the drafts hidden from a person."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cities.records import releasing
from cities.records.publishing import Publication, Publishable


def may(request: HttpRequest, action: str, model: Any) -> bool:
    """Return whether the user has the right to an action on a model."""
    return releasing.may(request.user, action, model)


def without_hidden_drafts(request: HttpRequest, model: Any, rows: QuerySet) -> QuerySet:
    """Return the rows, or versions of rows, that name no draft hidden from the user."""
    for link in (field for field in model._meta.concrete_fields if field.is_relation):
        if issubclass(link.related_model, Publishable) and not may(
            request, "preview", link.related_model
        ):
            rows = rows.exclude(**{f"{link.name}__publication": Publication.DRAFT})
    return rows


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """Filter a list by the related records that the user may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Return them from one query, each with all that its name shows."""
        related_admin = model_admin.admin_site.get_model_admin(field.related_model)
        return [(record.pk, str(record)) for record in related_admin.get_queryset(request)]


class UsedChoicesFilter(admin.ChoicesFieldListFilter):
    """Filter a list by the choices that occur in it: of 250 countries a few."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: Any,
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        rows = model_admin.get_queryset(request).order_by()
        self.used = set(rows.values_list(field_path, flat=True).distinct())

    def choices(self, changelist: Any) -> Iterator[Any]:
        every: Iterator[Any] = super().choices(changelist)
        yield next(every)  # all of them
        for (value, __), choice in zip(self.field.flatchoices, every, strict=True):
            if value in self.used or choice["selected"]:
                yield choice
