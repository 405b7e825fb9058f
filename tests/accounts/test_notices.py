"""People get a mail when something happens to their account, and the log has a line."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from lrscc.accounts.notices import NOTICES
from tests.accounts.people import (
    PASSWORD,
    code,
    confirm,
    give_code,
    give_password,
    make_person,
    recovery_codes,
    secret_on,
    signed_in,
)
from tests.admin.browser import form_of

pytestmark = pytest.mark.django_db

NEW = "nine brown owls under a bridge"


@pytest.fixture
def ana(mails):
    return make_person(app=True, email="ana@x.example", first_name="Ana")


@pytest.fixture
def boss(mails):
    client = confirm(signed_in(make_person("boss", "Administrator", app=True)))
    mails.clear()
    return client


def change(boss, user, **changes):
    form = form_of(boss, f"/admin/auth/user/{user.pk}/change/") | changes
    form = {name: value for name, value in form.items() if value is not None}
    assert boss.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302


def subjects(mails) -> list[tuple[str, list[str]]]:
    return [(mail.subject.split(" – ")[0], mail.to) for mail in mails]


TO_ANA = ["ana@x.example"]


def test_mail_is_plain_and_has_no_secret(ana, mails):
    client = Client()
    give_password(client)
    used = recovery_codes(ana)[0]
    give_code(client, used)

    (mail,) = mails
    assert mail.subject == "A recovery code was used – Our City’s sister cities"
    lines = mail.body.splitlines()
    assert lines[:3] == [
        "Hello Ana,",
        "",
        "Somebody signed in to your account with a recovery code. It works no more.",
    ]
    assert lines[4] == "Account: ana"
    assert lines[5].startswith("When: ")
    assert lines[7:] == ["If you did not expect this, ask an administrator of the site at once."]
    assert used not in mail.body


def test_own_changes_are_mailed(mails):
    make_person(email="ana@x.example")
    client = Client()
    give_password(client)
    client.post("/admin/account/confirm/", {"password": PASSWORD})
    secret = secret_on(client.get("/admin/account/app/"))
    client.post("/admin/account/app/", {"code": code(secret)})
    client.post("/admin/account/recovery-codes/new/")
    client.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
    )

    assert subjects(mails) == [
        ("An app for codes was set up", TO_ANA),
        ("You have new recovery codes", TO_ANA),
        ("Your password was changed", TO_ANA),
    ]


def test_changes_by_an_administrator_are_mailed_and_logged(boss, ana, mails, caplog):
    caplog.clear()
    publisher = str(Group.objects.get(name="Publisher").pk)
    change(boss, ana, groups=[publisher])
    change(boss, ana, email="new@x.example")
    change(boss, ana, is_active=None)
    change(boss, ana, is_active="on")
    boss.post(f"/admin/auth/user/{ana.pk}/second-factor/")

    assert subjects(mails) == [
        ("Your role was changed", TO_ANA),
        ("Your e-mail address was changed", ["new@x.example"]),
        ("Your e-mail address was changed", TO_ANA),
        ("Your account was switched off", ["new@x.example"]),
        ("Your account was switched on", ["new@x.example"]),
        ("You have to set up a new second step", ["new@x.example"]),
    ]
    by = User.objects.get(username="boss").pk
    assert [line.getMessage() for line in caplog.records if line.name == "lrscc.accounts"] == [
        f"{event}: account {ana.pk} by account {by}, from 127.0.0.1"
        for event in (
            "rights changed",
            "e-mail changed",
            "account switched off",
            "account switched on",
            "second factors removed by an administrator",
        )
    ]


def test_save_that_changes_nothing_is_not_mailed(boss, ana, mails):
    change(boss, ana)

    assert mails == []


def test_owner_learns_once_that_somebody_guesses(ana, mails):
    for number in range(15):
        give_password(Client(), password="wrong", REMOTE_ADDR=f"198.51.100.{number}")

    assert subjects(mails) == [("Somebody tries to guess your password", TO_ANA)]


def test_each_text_is_whole():
    for subject, what in NOTICES.values():
        assert not str(subject).endswith(".")
        assert str(what).endswith(".")
