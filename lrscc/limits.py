"""How many requests one network address may send in a minute: see ADR 0017."""

import hashlib
import logging
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from lrscc import errors
from lrscc.accounts.addresses import bears_mark_of_a_proxy, client_address, household
from lrscc.addresses import is_admin

SECONDS_WITHOUT_CACHE = 10
"""How long nothing is counted after the cache failed: nobody waits for it again and again."""

NOT_COUNTED = frozenset({"/healthz/", "/robots.txt", "/.well-known/security.txt"})
BESIDE_PAGES = (settings.STATIC_URL, "/readyz/")
PARTS_OF_PAGES = ("/picture/", "/mark.svg")
"""How the paths end of what one page has many of."""
PARTS_OF_A_PAGE = 20
"""How many times as many as pages an address may ask for: also of files that there are not."""

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

_away_until = [0.0]


def limit_requests(get_response: Handler) -> Handler:
    """Answer 429 to an address that asks for too much; kept answers count like all others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        what = counted_as(request)
        refusal = _refusal(request, what) if what else None
        return refusal or get_response(request)

    return middleware


def limit_strangers(get_response: Handler) -> Any:
    """Limit who asks for pages of staff without being signed in; who is may work on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *view: Any) -> HttpResponse | None:
        try:
            is_stranger = is_admin(request) and not request.user.is_authenticated
        except (OperationalError, InterfaceError) as error:
            return errors.of_database(request, error)  # no middleware is asked about these
        return _refusal(request, "pages") if is_stranger else None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def counted_as(request: HttpRequest) -> str:
    """Return which limit a request counts for, or none."""
    path = request.path_info
    if path in NOT_COUNTED or is_admin(request):
        return ""
    if path.startswith(BESIDE_PAGES) or path.endswith(PARTS_OF_PAGES):
        return "parts"
    if path in ("/search/", "/api/v1/search/"):
        return "search"
    return "api" if errors.is_api(request) else "pages"


def who_asks(request: HttpRequest) -> str:
    """Return whose requests are counted together, or nothing where nobody can know.

    That is so behind a proxy that does not say who asks, or that no setting names: all visitors
    would count as one.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if peer in settings.TRUSTED_PROXIES:
        seen = client_address(request)
        return _known(seen)[0] if seen != peer else ""
    who, is_near = _known(peer)
    return "" if is_near and bears_mark_of_a_proxy(request) else who


@lru_cache(maxsize=1024)
def _known(address: str) -> tuple[str, bool]:
    """Return under what an address is counted, and whether it is of a private network."""
    try:
        return household(address), ip_address(address).is_private
    except ValueError:  # a socket has no address
        return "", True


def _refusal(request: HttpRequest, what: str) -> HttpResponse | None:
    """Count a request, and return the answer to one too many."""
    limit = _limit(what)
    who = who_asks(request) if limit else ""
    if not limit or not who:
        return None
    now = time.time()
    number = _counted(_name(what, who, int(now // 60)), now)
    if number <= limit:
        return None
    response = _too_many(request, 60 - int(now % 60))
    if number == limit + 1:
        logger.warning("Too many requests from one address: more than %d of %s", limit, what)
    # Django would log each of them.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _limit(what: str) -> int | None:
    pages: int | None = settings.LIMITS["pages"]
    if what == "parts":
        return pages * PARTS_OF_A_PAGE if pages else None
    return settings.LIMITS[what]


@lru_cache(maxsize=1024)
def _name(what: str, who: str, minute: int) -> str:
    """Return the name of a count, from which nobody reads an address."""
    key = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(
        f"{what}\n{who}\n{minute}".encode(), digest_size=16, key=key
    ).hexdigest()


def _counted(name: str, now: float) -> int:
    """Return the how-manieth of this minute it is; the first while the cache cannot be used."""
    if now < _away_until[0]:
        return 1
    try:
        return one_more(name)
    except Exception as error:  # whatever the cache is: it refuses no page
        logger.warning("Requests are not counted: the cache cannot be used (%s)", error)
        _away_until[0] = now + SECONDS_WITHOUT_CACHE
        return 1


def one_more(name: str) -> int:
    """Count in the cache, whichever it is, and return how many there are."""
    cache = caches["limits"]
    try:
        return cache.incr(name)
    except ValueError:  # nobody has begun to count
        cache.add(name, 0, 120)
        return cache.incr(name)


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    sentence = ngettext(
        "Too many requests came from your network in the last minute."
        " Wait %d second, then try again.",
        "Too many requests came from your network in the last minute."
        " Wait %d seconds, then try again.",
        seconds,
    )
    detail = sentence % seconds
    if errors.is_api(request):
        response = errors.answer(request, 429, detail)
    else:
        response = HttpResponse(_page(detail, int(time.time() // 60)), status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@lru_cache(maxsize=60)
def _page(detail: str, minute: int) -> bytes:
    """Return the page that says so: it must cost less than the pages it refuses."""
    request = HttpRequest()
    return errors.answer(request, 429, detail, is_limit=True).content
