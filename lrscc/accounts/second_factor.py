"""Who needs a second factor, who has one, and whether it was proven in this session."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from lrscc.accounts.addresses import is_this_machine
from lrscc.accounts.people import account_of

BY_HAND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Ways to prove oneself. Recovery codes are a way back, and come with one of these."""


def second_factors(user: Any) -> list[str]:
    """Return the kinds of second factor that somebody has set up."""
    rows = Authenticator.objects.filter(user_id=user.pk, type__in=BY_HAND)
    return sorted(rows.values_list("type", flat=True))


def has_second_factor(user: Any) -> bool:
    return bool(second_factors(user))


def is_last(user: Any, pk: int | None) -> bool:
    """Return whether the passkey with this key, or else the app, is the only second factor."""
    rows = Authenticator.objects.filter(user_id=user.pk, type__in=BY_HAND)
    this = {"pk": pk} if pk else {"type": Authenticator.Type.TOTP}
    return rows.filter(**this).exists() and rows.count() == 1


def is_proven(request: HttpRequest) -> bool:
    """Return whether who asks has proven or set up a second factor in this session."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record.get("method") == "mfa" for record in records)


def ask_again(request: HttpRequest) -> None:
    """Lead who has not shown for five minutes that it is them to where they do; then go on here.

    A stolen session is not enough to open an account to others, or to close it to its owner.
    """
    if settings.SECOND_FACTOR_REQUIRED:
        raise_if_reauthentication_required(request, app="account")


def may_do_without(request: HttpRequest) -> bool:
    """Return whether a password alone is enough: printed by the first start, at that machine."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return True
    return account_of(request.user).is_printed and is_this_machine(request)
