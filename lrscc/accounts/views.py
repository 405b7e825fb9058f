"""The pages on which people sign in and keep their passkeys, codes and passwords.

django-allauth does the work; here are our titles, our templates, and the frame of the admin.
"""

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from qrcode.main import QRCode

from lrscc.accounts import events, open_sessions, sessions
from lrscc.accounts.second_factor import ask_again, has_second_factor, is_last
from lrscc.running.waiting import is_busy

ACCOUNT = reverse_lazy("mfa_index")


class InAdmin(View):
    """A page in the frame of the admin, which says so if others save for too long."""

    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except OperationalError as error:
            if not is_busy(error):
                raise
            site: Any = admin.site
            return site.busy(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = super().get_context_data(**kwargs)  # type: ignore[misc]
        following = self.request.POST.get(REDIRECT_FIELD_NAME) or self.request.GET.get(
            REDIRECT_FIELD_NAME, ""
        )
        return {
            **admin.site.each_context(self.request),
            "title": self.title,
            "following": following,
            **own,
        }


class SignIn(InAdmin, LoginView):
    title = _("Staff sign-in")
    template_name = "accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse who has signed in and is no staff: sending them on would bring them back."""
        user = request.user
        if user.is_authenticated and not user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class SecondFactor(InAdmin, AuthenticateView):
    title = _("One more step")
    template_name = "accounts/second_factor.html"


class SignInWithPasskey(InAdmin, LoginWebAuthnView):
    template_name = "accounts/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask a passkey; what it was asked is kept for as long as an answer may take, since
        anybody can ask, and again and again."""
        is_new = request.session.is_empty()
        response = super().get(request, *args, **kwargs)
        if is_new and not request.session.is_empty():
            request.session.set_expiry(sessions.SECONDS_OF_A_STRANGER)
        return response


class Confirm(InAdmin, ReauthenticateView):
    title = _("Is it you?")
    template_name = "accounts/confirm.html"


class ConfirmWithCode(InAdmin, CodeAgainView):
    title = _("Is it you?")
    template_name = "accounts/confirm.html"


class ConfirmWithPasskey(InAdmin, ReauthenticateWebAuthnView):
    title = _("Is it you?")
    template_name = "accounts/confirm_with_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Stay here: allauth would send somebody who has signed in to the sign-in."""
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        return HttpResponseRedirect(self.request.get_full_path())


class OwnAccount(InAdmin, IndexView):
    title = _("Your sign-in")
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = super().get_context_data(**kwargs)
        found = own["authenticators"]
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return own | {
            "app": found.get(Authenticator.Type.TOTP),
            "passkeys": [key.instance for key in found.get(Authenticator.Type.WEBAUTHN, [])],
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "has_second_factor": has_second_factor(self.request.user),
            "open_sessions": open_sessions.open_sessions(self.request),
            "is_required": settings.SECOND_FACTOR_REQUIRED,
        }


class EndSession(InAdmin):
    """End one session of oneself, such as that of a computer that was lost."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(reverse("account_login"))
        ask_again(request)
        if open_sessions.end(request, kwargs["name"]):
            events.record(request, "session ended by its owner", request.user)
            messages.success(request, _("You are signed out there."))
        else:
            messages.warning(request, _("This sign-in has ended already."))
        return HttpResponseRedirect(str(ACCOUNT))


class SignOutEverywhere(InAdmin):
    """End all sessions of oneself, this one too."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.end_all(request.user)
            events.record(request, "signed out everywhere", request.user)
            logout(request)
            messages.success(request, _("You are signed out on every computer and phone."))
        return HttpResponseRedirect(reverse("account_login"))


class SessionState(View):
    """How long the session lasts, for the script that warns of its end."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return JsonResponse({"left": 0}, status=401)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return sessions.state(request)

    post = get


class AddApp(InAdmin, ActivateTOTPView):
    title = _("Set up an app for codes")
    template_name = "accounts/add_app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draw the QR code in the page: pictures from elsewhere, also from data, are refused."""
        own = super().get_context_data(**kwargs)
        size, path = drawn(own["totp_url"])
        secret = own["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return own | {"qr_size": size, "qr_path": path, "secret": " ".join(groups)}


def drawn(text: str) -> tuple[int, str]:
    """Return the size of a QR code, with its quiet zone, and the path of an SVG that draws it."""
    code = QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return len(rows), "".join(squares)


class NotLast(View):
    """Refuses to remove the only second factor: a password alone would be left."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refusal() or super().get(request, *args, **kwargs)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refusal() or super().post(request, *args, **kwargs)  # type: ignore[misc]

    def _refusal(self) -> HttpResponse | None:
        if not is_last(self.request.user, self.kwargs.get("pk")):
            return None
        messages.error(
            self.request, _("This is your only second step. Set up another one, then remove this.")
        )
        return HttpResponseRedirect(str(ACCOUNT))


class RemoveApp(NotLast, InAdmin, DeactivateTOTPView):
    title = _("Remove the app for codes?")
    template_name = "accounts/remove.html"
    success_url = ACCOUNT


class AddPasskey(InAdmin, AddWebAuthnView):
    title = _("Set up a passkey")
    template_name = "accounts/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a passkey that can sign in alone; allauth would leave that to a check box."""
        own = super().get_context_data(**kwargs)
        own["js_data"] = {"creation_options": begin_registration(self.request.user, True)}
        return own


class RemovePasskey(NotLast, InAdmin, RemoveWebAuthnView):
    title = _("Remove this passkey?")
    template_name = "accounts/remove.html"
    success_url = ACCOUNT


class RecoveryCodes(InAdmin, ViewRecoveryCodesView):
    title = _("Recovery codes")
    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(InAdmin, GenerateRecoveryCodesView):
    title = _("Make new recovery codes?")
    template_name = "accounts/new_recovery_codes.html"
