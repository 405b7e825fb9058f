"""Warn about an e-mail address that looks like a person’s, where an office’s belongs."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

_PRIVATE = frozenset(
    ["aol.com", "gmail.com", "hotmail.com", "icloud.com", "live.com", "outlook.com", "yahoo.com"]
)
_A_NAME = re.compile(r"[a-z]+[._-][a-z]+|[a-z][._][a-z]{2,}")
_OFFICE_WORDS = re.compile(
    r"office|sister|cities|city|info|contact|mail|program|exchange|youth|international|desk|clerk"
)


def looks_personal(address: str) -> bool:
    """Return whether it is at a provider of private mail, or reads like a name: ana.diaz@…

    A guess, for a warning: no address is refused for it.
    """
    name, __, provider = address.lower().rpartition("@")
    if _OFFICE_WORDS.search(name):
        return False
    return provider in _PRIVATE or bool(_A_NAME.fullmatch(name))


def warn_if_personal(request: HttpRequest, address: str) -> None:
    """Warn the person at the form that everyone can read an address that looks private."""
    if looks_personal(address):
        messages.warning(
            request,
            gettext(
                "“%s” looks like the address of a person. Everyone can read it. Use the office’s"
                " own address if there is one."
            )
            % address,
        )
