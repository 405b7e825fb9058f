"""Keep what somebody types into a form of the desk, and show it again if it was never saved."""

from typing import Any
from uuid import UUID, uuid4

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from cities.records.admin.form_input import gone_fields, input_of, sending, showing_input
from cities.records.unsaved import (
    ADDRESS_LENGTH,
    SHOWN,
    TITLE_LENGTH,
    UnsavedForm,
    forget_input,
    keep_input,
)

PAGE, ADDRESS, TITLE = "_page", "_page_address", "_page_title"
"""What a form says of itself in hidden fields."""

OF_THE_PAGE = ("token", "seen", "_FORMS")
"""How the names of fields end that no person fills in."""

LENGTH = 500_000
"""Characters that are kept of one form."""


class UnsavedAdmin:
    """Show the input of a form again that was never saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form, with the input that the address names."""
        again = shown_again(request)
        here: Any = super()
        if again is None:
            return here.changeform_view(request, object_id, form_url, extra_context)
        stock: Any = super(UnsavedAdmin, showing_input(self))
        response = stock.changeform_view(again, object_id, form_url, extra_context)
        if context := getattr(response, "context_data", None):
            pairs = again.unsaved_form.input  # type: ignore[attr-defined]
            context["gone_fields"] = gone_fields(context, pairs)
        return response

    def response_add(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note_saved(request)
        usual: Any = super()
        return usual.response_add(request, *args, **kwargs)

    def response_change(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note_saved(request)
        usual: Any = super()
        return usual.response_change(request, *args, **kwargs)


def shown_again(request: HttpRequest) -> HttpRequest | None:
    """Return a request that sends the unsaved input which the address names, if it is kept.

    Its view shows the form with it, and saves nothing.
    """
    page = _page(request.GET.get(SHOWN, ""))
    if request.method != "GET" or page is None:
        return None
    form = UnsavedForm.objects.of(request.user).filter(page=page).first()
    if form is None or form.address.partition("?")[0] != request.path:
        return None
    request.unsaved_form = form  # type: ignore[attr-defined]
    return sending(request, form.input)


def note_saved(request: HttpRequest) -> None:
    """Forget what was kept of the form that a request has saved."""
    page = _page(request.POST.get(PAGE, ""))
    if page is not None:
        forget_input(request.user, page)


def page_of(request: HttpRequest) -> UUID:
    """Return what names the form on a page: a new name, unless it is shown again."""
    form = getattr(request, "unsaved_form", None)
    return form.page if form else _page(request.POST.get(PAGE, "")) or uuid4()


def path_of(request: HttpRequest) -> str:
    """Return the path of a form, also where it is shown on the page of something else."""
    return getattr(request, "form_path", request.path)


def address_of(request: HttpRequest) -> str:
    """Return the address at which a form is opened again."""
    query, path = request.GET.copy(), path_of(request)
    query.pop(SHOWN, None)
    return f"{path}?{query.urlencode()}" if query else path


def unsaved_view(site: Any, request: HttpRequest) -> HttpResponse:
    """List what somebody typed and did not save; by POST, keep what a form sends, or forget it."""
    if request.method == "POST":
        page = _page(request.POST.get("forget", ""))
        if page is None:
            return _keep(request)
        forget_input(request.user, page)
        return HttpResponseRedirect(reverse("admin:unsaved"))
    context = {
        **site.each_context(request),
        "title": _("Not saved yet"),
        "forms": [(form, _words_of(form)) for form in UnsavedForm.objects.of(request.user)],
    }
    return render(request, "admin/unsaved.html", context)


def _keep(request: HttpRequest) -> HttpResponse:
    """Keep what the script of a form sends. Answer when that was, in the time of the city."""
    page, pairs = _page(request.POST.get(PAGE, "")), input_of(request.POST)
    address, title = request.POST.get(ADDRESS, ""), request.POST.get(TITLE, "")
    is_short = sum(len(name) + len(value) for name, value in pairs) <= LENGTH
    if page is None or not pairs or not is_short or not _is_of_the_desk(address):
        return HttpResponseBadRequest(_("This cannot be kept. Save the form soon."))
    keep_input(request.user, page, address=address, title=_shown(title), pairs=pairs)
    return HttpResponse(time_format(localtime()), content_type="text/plain")


def _words_of(form: UnsavedForm) -> list[tuple[str, str]]:
    """Return what somebody typed or chose, each with the name of its field as far as it says."""
    return [
        (name.replace("-", " ").replace("_", " "), value)
        for name, value in form.input
        if value.strip() and not name.endswith(OF_THE_PAGE)
    ]


def _is_of_the_desk(address: str) -> bool:
    """Return whether a page of the desk stands at an address."""
    if len(address) > ADDRESS_LENGTH or not address.startswith(reverse("admin:index")):
        return False
    found = resolve(address.partition("?")[0])  # below the desk each address is answered
    return found.app_name == "admin" and found.url_name is not None  # else it is no page


def _shown(title: str) -> str:
    """Return what can be shown of a title."""
    return "".join(letter for letter in title if letter.isprintable())[:TITLE_LENGTH]


def _page(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
