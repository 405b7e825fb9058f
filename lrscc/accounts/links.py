"""Links by which people choose a password: invitations, or for a forgotten one; used once."""

import hashlib
import secrets
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from lrscc.models import SignInLink

Kind = SignInLink.Kind
SECONDS_TO_SET_UP = 600
"""How long after opening a link a person may set up a second factor without further ado."""
_CAME = "lrscc.came_by_link"
LASTS = {Kind.INVITATION: timedelta(hours=24), Kind.RESET: timedelta(hours=1)}


def make_link(request: HttpRequest, user: Any, kind: Kind) -> str:
    """Return the address of a new link for a person; their earlier ones no longer work."""
    return request.build_absolute_uri(make_path(user, kind))


@transaction.atomic
def make_path(user: Any, kind: Kind) -> str:
    """Return where on the site a new link for a person leads to."""
    SignInLink.objects.filter(user=user).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        user=user, kind=kind, digest=_digest(token), expires_at=timezone.now() + LASTS[kind]
    )
    return reverse("account_link", args=[token])


def find_link(token: str) -> SignInLink | None:
    """Return the link with this token if it still works."""
    open_links = SignInLink.objects.filter(used_at=None, expires_at__gt=timezone.now())
    found = open_links.filter(digest=_digest(token), user__is_active=True)
    return found.select_related("user").first()


def use_link(link: SignInLink) -> bool:
    """Return whether the link is used for the first time: of two at one moment, one is."""
    now = timezone.now()
    unused = SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    return unused.update(used_at=now) == 1


def note_link(request: HttpRequest, user: Any) -> None:
    """Note that a person signs in by a link, for the steps that follow at once."""
    request.session[_CAME] = [user.pk, time.time()]


def came_by_link(request: HttpRequest) -> bool:
    """Return whether who has signed in came by a link, minutes ago."""
    pk, at = request.session.get(_CAME, (None, 0))
    return pk == request.user.pk and time.time() - at < SECONDS_TO_SET_UP


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
