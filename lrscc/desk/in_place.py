"""A record that is changed on the page of the desk where it stands, by its own form."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from cities.models import Agreement, Entry
from cities.records.admin.returning import BACK
from cities.records.keys import key_in

CHANGE = "change"
"""The parameter of the page's address that names the record by the id of its line."""

KINDS: dict[str, Any] = {"entry": Entry, "agreement": Agreement}
"""The records that are changed so."""


def address_in_place(page: str, anchor: str) -> str:
    """Return the address of a page where the record of a line is changed."""
    return f"{page}?{CHANGE}={anchor}#{anchor}"


@dataclass(frozen=True)
class FormInPlace:
    """The form of a record, to be shown where its line was, or what came of sending it."""

    anchor: str
    response: Any

    @classmethod
    def asked_for(cls, site: AdminSite, request: HttpRequest, page: str) -> "FormInPlace | None":
        """Show or save the form that the address of a page asks for; None if it names none."""
        anchor = request.GET.get(CHANGE, "")
        kind, __, number = anchor.partition("-")
        if kind not in KINDS or key_in(number) is None:
            return None
        request.GET = QueryDict(urlencode({BACK: f"{page}#{anchor}"}))
        request.is_in_place = True  # type: ignore[attr-defined]
        own: Any = site.get_model_admin(KINDS[kind])
        form = f"admin:{own.opts.app_label}_{own.opts.model_name}_change"
        request.form_path = reverse(form, args=[number])  # type: ignore[attr-defined]
        extra = {
            "is_in_place": True,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        address = address_in_place(page, anchor)
        return cls(anchor, own.changeform_view(request, number, address, extra))

    @property
    def answer(self) -> HttpResponse | None:
        """The way on, once the form is saved; None while it is shown."""
        return None if hasattr(self.response, "context_data") else self.response

    @property
    def record(self) -> Any:
        return self.response.context_data["original"]

    @property
    def media(self) -> Any:
        return self.response.context_data["media"]

    @property
    def has_errors(self) -> bool:
        return bool(self.response.context_data["errors"])

    @property
    def html(self) -> SafeString:
        """The form without the page around it."""
        self.response.context_data["frame"] = "admin/desk/in_place.html"
        return self.response.rendered_content
