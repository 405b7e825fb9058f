"""Everybody needs a second factor, and there is no way around it."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import get_resolver

from lrscc.models import Account
from tests.accounts.people import (
    ACCOUNT,
    PASSWORD,
    SECOND_STEP,
    SECRET,
    SIGN_IN,
    code,
    codes_on,
    give_code,
    give_password,
    make_person,
    recovery_codes,
    secret_on,
    signed_in,
    who,
    wrong_code,
)
from tests.admin.browser import sentences
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

WRONG_CODE = "This code is not right, or it has been used. Wait for the next one and type that."


def admin_addresses() -> list[str]:
    """Every address of the admin, with made-up keys."""
    found = []
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", "") == "admin":
            found += [f"/admin/{text}" for text in texts(pattern)]
    return found


def texts(resolver, before=""):
    for pattern in resolver.url_patterns:
        text = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from texts(pattern, text)
        elif not text.startswith("^") and "(?P" not in text:
            for part in ("<path:object_id>", "<id>", "<int:content_type_id>", "<path:object_id>"):
                text = text.replace(part, "1")
            if "<" not in text and "^" not in text and text != "logout/":
                yield text


def test_whoever_has_no_second_factor_reaches_nothing_but_its_setup(client):
    client.force_login(make_person(is_superuser=True))
    addresses = admin_addresses()
    assert len(addresses) > 100

    open_to_all = {}
    for address in addresses:
        for method in (client.get, client.post):
            answer = method(address)
            if not (answer.status_code == 302 and answer.url.startswith(f"{ACCOUNT}?next=")):
                open_to_all[address] = answer.status_code

    assert open_to_all.keys() == {"/admin/login/", "/admin/jsi18n/", "/admin/password_change/"}


def test_app_is_set_up_and_asked_for_from_then_on(client):
    user = make_person()
    assert give_password(client, to="/admin/cities/city/").url == "/admin/cities/city/"
    assert client.get("/admin/cities/city/").url == f"{ACCOUNT}?next=%2Fadmin%2Fcities%2Fcity%2F"
    start = client.get(ACCOUNT)
    assert start.status_code == 200
    asked = client.get("/admin/account/app/")
    assert asked.url == "/admin/account/confirm/?next=%2Fadmin%2Faccount%2Fapp%2F"
    assert client.post(asked.url, {"password": PASSWORD}).url == "/admin/account/app/"
    page = client.get("/admin/account/app/")
    secret = secret_on(page)
    assert 'style="' not in page.text
    refused = client.post("/admin/account/app/", {"code": wrong_code(secret)})
    assert sentences(refused) == [WRONG_CODE]

    first = code(secret)
    done = client.post("/admin/account/app/", {"code": first})

    assert done.url == "/admin/account/recovery-codes/"
    codes = codes_on(client.get(done.url))
    assert codes == recovery_codes(user)
    assert len(set(codes)) == 10
    assert codes_on(client.get(done.url)) == []
    assert client.get("/admin/").status_code == 200

    other = Client()
    assert give_password(other, to="/admin/cities/city/").url == SECOND_STEP
    assert who(other) is None
    assert other.get("/admin/").url == f"{SIGN_IN}?next=/admin/"
    assert sentences(give_code(other, first)) == [WRONG_CODE]  # used at the setup
    assert give_code(other, code(secret, 1)).url == "/admin/cities/city/"
    assert other.get("/admin/cities/city/").status_code == 200


def test_recovery_code_works_once():
    user = make_person(app=True)
    first = recovery_codes(user)[0]
    one, two = Client(), Client()
    give_password(one)
    give_password(two)

    assert give_code(one, first).url == "/admin/"
    assert sentences(give_code(two, first)) == [WRONG_CODE]

    assert one.get("/admin/").status_code == 200
    assert who(two) is None
    assert len(recovery_codes(user)) == 9


def test_code_of_the_app_works_once():
    make_person(app=True)
    one, two = Client(), Client()
    give_password(one)
    give_password(two)
    typed = code()

    assert give_code(one, f" {typed[:3]} {typed[3:]} ").url == "/admin/"
    assert sentences(give_code(two, typed)) == [WRONG_CODE]
    assert who(two) is None


def test_code_of_another_account_is_none(client):
    make_person(app=True)
    ben = make_person("ben", app=True)
    Authenticator.objects.filter(user=ben, type="totp").delete()
    give_password(client)

    assert sentences(give_code(client, recovery_codes(ben)[0])) == [WRONG_CODE]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/cities/city/",
        "/admin/account/",
        "/admin/account/app/",
        "/admin/account/app/remove/",
        "/admin/account/passkeys/add/",
        "/admin/account/recovery-codes/",
        "/admin/account/recovery-codes/new/",
        "/admin/account/confirm/",
        "/admin/account/confirm/code/",
        "/admin/account/confirm/passkey/",
        "/admin/password_change/",
    ],
)
def test_password_alone_opens_nothing(client, address):
    make_person(app=True)
    give_password(client)

    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, answer.url.split("?")[0]) == (302, SIGN_IN)
    assert who(client) is None


def test_session_that_is_older_than_the_second_factor_has_to_prove_it():
    """A thief with such a session and the password could else remove the second factor."""
    user = make_person()
    old = Client()
    give_password(old)
    TOTP.activate(user, SECRET)

    for address in ("/admin/", "/admin/account/", "/admin/account/app/remove/"):
        assert old.get(address).url.startswith("/admin/account/confirm/code/?next=")
    assert old.get("/admin/account/confirm/").url.startswith("/admin/account/confirm/code/")
    where = old.get("/admin/").url
    assert sentences(old.post(where, {"code": wrong_code()})) == [WRONG_CODE]
    assert old.post(where, {"code": code()}).url == "/admin/"
    assert old.get("/admin/").status_code == 200


def test_only_second_factor_cannot_be_removed():
    user = make_person(app=True)
    client = signed_in(user)
    confirm(client)

    for answer in (
        client.get("/admin/account/app/remove/", follow=True),
        client.post("/admin/account/app/remove/", follow=True),
    ):
        assert sentences(answer) == [
            "This is your only second step. Set up another one, then remove this."
        ]
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def confirm(client):
    assert client.post("/admin/account/confirm/", {"password": PASSWORD}).status_code == 302


def test_new_recovery_codes_take_the_place_of_the_old_ones():
    user = make_person(app=True)
    client = signed_in(user)
    old = recovery_codes(user)
    confirm(client)

    page = client.post("/admin/account/recovery-codes/new/", follow=True)

    assert codes_on(page) == recovery_codes(user)
    assert set(recovery_codes(user)).isdisjoint(old)


def test_important_changes_ask_once_more_who_it_is():
    client = signed_in(make_person(app=True))

    for address in (
        "/admin/account/app/remove/",
        "/admin/account/passkeys/add/",
        "/admin/account/recovery-codes/",
        "/admin/account/recovery-codes/new/",
    ):
        answer = client.get(address)
        assert answer.url.split("?")[0] == "/admin/account/confirm/"


def test_secrets_are_encrypted_and_not_logged(client, caplog):
    user = make_person(app=True)
    row = Authenticator.objects.get(user=user, type="totp")
    with caplog.at_level(logging.DEBUG):
        give_password(client, password="a wrong one")
        give_password(client, name="a password typed as name")
        give_password(client)
        give_code(client, wrong_code())
        give_code(client, code())

    assert SECRET not in str(row.data)
    assert SECRET not in caplog.text
    assert [line.getMessage() for line in caplog.records if line.name == "lrscc.accounts"] == [
        f"sign-in refused: account {user.pk}, from 127.0.0.1",
        "sign-in refused: an unknown name, from 127.0.0.1",
        f"second factor refused: account {user.pk}, from 127.0.0.1",
        f"signed in: account {user.pk}, from 127.0.0.1",
    ]


# --- the first start's sign-ins ---------------------------------------------------------


@pytest.fixture
def printed():
    user = make_person()
    Account.objects.create(user=user, is_printed=True)
    client = Client(HTTP_HOST="localhost:8000")
    give_password(client)
    return client


def test_printed_password_is_enough_at_this_machine(printed):
    home = printed.get("/admin/")

    assert home.status_code == 200
    assert (
        "You signed in with the password of the first start alone. That works at this machine"
        " only, for trying the site. Before others use it, set up a second step."
    ) in " ".join(home.text.replace("\n", " ").split()).replace(
        '<a href="/admin/account/">set up a second step</a>', "set up a second step"
    )


@pytest.mark.parametrize(
    "request_of",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "register.lansing.example"},
    ],
)
def test_printed_password_is_not_enough_for_others(printed, settings, request_of):
    settings.ALLOWED_HOSTS = ["*"]

    assert printed.get("/admin/", **request_of).url.startswith(ACCOUNT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURE_SSL_REDIRECT", True),
        ("TRUSTED_PROXIES", ["10.0.0.1"]),
        ("CSRF_TRUSTED_ORIGINS", ["https://register.lansing.example"]),
    ],
)
def test_printed_password_is_not_enough_once_the_site_is_public(printed, settings, name, value):
    setattr(settings, name, value)

    answer = printed.get("/admin/", secure=name == "SECURE_SSL_REDIRECT")

    assert answer.url.startswith(ACCOUNT)


def test_password_is_enough_for_no_other_account_at_this_machine(client):
    make_person()
    give_password(client)

    assert client.get("/admin/").url.startswith(ACCOUNT)


def test_printed_account_with_a_second_factor_needs_it(client):
    user = make_person(app=True)
    Account.objects.create(user=user, is_printed=True)

    assert give_password(client).url == SECOND_STEP


# --- what else is tried -----------------------------------------------------------------


@pytest.mark.parametrize("address", ["code", "confirm", "confirm/code", "password"])
def test_second_factor_and_passwords_are_throttled(address):
    user = make_person(app=True)
    client = Client()
    if address == "code":
        give_password(client)
        where, typed = SECOND_STEP, {"code": wrong_code()}
    else:
        client = signed_in(user)
        where, typed = {
            "confirm": ("/admin/account/confirm/", {"password": "wrong"}),
            "confirm/code": ("/admin/account/confirm/code/", {"code": wrong_code()}),
            "password": (
                "/admin/password_change/",
                {"old_password": "wrong", "new_password1": "x", "new_password2": "x"},
            ),
        }[address]

    answers = [client.post(where, typed) for __ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "2"
    assert lines_of(answers[-1])[:2] == [
        "Too many tries",
        "There were too many tries. Wait 2 seconds, then try again.",
    ]


GONE = [
    *("signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "inactive/"),
    *("login/code/", "social/", "3rdparty/", "logout/", "mfa/", "recovery-codes/download/"),
    *("passkeys/", "webauthn/signup/", "trust/", "passkeys/1/edit/"),
]


@pytest.mark.parametrize("address", [*(f"/admin/account/{a}" for a in GONE), "/accounts/login/"])
def test_addresses_that_nobody_needs_are_not_there(client, address):
    client.force_login(make_person(app=True))
    answer = signed_in(make_person("ben", app=True)).get(address)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "https://testserver@evil.example/",
        "%2F%2Fevil.example",
        "\tjavascript:alert(1)",
    ],
)
def test_sign_in_leads_to_no_other_site(client, settings, target):
    settings.CSRF_TRUSTED_ORIGINS = ["https://evil.example"]
    make_person(app=True)
    typed = {"login": "ana", "password": PASSWORD, "next": target}

    client.post(SIGN_IN, typed)
    answer = give_code(client, code())

    assert answer.url in ("/admin/", "%2F%2Fevil.example")
    assert Client().get(SIGN_IN, {"next": target}).status_code == 200


def test_session_is_a_new_one_after_each_step(client):
    make_person(app=True)
    client.get(SIGN_IN)
    give_password(client)
    between = client.session.session_key

    give_code(client, code())

    assert client.session.session_key not in (None, between)
    thief = Client()
    thief.cookies["__Host-session"] = between
    assert thief.get("/admin/").url == f"{SIGN_IN}?next=/admin/"


@pytest.mark.parametrize("address", [SIGN_IN, SECOND_STEP, "/admin/account/passkey/"])
def test_forms_need_their_token(address):
    assert Client(enforce_csrf_checks=True).post(address, {"login": "ana"}).status_code == 403


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        '"text"',
        "not json",
        '{"id": 1}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        (
            '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON":'
            ' "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}'
        ),
    ],
)
def test_made_up_passkeys_are_refused_in_words(client, answer):
    client.get("/admin/account/passkey/", HTTP_ACCEPT="application/json")

    page = client.post("/admin/account/passkey/", {"credential": answer}, follow=True)

    assert page.status_code == 200
    assert who(client) is None
    user = make_person(app=True)
    mine = signed_in(user)
    confirm(mine)
    mine.get("/admin/account/passkeys/add/")
    assert mine.post("/admin/account/passkeys/add/", {"credential": answer}).status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 0


def test_who_is_no_staff_is_refused(client):
    client.force_login(make_person(is_superuser=False))
    user = client.get(ACCOUNT).wsgi_request.user
    user.is_staff = False
    user.save()

    assert client.get(SIGN_IN).status_code == 403
