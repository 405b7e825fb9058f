"""Sign somebody in to the admin of the site whose settings are used."""

import sys
from importlib import import_module

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)

NAME = "benchmark"


def sign_in() -> None:
    """Print the cookie of a new session of an administrator."""
    users = get_user_model().objects
    user = users.filter(username=NAME).first() or users.create_superuser(NAME)
    if "lrscc" in settings.INSTALLED_APPS:  # the twin has accounts of Django alone
        account = import_module("lrscc.models").Account.objects
        account.update_or_create(user=user, defaults={"is_printed": True})
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    sys.stdout.write(f"{settings.SESSION_COOKIE_NAME}={session.session_key}\n")
