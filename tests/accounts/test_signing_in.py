"""Signing in to the admin: guessing is slowed down."""

import re
import sqlite3

import pytest
from django.contrib import admin
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from lrscc.accounts import middleware
from lrscc.accounts.people import AccountBackend
from lrscc.accounts.throttle import LIMITS
from lrscc.models import Tries
from tests.admin.browser import form_in
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

WRONG = (
    "The name or the password is not right. Check both, and whether Caps Lock is on, then try"
    " again."
)
TOO_MANY = "There were too many tries. Wait 2 seconds, then try again."
WRONG_PASSWORDS = LIMITS["both"].free
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def account():
    return User.objects.create_user("ana", password=PASSWORD, is_staff=True)


def sign_in(client, name, password, **extra):
    """What the person reads; nothing when they are in."""
    page = client.post(reverse("admin:login"), {"login": name, "password": password}, **extra)
    if page.status_code == 429:
        assert int(page.headers["Retry-After"]) > 0
        return [line for line in lines_of(page) if line.startswith("There were")]
    return page.context["form"].non_field_errors() if page.context else []


def test_right_password_signs_in_after_a_few_wrong_ones_and_clears_the_count(client):
    for __ in range(2):
        for __ in range(WRONG_PASSWORDS - 1):
            assert sign_in(client, "ana", "wrong") == [WRONG]
        assert sign_in(client, "ana", PASSWORD) == []
        signed_in, client = client, Client()

    client = signed_in
    assert User.objects.get(pk=client.session["_auth_user_id"]).username == "ana"


def test_too_many_wrong_tries_refuse_the_right_password_too(client):
    for __ in range(WRONG_PASSWORDS):
        assert sign_in(client, "ana", "wrong") == [WRONG]

    assert sign_in(client, "ana", PASSWORD) == [TOO_MANY]
    assert sign_in(client, "ANA", PASSWORD) == [TOO_MANY]
    assert "_auth_user_id" not in client.session


def test_other_names_and_other_addresses_are_not_held_up(client):
    User.objects.create_user("ben", password=PASSWORD, is_staff=True)
    for __ in range(WRONG_PASSWORDS):
        sign_in(client, "ana", "wrong")

    assert sign_in(client, "ben", PASSWORD) == []
    assert sign_in(client, "ana", PASSWORD, REMOTE_ADDR="192.0.2.7") == []


def busy(*_, **__) -> None:
    """What a database answers who waited in vain for others that write."""
    error = OperationalError("database is locked")
    error.__cause__ = sqlite3.OperationalError("database is locked")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise error


@pytest.fixture
def sessions_not_written(monkeypatch):
    """Others begin to save once the view has done its work."""
    monkeypatch.setattr(SessionMiddleware, "process_response", busy)


def test_unknown_name_is_answered_as_a_wrong_password(client):
    assert sign_in(client, "nobody", "wrong") == sign_in(client, "ana", "wrong") == [WRONG]


@pytest.mark.usefixtures("sessions_not_written")
def test_sign_in_whose_session_cannot_be_written_is_to_be_tried_again(client):
    typed = {"login": "ana", "password": PASSWORD}

    answer = client.post(reverse("admin:login"), typed)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Somebody else is saving right now" in answer.text
    assert form_in(answer) == typed | {
        "csrfmiddlewaretoken": form_in(answer)["csrfmiddlewaretoken"]
    }
    assert not answer.context["user"].is_authenticated
    assert client.cookies["__Host-csrf"].value


def test_what_was_saved_is_saved_though_the_session_cannot_be_written(client, monkeypatch):
    client.force_login(User.objects.get())
    monkeypatch.setattr(SessionMiddleware, "process_response", busy)
    typed = {"old_password": PASSWORD, "new_password1": "another long password"}

    answer = client.post(
        reverse("admin:password_change"), typed | {"new_password2": "another long password"}
    )

    assert answer.status_code == 302
    assert User.objects.get().check_password("another long password")


def away(*_, **__) -> None:
    """What a database answers that has stopped."""
    raise OperationalError("the connection is closed")


def test_sign_in_while_others_save_is_to_be_tried_again(client, monkeypatch):
    monkeypatch.setattr(AccountBackend, "authenticate", busy)

    answer = client.post(reverse("admin:login"), {"login": "ana", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Somebody else is saving right now" in answer.text
    assert form_in(answer)["login"] == "ana"


def test_sign_in_while_the_database_is_away_says_so(client, monkeypatch):
    monkeypatch.setattr(AccountBackend, "authenticate", away)

    answer = client.post(reverse("admin:login"), {"login": "ana", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Our database cannot be reached. Nothing is lost." in answer.text


@pytest.mark.parametrize(("fault", "seconds"), [(busy, "5"), (away, "60")])
def test_page_whose_reader_cannot_be_looked_up_is_to_be_tried_again(
    client, monkeypatch, fault, seconds
):
    client.force_login(User.objects.get())
    monkeypatch.setattr(middleware, "second_factors", fault)

    answer = client.get(reverse("admin:index"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, seconds)


def test_other_faults_of_sessions_stay_faults(client, monkeypatch):
    def fail(*_) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(SessionMiddleware, "process_response", fail)

    with pytest.raises(OperationalError):
        client.get(reverse("admin:login"))


def test_unknown_name_costs_as_much_time_as_a_wrong_password(client, monkeypatch):
    """What takes long is hashing: it is done once, whoever is named."""
    hashed = []
    hasher = get_hasher()
    encode = type(hasher).encode
    monkeypatch.setattr(
        type(hasher), "encode", lambda *given: hashed.append(given) or encode(*given)
    )
    User.objects.create_user("off", password=PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("passkey", is_staff=True)
    costs, pages = {}, set()
    for name in ("ana", "nobody", "off", "passkey", "nobody@x.example"):
        hashed.clear()
        page = Client().post(reverse("admin:login"), {"login": name, "password": "wrong"})
        costs[name] = len(hashed)
        pages.add(re.sub(r'value="[\w@.]*"', "", page.text))

    assert costs == dict.fromkeys(costs, 1)
    assert len(pages) == 1


def test_disabled_account_is_answered_as_a_wrong_password(client):
    User.objects.update(is_active=False)

    assert sign_in(client, "ana", PASSWORD) == [WRONG]
    assert "_auth_user_id" not in client.session


def test_person_signs_in_with_the_e_mail_in_any_case(client):
    User.objects.update(email="Ana@Lansing.example")

    assert sign_in(client, "ana@lansing.EXAMPLE", PASSWORD) == []
    assert "_auth_user_id" in client.session


def test_address_of_two_accounts_signs_in_to_neither(client):
    User.objects.create_user("ben", password=PASSWORD, email="office@x.example")
    User.objects.update(email="office@x.example")

    assert sign_in(client, "office@x.example", PASSWORD) == [WRONG]


def test_name_that_is_the_address_of_another_is_a_name(client):
    User.objects.filter(username="ana").update(email="ben")
    ben = User.objects.create_user("ben", password="another long password", is_staff=True)

    assert sign_in(client, "ben", PASSWORD) == [WRONG]
    assert sign_in(client, "ben", "another long password") == []
    assert client.session["_auth_user_id"] == str(ben.pk)


@pytest.mark.parametrize("name", ["", " ", "a\0b", "x" * 255, "' OR 1=1 --", "%", "_"])
def test_odd_names_are_no_account(client, name):
    page = client.post(reverse("admin:login"), {"login": name, "password": PASSWORD})

    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "given",
    [
        {"username": "", "password": PASSWORD},
        {"username": " ", "password": PASSWORD},
        {"username": "ana\0", "password": PASSWORD},
        {"username": "ana"},
        {"password": PASSWORD},
    ],
)
def test_nobody_is_found_without_a_name_and_a_password(given):
    """The only account has no e-mail: an empty name must not stand for it."""
    assert authenticate(None, **given) is None


@pytest.mark.parametrize(
    ("number", "wait"), [(9, "32 seconds"), (10, "2 minutes"), (14, "5 minutes")]
)
def test_page_says_in_seconds_or_minutes_how_long_to_wait(client, number, wait):
    sign_in(client, "ana", "wrong")
    Tries.objects.update(number=number)

    assert sign_in(client, "ana", PASSWORD) == [
        f"There were too many tries. Wait {wait}, then try again."
    ]


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/account/forgotten/"])
def test_page_has_no_script_or_style_of_its_own(client, address):
    page = client.get(address)

    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page.text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page.text) == []
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_djangos_own_page_to_sign_in_is_ours(rf):
    """It stands behind ours at the same address, and would ask for a password alone."""
    request = rf.get("/")
    request.user, request.session = AnonymousUser(), SessionStore()

    assert admin.site.login(request).template_name == ["accounts/sign_in.html"]
