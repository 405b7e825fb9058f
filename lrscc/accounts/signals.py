"""What follows from what happens to accounts."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from lrscc.accounts import events, sessions
from lrscc.accounts.second_factor import BY_HAND


@receiver(auth.user_logged_in)
def signed_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    sessions.begin(request)
    events.record(request, "signed in", user)


@receiver(auth.user_logged_out)
def signed_out(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user:
        events.record(request, "signed out", user)


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Take who sets up a second factor as having proven it: they hold it in their hands."""
    events.record(request, f"second factor added ({authenticator.type})", user)
    if authenticator.type in BY_HAND:
        record_authentication(request, user, "mfa", type=authenticator.type)


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    events.record(request, f"second factor removed ({authenticator.type})", user)


@receiver(mfa.authenticator_reset)
def codes_renewed(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    events.record(request, "recovery codes renewed", user)


@receiver(mfa.authenticator_used)
def factor_used(request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == "recovery_codes":
        events.record(request, "recovery code used", user)
