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


def _back(request: HttpRequest) -> HttpResponse | None:
    address = request.GET.get(BACK, "")
    is_ours = address.startswith(reverse("admin:index"))
    if is_ours and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return HttpResponseRedirect(address)
    return None
