"""What holds for every answer: security headers, sound input, former names, words when down."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext
from whitenoise.middleware import WhiteNoiseMiddleware

from cities.current_register import register_of
from cities.records.publishing import WithdrawnError
from lrscc import errors
from lrscc.accounts.throttle import ThrottledError
from lrscc.addresses import is_admin
from lrscc.running.waiting import is_busy, is_full

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " object-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests"
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    # Also over plain http, where browsers ignore it: a proxy may end TLS without saying so.
    "Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains",
}
MAX_PATH, MAX_QUERY, MAX_VALUE = 1000, 4000, 1000
RENAMED_FILTERS = {"body": "organization", "grade": "reliability", "programme": "program"}
"""Filters in addresses that were renamed: the old ones answer 301 for ever."""
_INTEGER = re.compile(r"[+-]?\d{19,}")
_NOT_UTF8 = re.compile("%[89A-F][0-9A-F]")  # what Django leaves of a path that is none
_SEPARATORS = re.compile(r"[,\s]+")


def security_headers(get_response: Handler) -> Handler:
    """The one policy, on every answer: pages, admin, API, errors and static files."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        policy = POLICY
        # The admin's own scripts (jQuery) write HTML from text; ours do not.
        if not is_admin(request):
            policy += "; require-trusted-types-for 'script'"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["Referrer-Policy"] = (
            "same-origin" if is_admin(request) else settings.SECURE_REFERRER_POLICY
        )
        if errors.is_api(request):
            _open_to_every_origin(request, response)
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        else:
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if is_admin(request):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            if request.method == "HEAD":
                response.content = b""  # its Content-Length stays, as RFC 9110 asks
        return response

    return middleware


def _open_to_every_origin(request: HttpRequest, response: HttpResponse) -> None:
    """Let scripts of any site read the answer, its ETag and when to ask again, and use them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"


class Compressed(GZipMiddleware):
    """Compress pages and data with gzip for browsers that accept it; send files as they are.

    A scan or a picture is compressed already, and a browser shows how much of it is left.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class StaticFiles(WhiteNoiseMiddleware):
    """The static files, but for what `collectstatic` and `serve` note beside them."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request.path_info.removeprefix(self.static_prefix)
        if name.startswith((".", "staticfiles.json")):
            return self.get_response(request)
        return super().__call__(request)


def refuse_bad_input(get_response: Handler) -> Handler:
    """Answer 400, in words, to addresses that no database or parser should meet."""

    def middleware(request: HttpRequest) -> HttpResponse:
        fault = _fault(request)
        return errors.bad_request(request, reason=fault) if fault else get_response(request)

    return middleware


def refuse_plain_api(get_response: Handler) -> Handler:
    """Answer 403 to programs that ask the API over http where the site is for https alone.

    Pages lead people on; a program that is led on would never learn what it sends in the open.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_for_programs = request.path_info.startswith("/api/v1/")
        if settings.SECURE_SSL_REDIRECT and is_for_programs and not request.is_secure():
            return errors.answer(request, 403, gettext("Use https:// for this address."))
        return get_response(request)

    return middleware


def _fault(request: HttpRequest) -> str:
    """Return what is wrong with the address, or an empty string."""
    path = request.path_info
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    if len(path) > MAX_PATH or len(query) > MAX_QUERY:
        return gettext("The address is too long. Shorten it and try again.")
    raw = unquote_to_bytes(query.replace(b"+", b" "))
    if b"\0" in raw or any("\0" in text for text in [path, *request.COOKIES.values()]):
        return gettext(
            "The address or a cookie contains a null character. Remove it and try again."
        )
    try:
        raw.decode()
        values = [value for __, value in parse_qsl(query.decode(), keep_blank_values=True)]
    except ValueError:
        values = None
    if values is None or _NOT_UTF8.search(path):
        return gettext("The address contains characters that are not valid UTF-8. Type it again.")
    if any(len(value) > MAX_VALUE for value in values):
        return gettext("A value in the address is too long. Shorten it and try again.")
    if any(_too_big(text) for text in [*values, *path.split("/")]):
        return gettext("A number in the address is too large. Use a smaller one.")
    return ""


def _too_big(text: str) -> bool:
    """Return whether a whole number in it does not fit 64 bits, which databases refuse."""
    numbers = (part for part in _SEPARATORS.split(text) if _INTEGER.fullmatch(part))
    return any(not -(2**63) <= int(number) < 2**63 for number in numbers)


class Sessions(SessionMiddleware):
    """Sessions that may fail to be written: others may save for too long, or a disk is full.

    What the view saved is saved. Only a sign-in is nothing without its session.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except OperationalError as error:
            if not (is_busy(error) or is_full(error)):
                raise
        if request.method != "POST" or request.path_info != reverse("admin:login"):
            return response
        request.user = AnonymousUser()
        site: Any = admin.site
        page = site.busy(request)
        page.cookies.update(response.cookies)  # among them what lets the form be sent again
        return page


def redirect_renamed_filters(get_response: Handler) -> Handler:
    """Answer 301 to an address with the former name of a filter."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_read = request.method in ("GET", "HEAD") and not is_admin(request)
        if not is_read or RENAMED_FILTERS.keys().isdisjoint(request.GET):
            return get_response(request)
        path = escape_leading_slashes(escape_uri_path(request.path))
        return HttpResponsePermanentRedirect(f"{path}?{_current_names(request.GET).urlencode()}")

    return middleware


def _current_names(query: QueryDict) -> QueryDict:
    """Return the query with the names of today; they win if both names are in it."""
    current = QueryDict(mutable=True)
    for name, values in query.lists():
        new_name = RENAMED_FILTERS.get(name, name)
        if new_name == name or new_name not in query:
            current.setlist(new_name, values)
    return current


def in_home_time(get_response: Handler) -> Handler:
    """Let “today” be the day in the home city."""
    of_health = {reverse("healthz"), reverse("readyz")}

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in of_health:  # the first asks nothing of the database
            return get_response(request)
        with timezone.override(register_of(request).time_zone):
            return get_response(request)

    return middleware


def answer_known_faults(get_response: Handler) -> Handler:
    """Answer 410 for what was withdrawn, 429 after too many tries, 503 if the database is away.

    Add words to what Django refuses without any.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        errors.say_what_is_allowed(request, response)
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, WithdrawnError):
            return errors.withdrawn(request, exception.record)
        if isinstance(exception, ThrottledError):
            return errors.too_many_tries(request, exception.seconds)
        return errors.of_database(request, exception)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
