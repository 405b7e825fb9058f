"""What the admin asks of everybody who has signed in.

On other pages it looks at nothing: they read no cookie and no session.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lrscc import errors
from lrscc.accounts import sessions
from lrscc.accounts.second_factor import is_proven, may_do_without, second_factors
from lrscc.addresses import is_admin

ALWAYS_OPEN = frozenset(
    {
        *("admin:login", "account_login", "admin:logout", "admin:jsi18n"),
        *("account_session", "account_sign_out_everywhere"),
    }
)
TO_SET_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "admin:password_change",
    }
)
"""Pages that lead to a second factor."""
TO_PROVE = {"totp": "mfa_reauthenticate", "webauthn": "mfa_reauthenticate_webauthn"}


def end_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """End sessions in time, and give back what was typed when one ended."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not is_admin(request):
            return None
        try:
            return _end_or_go_on(request)
        except (OperationalError, InterfaceError) as error:
            return errors.of_database(request, error)  # no middleware is asked about these

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _end_or_go_on(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return sessions.keep_late_form(request)
    if sessions.is_over(request):
        return sessions.end(request)
    route = request.resolver_match
    if not (route and route.view_name in sessions.ASKED_WITHOUT_ANYBODY):
        sessions.note(request)
    left, is_final = sessions.seconds_left(request)
    request.session_left, request.session_is_final = left, is_final  # type: ignore[attr-defined]
    return None


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Lead who has proven no second factor to where that is done, whichever page they ask for.

    allauth asks for the second factor of who has one, and has no setting that everybody needs
    one. Here also a session ends up that is older than its owner's first second factor.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not is_admin(request):
            return None
        try:
            return _way_to_second_factor(request)
        except (OperationalError, InterfaceError) as error:
            return errors.of_database(request, error)  # no middleware is asked about these

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _way_to_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Return where to send who has proven no second factor."""
    if not request.user.is_authenticated:
        return None
    if is_proven(request):
        return sessions.bring_back(request)
    route = request.resolver_match
    name = route.view_name if route else ""
    if name in ALWAYS_OPEN:
        return None
    if may_do_without(request):
        request.is_without_second_factor = True  # type: ignore[attr-defined]
        return sessions.bring_back(request)
    ways = [TO_PROVE[kind] for kind in second_factors(request.user)]
    if name in (ways or TO_SET_UP):
        return None
    following = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    where = ways[0] if ways else "mfa_index"
    return HttpResponseRedirect(f"{reverse(where)}?{urlencode({'next': following})}")
