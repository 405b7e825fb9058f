"""The tasks of who keeps partner cities, walked in a browser: no more clicks than promised."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.clicks import counted

NAME, PASSWORD = "keeper", "a long password of nobody"


@pytest.fixture(scope="module")
def keeper(db):
    return User.objects.create_superuser(NAME, password=PASSWORD)


@pytest.fixture(scope="module")
def context(keeper, chromium, site):
    """The browser of somebody who signed in."""
    context = chromium.new_context(base_url=site.url, locale="en-US", service_workers="block")
    context.set_default_timeout(20_000)
    tab = context.new_page()
    tab.goto(reverse("admin:login"))
    tab.get_by_label("Name or e-mail").fill(NAME)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**" + reverse("admin:index"))
    tab.close()
    yield context
    context.close()


def test_new_partner_is_added_whole_and_published_as_one(tab):
    tab.goto(reverse("admin:index"))
    with counted(tab) as task:
        task.click(tab.get_by_role("link", name="Add a partner city", exact=True))
        task.fill(
            city__name="Nara",
            city__country="Japan",
            city__subdivision="Nara",
            name__text="奈良市",
            entry__kind="signed",
            entry__on="October 1, 1969",
            entry__type="Sister city",
            agreement__kind="Agreement",
            source__title="Agreement of October 1, 1969",
            source__kind="Document",
            source__reliability="Signed original",
            source__address="https://example.org/nara.pdf",
        )
        task.click(tab.get_by_role("button", name="Save, then publish"))
        task.click(tab.get_by_role("button", name="Publish together"))
        expect(tab.get_by_text("Published: Nara, Japan, with 4 other records.")).to_be_visible()

    assert (task.clicks, task.loads) == (3, 3)
    assert task.seconds <= 60
    answer = tab.request.get("/cities/nara/")
    assert (answer.status, "奈良市" in answer.text()) == (200, True)


def test_new_partner_is_saved_on_a_phone_without_javascript(chromium, context, site):
    """The source is chosen from a plain menu there: nothing else is missing."""
    signed_in = context.storage_state()
    with chromium.new_context(
        base_url=site.url,
        java_script_enabled=False,
        storage_state=signed_in,
        viewport={"width": 320, "height": 568},
    ) as plain:
        tab = plain.new_page()
        tab.goto(reverse("admin:cities_city_new_partner"))
        assert tab.get_by_label("Longitude").is_hidden()
        tab.get_by_label("English name").fill("Kobe")
        tab.get_by_label("Country").select_option(label="Japan")
        tab.get_by_label("What happened").select_option(label="visit")
        tab.get_by_label("Date (required)").fill("May 1990")
        tab.get_by_label("One of the newest sources on record").select_option(index=1)
        tab.get_by_role("button", name="Save, then publish").click()
        expect(tab.get_by_text("Saved as a draft: Kobe, Japan.")).to_be_visible()
        tab.get_by_role("button", name="Publish together").click()
        expect(tab.get_by_text("Published: Kobe, Japan, with 2 other records.")).to_be_visible()


def open_city(tab, letters: str) -> None:
    tab.goto(reverse("admin:jump") + f"?q={letters}")
    tab.locator(".places a").first.click()
    expect(tab).to_have_url(re.compile("/partners/[0-9]+/$"))


def test_exchange_is_announced_from_the_page_of_its_city(tab):
    open_city(tab, "asan")
    with counted(tab) as task:
        task.click(tab.get_by_role("link", name="Announce an exchange", exact=True))
        task.fill(title="Youth camp 2031", begins="July 2031")
        task.click(tab.get_by_role("button", name="Save", exact=True))
        task.click(tab.get_by_role("link", name="Publish: Youth camp 2031, July 2031"))
        task.click(tab.get_by_role("button", name="Publish"))
        expect(tab.get_by_text("Published: Youth camp 2031, July 2031")).to_be_visible()

    assert (task.clicks, task.loads) == (4, 4)
    assert task.seconds <= 75
    answer = tab.request.get("/exchanges/youth-camp-2031/")
    assert (answer.status, "Asan" in answer.text()) == (200, True)


def test_published_date_is_corrected_from_the_page_of_its_city(tab):
    open_city(tab, "asan")
    with counted(tab) as task:
        task.click(tab.get_by_role("button", name=re.compile("^Correct: .* entry 2: signed")))
        task.fill(on="February 15, 2006")
        task.click(tab.get_by_role("button", name="Save", exact=True))
        task.fill(reason="The agreement has this date.")
        task.click(tab.get_by_role("button", name="Publish", exact=True))
        expect(tab.get_by_text("Published.")).to_be_visible()

    assert (task.clicks, task.loads) == (3, 3)
    assert "February 15, 2006" in tab.request.get("/cities/asan/").text()


def test_error_is_told_at_the_top_and_its_link_leads_to_the_field(tab):
    tab.goto(reverse("admin:cities_city_new_partner"))
    tab.get_by_role("button", name="Save, then publish").click()

    summary = tab.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(tab).to_have_title(re.compile("^Error: "))
    summary.get_by_role("link", name="Date").click()
    expect(tab.get_by_label("Date (required)")).to_be_focused()
