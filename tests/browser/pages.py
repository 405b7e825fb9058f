"""One page of each kind, for a browser to open: the longest of the register's own."""

from collections import Counter

from django.test import Client
from django.urls import Resolver404, resolve

from tests.reading import links_of, walk
from tests.test_project import PAGES

FILES = {"/cities/otsu/picture/", "/exchanges/otsu/picture/", "/healthz/", "/readyz/"}
FILES |= {"/resolutions/otsu/pdf/", "/sources/otsu/document/"}
"""Addresses that end as a page's does, and answer with something else."""

KINDS = [path for path in PAGES if path.endswith("/") and path not in FILES]
"""Every kind of page, by the address it has in `PAGES`."""

HOME_PLACE, ARCHIVED = "/cities/lansing/", "/sources/commission-news-page-2008/"
NOT_FOUND, WITHDRAWN, REFUSED = "/nowhere/", "/sources/withdrawn/", "/exchanges/?year=never"
FOUND, NOT_ON_RECORD = "/search/?q=petersburg", "/search/?q=no-such"
A_DAY, TWO_NATIVE_NAMES = "/cities/?on=1990-01-01", "/cities/asan/"
EVERY_PAGE = [
    *(*KINDS, HOME_PLACE, ARCHIVED, NOT_FOUND, WITHDRAWN, REFUSED),
    *(FOUND, NOT_ON_RECORD, A_DAY, TWO_NATIVE_NAMES),
]

PAGES_PER_KIND = 20
"""Pages read of each kind, to find a long one."""


def longest_of_each_kind() -> dict[str, str]:
    """The address of the longest page of each kind that links lead to, by its kind."""
    client, read = Client(), Counter[str]()
    longest: dict[str, tuple[int, str]] = {}

    def visit(path: str) -> list[str]:
        kind = _kind_of(path.split("?")[0])
        if kind is None or read[kind] == PAGES_PER_KIND:
            return []
        read[kind] += 1
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        longest[kind] = max(longest.get(kind, (0, "")), (len(response.content), path))
        return links_of(response)

    walk([path for path in KINDS if "otsu" not in path], visit)
    return {kind: path for kind, (__, path) in longest.items()}


def _kind_of(path: str) -> str | None:
    return _KINDS.get(_route(path)) if path.startswith("/") else None


def _route(path: str) -> str | None:
    try:
        return resolve(path).route
    except Resolver404:
        return None


_KINDS = {_route(path): path for path in KINDS}
