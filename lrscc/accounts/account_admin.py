"""The accounts that administrators keep: they invite people, and type nobody's password."""

import unicodedata
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from cities.current_register import register_of
from lrscc.accounts import events, links, mail, sessions
from lrscc.accounts.links import Kind
from lrscc.accounts.second_factor import ask_again
from lrscc.roles import ADMINISTRATOR

RIGHTS = frozenset({"groups", "is_staff", "is_superuser", "user_permissions"})
OWN_RIGHTS = RIGHTS | {"is_active"}
"""What nobody changes of an account of their own, where somebody else can."""
ASKED_AGAIN = OWN_RIGHTS | {"username", "email"}
"""What decides who can sign in, and to what."""


class InvitationForm(forms.ModelForm):
    """Name, e-mail and role of somebody who is to work here."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"), max_length=150, help_text=_("The invitation is for this address.")
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Role"),
        queryset=Group.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "groups"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        taken = User.objects.filter(email__iexact=email) | User.objects.filter(username=email)
        if taken.exists():
            raise forms.ValidationError(
                _("There is an account with this e-mail. Open it to make a new link for it.")
            )
        return email

    def save(self, commit: bool = True) -> Any:
        self.instance.username = free_name(self.instance)
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class AccountForm(UserChangeForm):
    """An account in the words of the office. Nobody sees or types its password."""

    password: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    class Meta(UserChangeForm.Meta):
        labels = {
            "username": _("Name to sign in with"),
            "email": _("E-mail"),
            "is_active": _("The account is on"),
            "is_staff": _("Can open the desk"),
            "groups": _("Role"),
            "is_superuser": _("Can do everything"),
            "user_permissions": _("Single permissions"),
        }
        help_texts = {
            "username": _("Use letters, digits and the signs @ . + - _ only."),
            "is_active": _(
                "Clear this box when somebody leaves. They can no longer sign in, and the history"
                " keeps their name."
            ),
            "is_staff": _("Everyone who works here needs this."),
            "groups": "",
            "is_superuser": _("This includes what no role has, such as changing superusers."),
            "user_permissions": _("These are added to those of the role."),
        }


def free_name(user: User) -> str:
    """Return a name to sign in with that nobody has: `ana.perez`, then `ana.perez2`."""
    plain = unicodedata.normalize("NFKD", f"{user.first_name} {user.last_name}".casefold())
    words = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    name = ".".join(words.split())[:140] or user.email
    number = 1
    while User.objects.filter(username__iexact=f"{name}{number if number > 1 else ''}").exists():
        number += 1
    return f"{name}{number if number > 1 else ''}"


class AccountAdmin(UserAdmin):
    """Accounts by group. Only superusers manage superusers and single permissions."""

    list_display = ["username", "email", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    form = AccountForm
    add_form = InvitationForm
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["first_name", "last_name", "email", "groups"]})]
    change_form_template = "admin/auth/user/account_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        accounts = super().get_queryset(request)
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: an account is switched off, or the history would lose its name."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        rights = ["is_active", "is_staff", "groups"]
        if request.user.is_superuser:
            rights += ["is_superuser", "user_permissions"]
        return [
            (None, {"fields": ["username", "first_name", "last_name", "email"]}),
            (_("What this person can do"), {"fields": rights}),
            (_("Dates"), {"fields": ["last_login", "date_joined"]}),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Users"), **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Invite somebody. The link is on the next page, so there is one way to save."""
        once = {"show_save_and_add_another": False, "show_save_and_continue": False}
        own = {"title": _("Invite a colleague"), **once, **(extra_context or {})}
        return super().add_view(request, form_url, own)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let nobody give rights to themselves where another administrator can."""
        fixed = [*super().get_readonly_fields(request, obj)]
        if obj == request.user and colleagues_of(obj).exists():
            fixed += OWN_RIGHTS
        return fixed

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        """Say who changes the rights of one's own account."""
        if context.get("original") == request.user:
            context["colleagues"] = colleagues_of(request.user)
        return super().render_change_form(request, context, *args, **kw)

    def get_urls(self) -> list[Any]:
        """Leave out the page on which an administrator types somebody's password."""
        kept = [url for url in super().get_urls() if url.name != "auth_user_password_change"]
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/link/", view(self.link_view), name="auth_user_link"),
            path("<int:pk>/second-factor/", view(self.reset_view), name="auth_user_second_factor"),
            *kept,
        ]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Ask once more who it is before another person could be let in."""
        if change and ASKED_AGAIN.intersection(form.changed_data):
            ask_again(request)
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, *args: Any) -> None:
        """Save, and write down what matters of it."""
        super().save_related(request, form, *args)
        user, changed = form.instance, set(form.changed_data)
        if isinstance(form, InvitationForm):
            return
        was = {group.name for group in form.initial.get("groups", ())}
        also_to = self._offices(request, user, was)
        if "is_active" in changed:
            event = f"account switched {'on' if user.is_active else 'off'}"
            events.record(request, event, user, also_to=also_to)
        if changed & RIGHTS:
            event = "own rights changed" if user == request.user else "rights changed"
            events.record(request, event, user, also_to=also_to)
        if "email" in changed:
            former = form.initial.get("email") or ""
            events.record(request, "e-mail changed", user, also_to=[former, *also_to])

    def _offices(self, request: HttpRequest, user: User, was: Any = ()) -> list[str]:
        """Return who else learns what happens to an account: the commission, of administrators.

        One of them could otherwise switch off the others, or sign in as another, to be the only
        one, whose own rights nobody confirms.
        """
        is_one = user.is_superuser or user.groups.filter(name=ADMINISTRATOR).exists()
        if not (is_one or ADMINISTRATOR in was):
            return []
        return [office.email for office in register_of(request).contacts]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        events.record(request, "invited", obj)
        return self._invite(request, obj)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new link for somebody: an invitation not used in time, a forgotten password."""
        user = self._to_help(request, pk)
        ask_again(request)
        self._record_help(request, "new link made", user)
        return self._invite(request, user)

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let somebody who lost phone and codes set up a new second factor; ask first."""
        user = self._to_help(request, pk, "GET", "POST")
        ask_again(request)
        if request.method == "GET":
            title = _("Remove the second steps of %s?") % user.username
            context = {**self.admin_site.each_context(request), "title": title, "person": user}
            return render(request, "accounts/remove_second_steps.html", context)
        Authenticator.objects.filter(user=user).delete()
        sessions.end_all(user)
        self._record_help(request, "second factors removed by an administrator", user)
        messages.success(
            request, _("At the next sign-in %s sets up a new second step.") % user.username
        )
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))

    def _record_help(self, request: HttpRequest, event: str, user: User) -> None:
        events.record(request, event, user, also_to=self._offices(request, user))

    def _to_help(self, request: HttpRequest, pk: int, *methods: str) -> User:
        user = self.get_queryset(request).filter(pk=pk).first()
        if user is None or request.method not in (methods or ("POST",)):
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    def _invite(self, request: HttpRequest, user: User) -> HttpResponse:
        """Send the link, or show it this once where nothing can be sent."""
        address = links.make_link(request, user, Kind.INVITATION)
        if settings.SENDS_MAIL and user.email:
            mail.send(user, "invitation", address=address)
            messages.success(
                request,
                _("A link was sent to %s. It works once, for 24 hours.") % user.email,
            )
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Give this link to %s") % (user.get_full_name() or user.username),
            "person": user,
            "address": address,
        }
        return render(request, "accounts/invitation.html", context)


def colleagues_of(user: Any) -> QuerySet:
    """Return who else can change this account's rights: only who has signed in before."""
    others = User.objects.filter(is_active=True, is_staff=True, last_login__isnull=False)
    can = Q(is_superuser=True)
    if not user.is_superuser:
        can |= Q(groups__name=ADMINISTRATOR)
    return others.filter(can).exclude(pk=user.pk).order_by("username").distinct()
