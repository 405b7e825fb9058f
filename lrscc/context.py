"""What every page knows of the site itself, and of its own address."""

from typing import Any

from django.http import HttpRequest

from cities.current_register import register_of


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "register": register_of(request),
        "canonical": _canonical(request),
        "is_choice": _is_choice(request),
        "site_address": request.build_absolute_uri("/").rstrip("/"),
    }


def _canonical(request: HttpRequest) -> str:
    """Return the one address of the page: of its query only a later page number stays."""
    number = request.GET.get("page", "")
    is_later = number.isdecimal() and number.isascii() and int(number) > 1
    query = f"?page={int(number)}" if is_later else ""
    return request.build_absolute_uri(request.path) + query


def _is_choice(request: HttpRequest) -> bool:
    """Return whether a list is filtered: one of very many views of the same records."""
    route = request.resolver_match
    return bool(set(request.GET) - {"page"}) and route is not None and not route.kwargs
