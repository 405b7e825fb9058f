"""The pages without a sign-in: for a forgotten password, and where a link leads."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from lrscc.accounts import events, links, mail, throttle
from lrscc.accounts.links import Kind
from lrscc.accounts.people import find_account, name_of
from lrscc.accounts.views import InAdmin


class ForgottenForm(forms.Form):
    name = forms.CharField(
        label=_("Name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class Forgotten(InAdmin, FormView):
    """Send a link to choose a new password. Nobody learns from the answer who has an account."""

    title = _("Forgot your password?")
    template_name = "accounts/forgotten.html"
    form_class = ForgottenForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sends_mail": settings.SENDS_MAIL}

    def form_valid(self, form: Any) -> HttpResponse:
        name = form.cleaned_data["name"]
        throttle.attempt(self.request, "forgotten password", name_of(name))
        user = find_account(name)
        events.record(self.request, "forgotten password", user)
        if settings.SENDS_MAIL and user and user.is_active and user.email:
            address = links.make_link(self.request, user, Kind.RESET)
            mail.send(user, "reset", address=address)
        return self.render_to_response(self.get_context_data(form=form, is_sent=True))


class UseLink(InAdmin, FormView):
    """Choose a password by a link, or set up a passkey by an invitation.

    Opening the page uses nothing up: programs that check mails open links, too. A person with a
    second factor is asked for it before they are in.
    """

    template_name = "accounts/link.html"
    form_class = SetPasswordForm
    link: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.link = links.find_link(kwargs["token"])
        return super().dispatch(request, *args, **kwargs) if self.link else self.gone()

    def gone(self) -> HttpResponse:
        context = super().get_context_data(form=None)
        title = _("This link no longer works")
        return self.render_to_response(context | {"title": title, "is_gone": True}, status=410)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.link.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_invitation = self.link.kind == Kind.INVITATION
        title = (
            _("Welcome: choose how you sign in") if is_invitation else _("Choose a new password")
        )
        own = {"title": title, "is_invitation": is_invitation, "person": self.link.user}
        return super().get_context_data(**kwargs) | own

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "passkey" in request.POST and self.link.kind == Kind.INVITATION:
            return self.enter("mfa_add_webauthn") if links.use_link(self.link) else self.gone()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not links.use_link(self.link):
            return self.gone()
        form.save()
        events.record(self.request, "password set by a link", self.link.user)
        return self.enter("admin:index")

    def enter(self, following: str) -> HttpResponse:
        """Sign the person in, through the second factor if they have one."""
        logout(self.request)
        links.note_link(self.request, self.link.user)
        login = Login(user=self.link.user, redirect_url=reverse(following))
        return perform_login(self.request, login)
