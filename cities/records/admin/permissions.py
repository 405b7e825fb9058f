"""Who may see and do what: rights, and rows without the drafts hidden from a person."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cities.records.publishing import Publication, Publishable


def may(request: HttpRequest, action: str, model: Any) -> bool:
    """Return whether the user has the right to an action on a model."""
    return request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


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
