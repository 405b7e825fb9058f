"""Somebody who signs in step by step, as a browser does."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User
from django.test import Client

SIGN_IN = "/admin/login/"
ACCOUNT = "/admin/account/"
CONFIRM = "/admin/account/confirm/"
SECOND_STEP = "/admin/account/second-step/"
PASSWORD = "seven green lamps by the river"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_person(name="ana", role="Commission staff", *, app=False, **fields) -> User:
    """An account in a group; with an app for codes if asked."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    if app:
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
    return user


def code(secret=SECRET, steps=0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code(secret=SECRET) -> str:
    """A code that is none of those that count at this time."""
    right = {code(secret, steps) for steps in range(-3, 4)}
    return next(text for text in ("123456", "654321", "111111") if text not in right)


def recovery_codes(user) -> list[str]:
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    return row.wrap().get_unused_codes()


def give_password(client: Client, name="ana", password=PASSWORD, to="", **extra):
    """The answer to name and password."""
    address = f"{SIGN_IN}?next={to}" if to else SIGN_IN
    return client.post(address, {"login": name, "password": password}, **extra)


def give_code(client: Client, typed: str):
    return client.post(SECOND_STEP, {"code": typed})


def signed_in(user: User, **extra) -> Client:
    """A browser of somebody who has an app, after both steps."""
    client = Client(**extra)
    assert give_password(client, user.username).url == SECOND_STEP
    assert give_code(client, recovery_codes(user)[-1]).status_code == 302
    return client


def confirm(client: Client) -> Client:
    """Show once more who it is, as before an important change."""
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 302
    return client


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def secret_on(page) -> str:
    return re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)[1].replace(" ", "")


def codes_on(page) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code></li>", page.text)
