"""The sign on a form that somebody else has it open as well."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils.translation import gettext, ngettext

from cities.records.keys import key_in
from cities.records.presence import Opened, forget_open, note_open


class PresenceAdmin:
    """Say on the form of a record who else has it open."""

    model: Any
    has_change_permission: Any
    get_queryset: Any

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Note who opens the form, and forget it once they have saved it."""
        usual: Any = super()
        response = usual.change_view(request, object_id, form_url, extra_context)
        context: Any = getattr(response, "context_data", None)
        record = context and context.get("original")
        if record and not context["is_popup"] and self.has_change_permission(request, record):
            context["open_elsewhere"] = sentences(note_open(record, request.user))
        elif request.method == "POST" and context is None:
            forget_open(self.model(pk=key_in(object_id)), request.user)
        return response


def sentences(others: Iterable[Opened]) -> str:
    """Return who else has a form open, in words."""
    return " ".join(_sentence(one) for one in others)


def _sentence(one: Opened) -> str:
    if one.minutes < 1:
        return gettext("%(who)s opened this just now.") % {"who": one.who}
    sentence = ngettext(
        "%(who)s opened this %(minutes)s minute ago.",
        "%(who)s opened this %(minutes)s minutes ago.",
        one.minutes,
    )
    return sentence % {"who": one.who, "minutes": one.minutes}


def open_form_view(site: Any, request: HttpRequest) -> HttpResponse:
    """Take the sign of life of a form, or that it was left. Answer who else has it open."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    record_admin = _admin_of(site, request.POST.get("kind", ""))
    if record_admin is None:
        raise Http404
    rows = record_admin.get_queryset(request)
    record = rows.filter(pk=key_in(request.POST.get("key", ""))).first()
    if record is None:
        raise Http404
    if not record_admin.has_change_permission(request, record):
        raise PermissionDenied
    if "left" in request.POST:
        forget_open(record, request.user)
        return HttpResponse(status=204)
    return JsonResponse({"says": sentences(note_open(record, request.user))})


def _admin_of(site: Any, kind: str) -> Any:
    """Return what keeps records of a kind at the desk, or None."""
    try:
        found = site._registry.get(apps.get_model(kind))
    except (LookupError, ValueError):
        return None
    return found if isinstance(found, PresenceAdmin) else None
