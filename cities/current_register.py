"""The register whose pages a request is for: read once for each version of the site."""

from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import Error
from django.forms import model_to_dict

from cities.models import Register
from cities.records.kept import kept

_KEY = "cities.register"
_last_known: list[Register] = []
"""What this process read last, for the answers that must not wait for the database."""


def register_of(request: Any) -> Register:
    """Return the register, or what was last known of it where the database cannot be reached."""
    if not hasattr(request, "register"):
        try:
            request.register = current_register()
        except Error:
            request.register = _last_known[0] if _last_known else _kept()
    return request.register


@kept
def current_register() -> Register:
    """Return the register as the public sees it now."""
    register = Register.objects.current()
    _keep(register)
    return register


def known_register_of(request: Any) -> Register:
    """Return the register without asking the database once more, if it was ever read."""
    if hasattr(request, "register") or not _last_known:
        return register_of(request)
    return _last_known[0]


def _keep(register: Register) -> None:
    """Keep what was read, also for a process that starts while the database is away."""
    is_new = not _last_known or _contents(_last_known[0]) != _contents(register)
    _last_known[:] = [register]
    if is_new:
        with suppress(Exception):  # whatever the cache is: a full disk refuses no page
            cache.set(_KEY, register, timeout=None)


def _kept() -> Register:
    """Return what a process on this machine read last, or an unnamed register."""
    with suppress(Exception):  # whatever the cache holds: this is for a page about a fault
        return cache.get(_KEY) or Register()
    return Register()


def _contents(register: Register) -> list[dict[str, Any]]:
    homes = [register.home] if register.is_on_record else []
    return [model_to_dict(record) for record in (register, *homes, *register.contacts)]
