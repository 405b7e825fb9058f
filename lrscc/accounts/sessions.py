"""When somebody who has signed in has to sign in again, and what they typed meanwhile."""

import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrscc.accounts import events
from lrscc.accounts.addresses import client_address
from lrscc.accounts.people import account_of
from lrscc.models import Account

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
WARNING = timedelta(minutes=3)
"""How long before the end the page says so; people need two minutes at least (WCAG 2.2.1)."""
NOTED_EVERY = timedelta(minutes=1)
"""How exact the last sign of life is: each request would else write a row."""
SECONDS_OF_A_STRANGER = 600
"""How long a session lasts of somebody who has not signed in."""
TYPED_AT_MOST = 500_000
SIGNS_OF_A_BROWSER = 300
"""How much is kept of what a browser says of itself."""

ASKED_WITHOUT_ANYBODY = frozenset({"account_session", "admin:open_form"})
"""Pages that a page asks by itself, also when nobody sits before it: no sign of life."""

ASKED_BY_SCRIPTS = ASKED_WITHOUT_ANYBODY | {"admin:unsaved"}
"""Pages that a page asks by itself: their answers are read by nobody."""

BEGAN, SEEN, FROM = "lrscc.began", "lrscc.seen", "lrscc.from"
_TYPED, _ENDED = "lrscc.typed", "lrscc.ended"
"""What somebody typed, and whose session ended in this browser, until somebody signs in."""


def begin(request: HttpRequest) -> None:
    """Let a session begin now: somebody has signed in."""
    request.session.pop(_ENDED, None)
    request.session.set_expiry(None)  # as the settings say, from now on
    request.session[BEGAN] = request.session[SEEN] = time.time()
    browser = request.META.get("HTTP_USER_AGENT", "")[:SIGNS_OF_A_BROWSER]
    request.session[FROM] = (client_address(request), browser)


def seconds_left(request: HttpRequest) -> tuple[int, bool]:
    """Return how long the session still lasts, and whether that is for good."""
    if BEGAN not in request.session:
        begin(request)
    return left(request.session)


def left(session: Any) -> tuple[int, bool]:
    """Return the same of any session that has a beginning."""
    idle = session[SEEN] + IDLE.total_seconds() - time.time()
    longest = session[BEGAN] + LONGEST.total_seconds() - time.time()
    return int(min(idle, longest)), longest <= idle


def since_of(user: Any) -> float:
    """Return the moment before which sessions of a person that began are over."""
    since = account_of(user).sessions_since
    return since.timestamp() if since else 0.0


def is_over(request: HttpRequest) -> bool:
    """Return whether the session has ended: by itself, or because its owner ended all."""
    seconds, __ = seconds_left(request)
    return seconds <= 0 or request.session[BEGAN] < since_of(request.user)


def note(request: HttpRequest) -> None:
    """Note a sign of life, once a minute."""
    if time.time() - request.session[SEEN] > NOTED_EVERY.total_seconds():
        request.session[SEEN] = time.time()


def end_all(user: Any, at: datetime | None = None) -> None:
    """End all sessions of a person, on every machine, from their next request on."""
    Account.objects.update_or_create(user=user, defaults={"sessions_since": at or timezone.now()})


def end(request: HttpRequest) -> HttpResponse:
    """Sign somebody out whose session is over, and keep what they typed for when they are back.

    A script of a page is only refused: the form on that page may be on its way.
    """
    if _is_by_script(request):
        return JsonResponse({"left": 0}, status=401)
    events.record(request, "session over", request.user)
    person = request.user.pk
    typed = _typed(request, person)
    logout(request)
    request.session[_ENDED] = person
    return _to_sign_in(request, typed)


def keep_late_form(request: HttpRequest) -> HttpResponse | None:
    """Keep what comes from a page after another page already found that the session is over."""
    if request.method != "POST" or _is_by_script(request):
        return None
    person = request.session.get(_ENDED)
    typed = _typed(request, person) if person else None
    return _to_sign_in(request, typed) if typed else None


def _is_by_script(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.view_name in ASKED_BY_SCRIPTS)


def _to_sign_in(request: HttpRequest, typed: dict[str, Any] | None) -> HttpResponse:
    if typed:
        request.session[_TYPED] = typed
        messages.warning(
            request, _("You were signed out. Sign in again: what you typed is kept for you.")
        )
    else:
        messages.warning(request, _("You were signed out. Sign in again to go on."))
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}")


def _typed(request: HttpRequest, person: Any) -> dict[str, Any] | None:
    """Return what somebody sent with a form; never from pages on which passwords are typed."""
    account = f"/{settings.ADMIN_PATH}account/"
    names = ("admin:login", "admin:password_change", "admin:logout")
    apart = (account, *map(reverse, names))
    if request.method != "POST" or request.path_info.startswith(apart):
        return None
    values = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if not values or sum(len(name) + len(value) for name, value in values) > TYPED_AT_MOST:
        return None
    return {
        "user": person,
        "path": request.get_full_path(),
        "values": values,
        "has_files": bool(request.FILES),
    }


def bring_back(request: HttpRequest) -> HttpResponse | None:
    """Return a page with what somebody typed before their session ended, for them alone."""
    if request.method != "GET" or not (typed := request.session.get(_TYPED)):
        return None
    if typed["user"] != request.user.pk:
        del request.session[_TYPED]
        return None
    if typed["path"] != request.get_full_path():
        return None
    del request.session[_TYPED]
    context = {
        **admin.site.each_context(request),
        **typed,
        "title": _("Not saved yet"),
    }
    return render(request, "accounts/typed.html", context)


def state(request: HttpRequest) -> HttpResponse:
    """Answer the page’s script: how long the session lasts; a POST makes it last longer."""
    if request.method == "POST":
        request.session[SEEN] = time.time()
    seconds, is_final = seconds_left(request)
    return JsonResponse({"left": seconds, "is_final": is_final, "token": get_token(request)})
