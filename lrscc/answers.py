"""Keep what was answered, and answer it again until anything changes for the public.

An answer is kept under everything that it depends on: its address, the version of the site
(`cities.records.log`), the day in the home city, the release. A change makes a new version, so
nothing has to be thrown away and nothing kept can be out of date. Its ETag is the same key: what a
browser has already is known before any page is made.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from operator import itemgetter
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.timezone import localdate
from django.utils.translation import get_language

from cities.current_register import current_register
from cities.records import kept as parts
from cities.records.log import Version, site_version
from lrscc import errors
from lrscc.running.release import release
from lrscc.running.waiting import is_busy

NOT_KEPT = (f"/{settings.ADMIN_PATH}", settings.STATIC_URL, "/healthz/", "/readyz/")
"""How the paths begin of what is for staff, or is the same whatever is on record."""

CHOICES_KEPT = 1000
"""Answers to questions that anybody can make up: they push out each other, and no page."""

SECONDS_OF_BUILDING = 3
"""How long others wait for who makes an answer, and may have been killed meanwhile."""

BYTES_IN_MEMORY = 4 * 2**20
"""What each process keeps at hand of the answers that all share: some hundred pages."""

_PAGE = re.compile(r"(page=[1-9][0-9]{0,5})?")
_GZIP = re.compile(r"\bgzip\b")

Handler = Callable[[HttpRequest], HttpResponse]


class Files(FileBasedCache):
    """A cache in files. What is kept in it is bounded by its keys: nothing is ever culled, which
    would list all files at each new answer."""

    def _cull(self) -> None:
        pass


class Kept(NamedTuple):
    """An answer as it is kept; `key` names everything that it depends on."""

    key: str
    headers: list[tuple[str, str]]
    content: bytes

    def response(self) -> HttpResponse:
        return HttpResponse(self.content, headers=dict(self.headers))


class State(NamedTuple):
    """What everything public depends on, apart from its address."""

    version: Version
    day: date


class _AtHand:
    """The answers used last, in the memory of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, slot: str) -> Kept | None:
        with self._lock:
            if slot in self._kept:
                self._kept.move_to_end(slot)
            return self._kept.get(slot)

    def set(self, slot: str, kept: Kept) -> None:
        with self._lock:
            self._forget(slot)
            self._kept[slot] = kept
            self._bytes += len(kept.content)
            while self._bytes > BYTES_IN_MEMORY:
                self._forget(next(iter(self._kept)))

    def _forget(self, slot: str) -> None:
        if slot in self._kept:
            self._bytes -= len(self._kept.pop(slot).content)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


_at_hand = _AtHand()


def state() -> State:
    """Return the version of the site and the day in the home city, usually with one query."""
    version = site_version()
    with parts.under(version):
        return State(version, localdate(timezone=current_register().time_zone))


def forget_all() -> None:
    """Forget every answer that is kept, in this process and in what all share."""
    parts.forget()
    _at_hand.clear()
    caches["answers"].clear()


def keep_answers(get_response: Handler) -> Handler:
    """Answer again what was answered before, while nothing has changed for the public."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return get_response(request)
        try:
            now = state()
        except Error as error:
            # Who has waited in vain waits no second time; anything else the pages say.
            return errors.busy(request, error) if is_busy(error) else get_response(request)
        with parts.under(now.version):
            return answer(request, now) if settings.ANSWERS_KEPT else get_response(request)

    def answer(request: HttpRequest, now: State) -> HttpResponse:
        _leave_out_who_asks(request)
        slot, key = _slot_and_key(request, now)
        tags = parse_etags(request.headers.get("If-None-Match", ""))
        if any(key == tag.strip('W/"') for tag in tags):
            return _with_tag(HttpResponseNotModified(), key)
        kept = _find(slot, key)
        if kept is not None:
            return kept.response()
        if request.method == "HEAD":
            response = get_response(request)
            return _with_tag(response, key) if _is_for_all(response) else response
        return _made(request, get_response, slot, key, now)

    return middleware


def _may_be_kept(request: HttpRequest) -> bool:
    """Return whether it is asked for what anybody can read, as everybody asks for it."""
    if not (settings.ANSWERS_KEPT or settings.PARTS_KEPT) or request.method not in ("GET", "HEAD"):
        return False
    accept = request.headers.get("Accept", "*/*")
    is_usual = "*/*" in accept or "json" in accept or "html" in accept
    return is_usual and not request.path_info.startswith(NOT_KEPT)


def _leave_out_who_asks(request: HttpRequest) -> None:
    """Let no page that is kept depend on cookies, or on how a browser lists its encodings."""
    request.COOKIES = {}
    request.META.pop("HTTP_COOKIE", None)
    takes_gzip = _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip" if takes_gzip else ""


def _slot_and_key(request: HttpRequest, now: State) -> tuple[str, str]:
    """Return where an answer is kept, which another version takes over, and what it depends on."""
    given = parse_qsl(request.META.get("QUERY_STRING", ""), True)
    query = urlencode(sorted(given, key=itemgetter(0)))  # of one name sent twice, the last counts
    host = request.get_host()
    address = (
        request.scheme,
        host,
        request.path,
        query,
        get_language(),
        request.META["HTTP_ACCEPT_ENCODING"],
    )
    where = hashlib.sha256(repr(address).encode()).hexdigest()
    key = hashlib.sha256(repr((where, *now.version, now.day, release())).encode()).hexdigest()
    is_a_page = _PAGE.fullmatch(query) and host.partition(":")[0] in settings.ALLOWED_HOSTS
    slot = f"page-{where}" if is_a_page else f"choice-{int(where, 16) % CHOICES_KEPT}"
    return slot, key[:32]


def _find(slot: str, key: str) -> Kept | None:
    kept = _at_hand.get(slot)
    if kept is None or kept.key != key:
        kept = None
        with suppress(Exception):  # a cache that fails refuses no page
            kept = caches["answers"].get(slot)
        if kept is not None and kept.key == key:
            _at_hand.set(slot, kept)
    return kept if kept is not None and kept.key == key else None


def _made(
    request: HttpRequest, get_response: Handler, slot: str, key: str, now: State
) -> HttpResponse:
    """Make an answer, unless another process is making it already, and keep it."""
    building = f"building-{key}"
    is_first = True
    with suppress(Exception):
        is_first = caches["answers"].add(building, True, SECONDS_OF_BUILDING)
    if not is_first and (kept := _waited_for(slot, key)):
        return kept.response()
    try:
        response = get_response(request)
        if not _is_for_all(response):
            return response
        if state() == now:
            return _keep(slot, key, _with_tag(response, key))
        # Something changed meanwhile: this answer is for whoever asked, and has no name.
        response.headers.pop("ETag", None)
        return response
    finally:
        with suppress(Exception):
            caches["answers"].delete(building)


def _waited_for(slot: str, key: str) -> Kept | None:
    """Return the answer that another process is making, once it is there."""
    until = time.monotonic() + SECONDS_OF_BUILDING
    building = f"building-{key}"
    while time.monotonic() < until:
        if kept := _find(slot, key):
            return kept
        if not caches["answers"].has_key(building):
            return _find(slot, key)
        time.sleep(0.02)
    return None


def _keep(slot: str, key: str, response: HttpResponse) -> HttpResponse:
    kept = Kept(key, list(response.headers.items()), response.content)
    _at_hand.set(slot, kept)
    with suppress(Exception):  # a full disk refuses no page
        caches["answers"].set(slot, kept, timeout=None)
    return response


def _is_for_all(response: HttpResponse) -> bool:
    """Return whether it may be kept: no file, no refusal, nothing for one visitor alone."""
    is_whole = response.status_code == 200 and not response.streaming and not response.cookies
    return is_whole and "cookie" not in response.headers.get("Vary", "").lower()


def _with_tag(response: HttpResponse, key: str) -> HttpResponse:
    """Name an answer, and let browsers and proxies ask whether it is the same."""
    response.headers["ETag"] = f'"{key}"'
    response.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
