"""What somebody typed into forms of the desk and did not save."""

from typing import Any

from django import template
from django.db.models import Q

from cities.records.admin.unsaved import (
    ADDRESS,
    PAGE,
    TITLE,
    address_of,
    page_of,
    path_of,
)
from cities.records.unsaved import UnsavedForm

FORMS_LISTED = 10

register = template.Library()


@register.inclusion_tag("admin/_unsaved_form.html", takes_context=True)
def keep_unsaved(context: Any) -> dict[str, Any]:
    """Let a form keep what is typed into it, and offer what was typed before."""
    request, subtitle = context["request"], context.get("subtitle")
    title = f"{context['title']}: {subtitle}" if subtitle else context["title"]
    shown = getattr(request, "unsaved_form", None)
    is_open = shown is None and request.method == "GET"
    return {
        "hidden": {PAGE: page_of(request), ADDRESS: address_of(request), TITLE: title},
        "shown": shown,
        "before": _typed_here(request) if is_open else [],
    }


@register.inclusion_tag("admin/desk/_unsaved.html", takes_context=True)
def unsaved_forms(context: Any) -> dict[str, Any]:
    """List the forms that somebody has not saved."""
    forms = UnsavedForm.objects.of(context["request"].user)
    return {"forms": forms.defer("input")[:FORMS_LISTED]}


def _typed_here(request: Any) -> Any:
    """Return what the user typed into the form at this address before."""
    path = path_of(request)
    here = Q(address=path) | Q(address__startswith=f"{path}?")
    return UnsavedForm.objects.of(request.user).filter(here).defer("input")[:FORMS_LISTED]
