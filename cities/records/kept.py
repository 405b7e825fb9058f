"""What many public answers need, read or drawn once for each version of the site.

A public answer is made under the version that the site had when it was asked for. What is kept
under a version holds until the next one, so nothing is purged and nothing is out of date. In the
admin, in commands and in forms no version is known, and nothing is kept: drafts and what is not
committed are never in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.utils.translation import get_language

from cities.records.log import Version

T = TypeVar("T")

_version: ContextVar[Version | None] = ContextVar("version", default=None)
_kept: list[tuple[Version, dict[Any, Any]]] = []
"""The newest version that was asked for, and what is kept under it."""


@contextmanager
def under(version: Version) -> Iterator[None]:
    """Make what is public as of a version: it was read before anything else was."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def keeping(key: Any, make: Callable[[], T]) -> T:
    """Return what `make` returns, made once for each version and language.

    Everybody gets the same, so nobody may change it. The keys are few: no part of an address.
    """
    version = _version.get()
    if version is None:
        return make()
    if not _kept or _kept[0][0] != version:
        _kept[:] = [(version, {})]
    values = _kept[0][1]
    own = (key, get_language())
    if own not in values:
        values[own] = make()
    return values[own]


def kept(function: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function returns for its arguments; `keeping` says for how long."""

    @wraps(function)
    def wrapper(*args: Any) -> T:
        return keeping((function, args), lambda: function(*args))

    return wrapper


def forget() -> None:
    """Forget what is kept in this process."""
    _kept.clear()
