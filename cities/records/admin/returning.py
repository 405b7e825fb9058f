"""Forms that lead back to the page of the desk from which somebody opened them."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

BACK = "back"
"""The parameter of a form's address that says where to go once it is saved."""


def leading_back(address: str, back: str, **prefilled: Any) -> str:
    """Return the address of a form with what is filled in already, and where it leads back to."""
    return f"{address}?{urlencode({**prefilled, BACK: back})}"


class ReturningAdmin:
    """Go back after saving, if the address of the form says where to within the desk."""

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        usual: Any = super()
        return _back(request) or usual.response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        usual: Any = super()
        return _back(request) or usual.response_post_save_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Let the form be left without saving, if it knows where it was opened."""
        context["back_address"] = back_address(request)
        usual: Any = super()
        return usual.render_change_form(request, context, *args, **kwargs)


def _back(request: HttpRequest) -> HttpResponse | None:
    address = back_address(request)
    return HttpResponseRedirect(address) if address else None


def back_address(request: HttpRequest) -> str:
    """Return the page of the desk from which a form was opened; nothing if none is known."""
    address = request.GET.get(BACK, "")
    is_ours = address.startswith(reverse("admin:index"))
    is_safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours and is_safe else ""
