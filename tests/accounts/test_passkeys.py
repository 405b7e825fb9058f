"""A passkey proves who somebody is, alone or before an important change."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lrscc.accounts.adapters import WRONG
from tests.accounts.passkeys import ALONE, add_passkey, sign_in_with
from tests.accounts.people import ACCOUNT, PASSWORD, SIGN_IN, make_person, signed_in, who
from tests.admin.browser import sentences

pytestmark = pytest.mark.django_db

CONFIRM = "/admin/account/confirm/passkey/"
REFUSED = "The passkey was not accepted. Try again, or sign in another way."


@pytest.fixture
def ana():
    return make_person(app=True)


@pytest.fixture
def here(ana):
    client = signed_in(ana)
    client.post("/admin/account/confirm/", {"password": PASSWORD})
    return client


@pytest.fixture
def passkey(here, ana):
    return add_passkey(here, ana)


def test_passkey_signs_in_alone(passkey, ana):
    client = Client()

    assert sign_in_with(passkey, client).url == "/admin/"

    assert who(client) == str(ana.pk)
    assert client.get("/admin/").status_code == 200


def test_whoever_asks_for_a_passkey_leaves_little_behind(passkey, ana):
    """Anybody can ask as often as the limits let them, and each time there is a row."""
    Session.objects.all().delete()
    client = Client()

    client.get(ALONE)
    assert not Session.objects.exists()
    client.get(ALONE, HTTP_ACCEPT="application/json")
    [asked] = Session.objects.all()
    assert asked.expire_date <= timezone.now() + timedelta(minutes=10)

    assert sign_in_with(passkey, client).url == "/admin/"
    [signed_in] = Session.objects.all()
    assert signed_in.expire_date > timezone.now() + timedelta(hours=11)


def test_what_was_typed_outlives_a_passkey_that_is_asked_in_vain(passkey):
    client = Client()
    client.cookies["__Host-session"] = ended()

    client.get(ALONE, HTTP_ACCEPT="application/json")

    [row] = Session.objects.filter(session_key=client.session.session_key)
    assert row.expire_date > timezone.now() + timedelta(hours=11)


def ended() -> str:
    """The session of somebody whose sign-in is over, and who is to get back what they typed."""
    session = SessionStore()
    session["lrscc.typed"] = {"user": 1}
    session.save()
    return session.session_key


def test_passkey_of_an_account_that_is_switched_off_is_refused(passkey, ana, caplog):
    User.objects.update(is_active=False)
    client = Client()

    answer = sign_in_with(passkey, client)

    assert answer.url == SIGN_IN
    assert sentences(client.get(SIGN_IN)) == [str(WRONG)]
    assert who(client) is None
    assert caplog.messages[-1] == f"sign-in refused: account {ana.pk}, from 127.0.0.1"


def test_passkey_confirms_who_it_is_and_a_wrong_one_asks_again(passkey, here):
    client, address = here, f"{CONFIRM}?next=/admin/account/recovery-codes/new/"
    assert client.get(address).status_code == 200
    other = Client()  # it was asked something else
    other.get(ALONE, HTTP_ACCEPT="application/json")

    refused = client.post(address, {"credential": passkey.proof(other)})

    assert refused.url == address
    assert sentences(client.get(address)) == [REFUSED]
    right = client.post(address, {"credential": passkey.proof(client)})
    assert right.url == "/admin/account/recovery-codes/new/"


def test_passkey_is_removed_while_the_app_is_left(passkey, here, ana, caplog):
    row = Authenticator.objects.get(user=ana, type="webauthn")
    address = f"/admin/account/passkeys/{row.pk}/remove/"
    assert here.get(address).status_code == 200

    answer = here.post(address, follow=True)

    assert answer.redirect_chain == [(ACCOUNT, 302)]
    assert "The passkey is removed." in sentences(answer)
    assert caplog.messages[-1] == (
        f"second factor removed (webauthn): account {ana.pk}, from 127.0.0.1"
    )
    assert not Authenticator.objects.filter(user=ana, type="webauthn").exists()
    client = Client()
    assert sign_in_with(passkey, client).url == SIGN_IN
    assert sentences(client.get(SIGN_IN)) == [REFUSED]
    assert who(client) is None


def test_app_is_removed_while_the_passkey_is_left(passkey, here, ana):
    assert here.get("/admin/account/app/remove/").status_code == 200

    answer = here.post("/admin/account/app/remove/", follow=True)

    assert answer.redirect_chain == [(ACCOUNT, 302)]
    assert "Your app is removed: its codes no longer work." in sentences(answer)
    assert not Authenticator.objects.filter(user=ana, type="totp").exists()
    assert sign_in_with(passkey, Client()).url == "/admin/"
