"""Passkeys in a real browser, with an authenticator made of software."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import override_settings

from lrscc.accounts import sessions
from tests.browser.checks import assert_nothing_found, axe_faults, outcome, width_of

NAME, PASSWORD = "passkeeper", "seven green lamps by the river"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def person(db):
    return User.objects.create_superuser(NAME, password=PASSWORD)


@pytest.fixture(scope="module")
def tab(person, chromium, site):
    """A tab of a browser with a built-in authenticator; passkeys need a name, not numbers."""
    base = site.url.replace("127.0.0.1", "localhost")
    with (
        override_settings(SECOND_FACTOR_REQUIRED=True),
        chromium.new_context(base_url=base, locale="en-US") as context,
    ):
        tab = context.new_page()
        tools = context.new_cdp_session(tab)
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield tab


def give_password(tab) -> None:
    tab.get_by_label("Name or e-mail").fill(NAME)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")


def sign_out(tab) -> None:
    tab.get_by_role("button", name="Log out").click()
    tab.goto("/admin/")


def look(tab) -> None:
    """The page fits a narrow window, and axe finds nothing."""
    found = {"Axe finds nothing": outcome(axe_faults, tab)}
    tab.set_viewport_size({"width": 320, "height": 800})
    found["It fits a narrow window"] = [f"{width}"] if (width := width_of(tab)) > 320 else []
    tab.set_viewport_size({"width": 1280, "height": 800})
    assert_nothing_found(found)


def test_passkey_is_set_up_and_signs_in_alone_and_as_second_step(tab):
    """In one test: each step needs the one before, and the key stays in this browser."""
    tab.goto("/admin/")
    look(tab)
    give_password(tab)
    tab.wait_for_url("**/admin/account/**")
    look(tab)
    tab.get_by_role("link", name="Set up a passkey").click()
    look(tab)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/admin/account/passkeys/add/")
    look(tab)
    tab.get_by_label("Name of this passkey").fill("City laptop")
    tab.get_by_role("button", name="Set up this passkey").click()
    tab.wait_for_url("**/recovery-codes/")
    look(tab)
    assert tab.locator(".codes code").count() == 10
    tab.get_by_role("link", name="I have kept them").click()
    tab.wait_for_url("**/admin/")
    tab.goto("/admin/account/app/")
    look(tab)

    sign_out(tab)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    tab.wait_for_url(lambda url: url.endswith("/admin/"))

    sign_out(tab)
    give_password(tab)
    tab.wait_for_url("**/admin/account/second-step/")
    look(tab)
    tab.get_by_role("button", name="Use a passkey").click()
    tab.wait_for_url(lambda url: url.endswith("/admin/"))
    assert tab.locator("#user-tools strong").inner_text().casefold() == NAME


def test_page_warns_before_the_session_ends_and_one_key_keeps_it(tab, monkeypatch):
    monkeypatch.setattr(sessions, "IDLE", timedelta(seconds=183))
    tab.goto("/admin/cities/source/add/")
    field = tab.locator("#id_title")
    field.fill("typed before")
    warning = tab.get_by_role("alertdialog")
    warning.wait_for(timeout=10_000)

    assert "You will be signed out in 3 minutes" in warning.inner_text()
    look(tab)
    tab.keyboard.press("Enter")
    warning.wait_for(state="hidden", timeout=10_000)

    assert field.input_value() == "typed before"
    assert field.evaluate("field => field === document.activeElement")


def test_passkey_that_somebody_does_not_unlock_is_said_in_words(tab, site):
    tab.goto("/admin/account/")
    tab.get_by_role("button", name="Log out").click()
    tab.goto(site.url + "/admin/login/")
    tab.get_by_role("button", name="Sign in with a passkey").click()

    said = tab.get_by_role("alert")
    assert said.inner_text().startswith("Passkeys do not work at an address of numbers.")
