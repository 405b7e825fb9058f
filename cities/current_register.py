"""The register whose pages a request is for: read once for each request."""

from contextlib import suppress
from typing import Any

from django.db import Error

from cities.models import Register

_last_known: list[Register] = []
"""What was read last, for the answers that must not wait for the database."""


def register_of(request: Any) -> Register:
    """Return the register, or what was last known of it where the database cannot be reached."""
    if not hasattr(request, "register"):
        with suppress(Error):
            _last_known[:] = [Register.objects.current()]
        request.register = _last_known[0] if _last_known else Register()
    return request.register


def known_register_of(request: Any) -> Register:
    """Return the register without asking the database once more, if it was ever read."""
    if hasattr(request, "register") or not _last_known:
        return register_of(request)
    return _last_known[0]
