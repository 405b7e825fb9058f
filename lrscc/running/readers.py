"""How the text of a variable of the environment becomes a value.

Each raises `ValueError` with a sentence that begins with the name of the variable: what is wrong,
and how it is written.
"""

import re
from collections.abc import Callable
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.validators import validate_email
from django.utils.module_loading import import_string

SECONDS_OF_A_DAY = 86_400
REQUESTS_OF_A_MINUTE = 1_000_000
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_HOST = re.compile(r"\*|\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.\[\]:_-]+", re.IGNORECASE)
_PATH = re.compile(r"[\w.~-]+(/[\w.~-]+)*", re.ASCII)
PUBLIC = frozenset(
    {
        *(".well-known", "about", "accessibility", "api", "bodies", "card.png"),
        *("changes", "cities", "corrections", "data", "exchanges", "gaps", "healthz", "meetings"),
        *("members", "organizations", "privacy", "programmes", "programs", "readyz"),
        *("relationship-types", "resolutions", "robots.txt", "search", "sitemap.xml", "sources"),
        *("statements", "static", "timeline"),
    }
)
"""How the addresses of public pages begin: staff sign in elsewhere."""


def flag(text: str) -> bool:
    """Read `true` or `false`."""
    if text.lower() not in (*YES, *NO):
        raise ValueError("is not “true” or “false”. Write one of them.")
    return text.lower() in YES


def seconds(text: str) -> int:
    """Read a number of seconds up to a day."""
    if not text.isascii() or not text.isdecimal() or int(text) > SECONDS_OF_A_DAY:
        raise ValueError("is not a number of seconds up to a day. Write it like 60.")
    return int(text)


def a_minute(text: str) -> int | None:
    """Read a number of requests, or `none`."""
    if text == "none":
        return None
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= REQUESTS_OF_A_MINUTE:
        raise ValueError("is not a number of requests a minute. Write it like 300, or none.")
    return int(text)


def listed(text: str) -> list[str]:
    """Read a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads one of these words."""

    def read(text: str) -> str:
        if text not in words:
            named = " or ".join(f"“{word}”" for word in words)
            raise ValueError(f"is not {named}. Write one of them.")
        return text

    return read


def level(text: str) -> str:
    """Read how much is logged."""
    if text.upper() not in LEVELS:
        raise ValueError(f"is no level of a log. Write one of {', '.join(LEVELS)}.")
    return text.upper()


def hosts(text: str) -> list[str]:
    """Read names of hosts, without a port: with one, Django would refuse every visitor."""
    if not listed(text):
        raise ValueError("is empty. Name the site, such as register.example.org.")
    for host in listed(text):
        if not _HOST.fullmatch(host):
            raise ValueError(
                f"has “{host}”, which is not the name of a host. Write it like"
                " register.example.org, without https:// and without a port."
            )
    return listed(text)


def origins(text: str) -> list[str]:
    """Read addresses of sites; a slash at their end would let no form through."""
    read = [origin.rstrip("/") for origin in listed(text)]
    for origin in read:
        if not _ORIGIN.fullmatch(origin) or _fails(_port, origin):
            raise ValueError(
                f"has “{origin}”, which is not the address of a site. Write it like"
                " https://register.example.org, with nothing after it."
            )
    return read


def addresses(text: str) -> list[str]:
    """Read network addresses, each as the server writes it."""
    for address in listed(text):
        if _fails(ip_address, address):
            raise ValueError(
                f"has “{address}”, which is not an address. Write addresses such as 10.0.0.5, no"
                " names and no networks."
            )
    return [str(ip_address(address)) for address in listed(text)]


def path_of_staff(text: str) -> str:
    """Read where staff sign in: nowhere that hides a public page."""
    path = text.strip("/")
    if not _PATH.fullmatch(path) or path.split("/")[0] in PUBLIC or ".." in path:
        raise ValueError(
            "cannot be where staff sign in. Write letters and digits, such as admin/, and no"
            " address of a public page."
        )
    return f"{path}/"


def mail_server(text: str) -> str:
    """Read the address of a mail server, or nothing."""
    if not text:
        return text
    is_wrong = _fails(environ.Env.email_url_config, text)
    if is_wrong or (text.startswith("smtp") and not urlsplit(text).hostname):
        raise ValueError(
            "is not the address of a mail server. Write it like"
            " smtp+tls://user:password@mail.example.org:587."
        )
    return text


def sender(text: str) -> str:
    """Read an e-mail address, perhaps with a name before it."""
    if _fails(validate_email, parseaddr(text)[1]) or not text.isprintable():
        raise ValueError("is not an e-mail address. Write it like register@example.org.")
    return text


def cache(text: str) -> str:
    """Read the address of a cache, or nothing."""

    if text and _fails(_look_at_cache, text):
        raise ValueError("is not the address of a cache. Write it like redis://host:6379/1.")
    if text.startswith(("redis", "valkey")) and not find_spec("redis"):
        raise ValueError("needs a library. Run `uv sync --locked --no-dev --extra redis`.")
    return text


def _look_at_cache(text: str) -> None:
    import_string(environ.Env.cache_url_config(text)["BACKEND"])
    for server in urlsplit(text).netloc.split(","):
        _port(f"//{server}")


def _port(address: str) -> int | None:
    return urlsplit(address).port


def _fails(read: Callable[[str], Any], text: str) -> bool:
    """Return whether it raises something: parsers raise whatever a text makes them raise."""
    try:
        read(text)
    except Exception:
        return True
    return False
