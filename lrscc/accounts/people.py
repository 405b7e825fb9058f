"""Whose account it is: by name or e-mail, and what is kept about it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.http import HttpRequest

from lrscc.models import Account


def find_account(name: str) -> User | None:
    """Return the account with this name, or the only one with it, or this e-mail, in any case."""
    name = name.strip()
    if not name or "\0" in name:
        return None
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:10])
    for alike in (
        [user for user in found if user.username == name],
        [user for user in found if user.username.casefold() == name.casefold()],
        found,
    ):
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def name_of(name: str) -> str:
    """Return what tries for this name are counted under: one account has one count."""
    user = find_account(name)
    return key_of(user) if user else f"name {name.strip().casefold()}"


def key_of(user: User) -> str:
    return f"account {user.pk}"


def account_of(user: Any) -> Account:
    """Return what is kept about a person's account; that of nobody has nothing to say."""
    try:
        return user.account
    except (AttributeError, ObjectDoesNotExist):
        return Account(user_id=user.pk)


class AccountBackend(ModelBackend):
    """Check a password; it takes the same time for a name that nobody has."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        if username is None or password is None:
            return None
        user = find_account(username)
        if user is None:
            get_user_model()().set_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return somebody's own rights and those of their groups, by one question."""
        is_asked = user_obj.is_active and not user_obj.is_superuser and obj is None
        if not is_asked or hasattr(user_obj, "_perm_cache"):
            return super().get_all_permissions(user_obj, obj)
        rights = Permission.objects.order_by().values_list("content_type__app_label", "codename")
        found = rights.filter(user=user_obj).union(rights.filter(group__user=user_obj))
        user_obj._perm_cache = {f"{app}.{codename}" for app, codename in found.order_by()}
        return user_obj._perm_cache

    def get_user(self, user_id: Any) -> Any:
        """Return an active account, with what is kept about it, by one question."""
        user = User.objects.select_related("account").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
