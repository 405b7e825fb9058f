"""What stands before the site: whether the settings fit together, and what it passes on."""

import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from lrscc.running.preparing import is_embedded

SECONDS_TO_ANSWER = 5
HTTPS = 443
CERTIFICATE_LASTS = timedelta(days=14)
"""Less than that, and whatever renews it has failed."""

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def settings_of_proxy() -> str:
    """Return what is wrong with the settings that speak of a proxy."""
    if not settings.SECURE_SSL_REDIRECT:
        is_alone = is_embedded() and not settings.TRUSTED_PROXIES
        return (
            ""
            if is_alone
            else "HTTPS_ONLY is not set, so that passwords can travel unencrypted. Set it behind a"
            " proxy that ends TLS."
        )
    if not settings.TRUSTED_PROXIES:
        return (
            "TRUSTED_PROXIES is empty, so that all visitors share one count of wrong passwords,"
            " and no limit of requests holds. Write the address of the proxy there."
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        host = urlsplit(origin).hostname or ""
        if "*" not in host and not validate_host(host, settings.ALLOWED_HOSTS):
            return f"CSRF_TRUSTED_ORIGINS has {origin}. Add its host to ALLOWED_HOSTS."
    if not _public_hosts():
        return "ALLOWED_HOSTS has this machine alone. Add the name of the site."
    return ""


def through_the_proxy() -> str:
    """Ask the site as visitors do, over HTTPS, and return what is wrong with the answer."""
    if not settings.SECURE_SSL_REDIRECT:
        return ""
    faults = (_asked(host) for host in _public_hosts() if not host.startswith((".", "*")))
    return next((fault for fault in faults if fault), "")


def _asked(host: str) -> str:
    line = HTTPSConnection(
        host, HTTPS, timeout=SECONDS_TO_ANSWER, context=ssl.create_default_context()
    )
    with closing(line):
        try:
            line.request("GET", "/healthz/")
            certificate: Any = line.sock.getpeercert() or {}
            status = line.getresponse().status
        except ssl.SSLCertVerificationError as error:
            return f"The certificate of {host} is refused ({error.verify_message}). Renew it."
        except (OSError, HTTPException) as error:
            return (
                f"{host} does not answer over HTTPS ({error}). Start the proxy, or check that this"
                " machine can reach it."
            )
    if status in (301, 302, 308):
        return f"The proxy of {host} does not say X-Forwarded-Proto: https. Let it set that."
    if status == 400:
        return f"The proxy of {host} does not pass on the name of the host. Let it do so."
    if status != 200:
        return f"https://{host}/healthz/ answers {status}. Check the proxy and its log."
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    if until - datetime.now(UTC) < CERTIFICATE_LASTS:
        return f"The certificate of {host} ends on {until:%Y-%m-%d}. Renew it."
    return ""


def _public_hosts() -> list[str]:
    return [host for host in settings.ALLOWED_HOSTS if host not in THIS_MACHINE]
