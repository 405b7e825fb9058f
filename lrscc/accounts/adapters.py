"""How django-allauth asks us: who may sign in, what is said, and how secrets are kept."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from cities.current_register import register_of
from lrscc.accounts import events, throttle
from lrscc.accounts.links import came_by_link
from lrscc.accounts.people import find_account, key_of, name_of

WRONG = _(
    "The name or the password is not right. Check both, and whether Caps Lock is on, then try"
    " again."
)
WRONG_PASSWORD = _("The password is not right. Check whether Caps Lock is on, then try again.")
WRONG_CODE = _("This code is not right, or it has been used. Wait for the next one and type that.")

TRIES_BEFORE_MAIL = 10

SAID = {
    "mfa/messages/totp_activated.txt": _("Your app is set up."),
    "mfa/messages/totp_deactivated.txt": _("Your app is removed: its codes no longer work."),
    "mfa/messages/webauthn_added.txt": _("Your passkey is set up."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
}
"""What we say where allauth would read its own sentences; to the others we say nothing."""


class AccountAdapter(DefaultAccountAdapter):
    """Signing in: counted and recorded. There is no page on which to sign up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "incorrect_password": WRONG_PASSWORD,
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the account if name and password are right; count the try first."""
        name = credentials.get("username") or ""
        this = throttle.attempt(request, "sign in", name_of(name))
        user = authenticate(request, **credentials)
        if user is None:
            found = find_account(name)
            events.record(request, "sign-in refused", found)
            if found and this.number == TRIES_BEFORE_MAIL:
                events.record(request, "many wrong passwords", found)
            return None
        this.succeeded()
        return user

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Return whether it is the password of somebody who has signed in."""
        request = context.request
        is_right = throttle.counted(
            request, "password", key_of(user), lambda: user.check_password(password)
        )
        if not is_right:
            events.record(request, "password refused", user)
        return is_right

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask nobody who just came by a link: it has shown who they are."""
        return not came_by_link(context.request) and super().is_reauthentication_required(app=app)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Prefer a passkey to a code: who has passkeys alone has no app, and codes to save."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: method["id"] == "mfa_reauthenticate")

    def is_safe_url(self, url: str) -> bool:
        """Return whether it leads to a page of this site."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        events.record(request, "sign-in refused", user)
        messages.error(request, WRONG)
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if said := message or SAID.get(message_template or ""):
            messages.add_message(request, level, said, extra_tags=extra_tags)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: our own mails follow our own events."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted with the site's key, so that a copy of the
    database is not enough to make codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _("Set up another way first, then remove this one."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Return whether there is another one: nobody is left with a password alone."""
        others = type(authenticator).objects.filter(user_id=authenticator.user_id)
        return others.exclude(pk=authenticator.pk).exclude(type="recovery_codes").exists()

    def generate_authenticator_name(self, *args: Any) -> str:
        return ""

    def _get_site_name(self) -> str:
        return str(register_of(context.request).site_name)


def _box() -> MultiFernet:
    """Return what encrypts with the site's key, and decrypts with former ones, too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"lrscc.second_factor:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
