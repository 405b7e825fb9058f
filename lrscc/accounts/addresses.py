"""Where a request comes from, as far as it can be trusted."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks: behind a trusted proxy, the one that the proxy saw.

    Of `X-Forwarded-For` only the last address counts: the proxy wrote it. Anybody can send the
    others.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if peer not in settings.TRUSTED_PROXIES:
        return peer
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(seen))
    except ValueError:
        return peer


def household(address: str) -> str:
    """Return what one customer of a provider has: an IPv4 address, or a /64 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return f"{IPv6Address(int(known) >> 64 << 64)}/64"


_OF_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)
"""Headers by which a proxy shows itself."""


def bears_mark_of_a_proxy(request: HttpRequest) -> bool:
    return any(name in request.META for name in _OF_PROXIES)


_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def is_this_machine(request: HttpRequest) -> bool:
    """Return whether somebody at this machine tries the site: nothing says that others can.

    A proxy on the same machine connects from a loopback address, too. So no setting may speak of
    one, the request may not bear the mark of one, and the address must be one of this machine.
    """
    of_proxies = (
        settings.SECURE_SSL_REDIRECT,
        settings.TRUSTED_PROXIES,
        settings.CSRF_TRUSTED_ORIGINS,
    )
    if any(of_proxies) or bears_mark_of_a_proxy(request):
        return False
    try:
        is_near = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    host, __ = split_domain_port(request.get_host())
    return is_near and host in _THIS_MACHINE
