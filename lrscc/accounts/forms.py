"""The forms to sign in with, and to set up and prove a second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lrscc.accounts import events, throttle
from lrscc.accounts.people import key_of

BROKEN = (TypeError, ValueError, KeyError, AttributeError, IndexError, InvalidSignature)
"""What reading a made-up answer of a passkey can raise."""


class SignInForm(LoginForm):
    """Name and password. Passwords can be pasted and filled in by a program that keeps them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["login"] = forms.CharField(
            label=_("Name or e-mail"), max_length=254, widget=name
        )
        self.fields["password"] = _password(_("Password"))
        self.order_fields(["login", "password"])


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something important is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"))


def _password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget)


class _Code(forms.Form):
    """A code that is counted before it is checked, and that works once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        self.fields["code"].widget = forms.TextInput(attrs=attrs)
        self.fields["code"].label = self.label

    label = _("Code from your app, or a recovery code")
    user: Any

    def clean_code(self) -> str:
        this = throttle.attempt(context.request, "second factor", key_of(self.user))
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            typed = "".join(filter(str.isalnum, code)).upper()
            if not throttle.use_once("code", f"{self.user.pk}\n{typed}"):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            events.record(context.request, "second factor refused", self.user)
            raise
        this.succeeded()
        return code


class CodeForm(_Code, AuthenticateForm):
    """A code at the end of signing in."""


class ConfirmingCodeForm(_Code, CodeAgainForm):
    """A code before something important is changed."""


class AppForm(_Code, ActivateTOTPForm):
    """The first code of an app that makes codes."""

    label = _("Code that the app shows")


def _checked(check: Callable[[], Any]) -> Any:
    """Return what a check of a passkey's answer returns; a broken answer is a wrong one."""
    try:
        return check()
    except BROKEN:
        raise get_adapter().validation_error("incorrect_code") from None


class _Passkey(forms.Form):
    """An answer of a passkey. It cannot be guessed, so that only a known person's is counted."""

    user: Any

    def clean_credential(self) -> Any:
        who = self.user
        this = throttle.attempt(context.request, "second factor", key_of(who)) if who else None
        try:
            proof = _checked(super().clean_credential)  # type: ignore[misc]
        except ValidationError:
            events.record(context.request, "second factor refused", who)
            raise ValidationError(WRONG_PASSKEY, code="incorrect_code") from None
        if this:
            this.succeeded()
        return proof


WRONG_PASSKEY = _("The passkey was not accepted. Try again, or sign in another way.")


class PasskeyForm(_Passkey, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAloneForm(_Passkey, LoginWebAuthnForm):
    """A passkey instead of name and password."""


class ConfirmingPasskeyForm(_Passkey, ReauthenticateWebAuthnForm):
    """A passkey before something important is changed."""


class NewPasskeyForm(AddWebAuthnForm):
    """A new passkey. All are made to sign in alone, so that they ask for a finger, face or PIN."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        required=False,
        max_length=60,
        help_text=_(
            "For example “City laptop” or “My phone”. You see it in the list of your passkeys."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean_name(self) -> str:
        return self.cleaned_data["name"].strip() or str(_("Passkey"))

    def clean(self) -> Any:
        return _checked(super().clean)


class OwnPasswordForm(PasswordChangeForm):
    """A new password for oneself: guesses of the old one are counted."""

    required_css_class = "required"

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        events.record(context.request, "password changed", user)
        return user

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        is_right = throttle.counted(
            context.request, "password", key_of(self.user), lambda: self.user.check_password(old)
        )
        if not is_right:
            events.record(context.request, "password refused", self.user)
            raise ValidationError(
                _("The old password is not right. Check whether Caps Lock is on, then try again."),
                code="password_incorrect",
            )
        return old
