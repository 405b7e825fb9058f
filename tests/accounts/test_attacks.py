"""Attacks on the sign-in, as somebody makes them who has read how it counts."""

import pytest
from django.test import Client

from lrscc.models import Tries
from tests.accounts.people import SIGN_IN, make_person
from tests.accounts.test_throttle import clock  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def guess():
    """Type a wrong password, from an address; the answer's status."""
    client = Client()

    def guess(name="ana", **extra) -> int:
        return client.post(SIGN_IN, {"login": name, "password": "wrong"}, **extra).status_code

    return guess


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
def test_forged_header_gives_no_further_guess(guess, settings, proxies):
    """Without a proxy nobody is believed; behind one, the proxy writes the last address."""
    settings.TRUSTED_PROXIES = proxies
    make_person()
    forged = (f"198.51.100.{number}, 203.0.113.5" for number in range(8))

    statuses = [guess(HTTP_X_FORWARDED_FOR=header) for header in forged]

    assert statuses == [200] * 5 + [429] * 3


def test_visitors_behind_one_proxy_are_counted_apart(guess, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    make_person()
    for __ in range(6):
        guess(HTTP_X_FORWARDED_FOR="203.0.113.5")

    assert guess(HTTP_X_FORWARDED_FOR="203.0.113.6") == 200


def test_names_that_are_made_up_use_up_the_tries_of_the_address_alone(guess):
    make_person()

    statuses = [guess(f"junk {number}") for number in range(60)]

    assert statuses == [200] * 50 + [429] * 10
    assert guess(REMOTE_ADDR="192.0.2.7") == 200


def test_hour_of_guessing_from_one_address_is_few_guesses_and_no_lock(guess, clock):  # noqa: F811
    make_person()
    guesses = 0
    for __ in range(180):
        guesses += guess() == 200
        clock.pass_by(seconds=20)

    assert guesses < 30
    assert guess(REMOTE_ADDR="192.0.2.7") in (200, 429)
    clock.pass_by(minutes=5)
    assert guess(REMOTE_ADDR="192.0.2.7") == 200


def test_guesses_from_everywhere_are_slowed_down_too(guess, clock):  # noqa: F811
    make_person()
    guesses = 0
    for number in range(180):
        guesses += guess(REMOTE_ADDR=f"198.51.100.{number}") == 200
        clock.pass_by(seconds=20)

    assert guesses < 40
    clock.pass_by(minutes=5)
    assert guess(REMOTE_ADDR="192.0.2.7") == 200


def test_guesses_leave_a_line_each_and_a_mail(guess, mails, caplog, clock):  # noqa: F811
    ana = make_person(email="ana@x.example")
    mails.clear()
    for number in range(10):
        guess(REMOTE_ADDR=f"198.51.100.{number}")
    guess("nobody at all")

    said = [record.getMessage() for record in caplog.records if record.name == "lrscc.accounts"]
    assert said == [
        *(f"sign-in refused: account {ana.pk}, from 198.51.100.{n}" for n in range(10)),
        f"many wrong passwords: account {ana.pk}, from 198.51.100.9",
        "sign-in refused: an unknown name, from 127.0.0.1",
    ]
    assert [mail.to for mail in mails] == [["ana@x.example"]]
    assert Tries.objects.exists()
