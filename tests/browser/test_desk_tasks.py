"""The tasks that the desk is for, walked as people do them: clicks, pages and seconds counted."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import expect

from lrscc.accounts import sessions
from tests.browser.checks import (
    NARROW,
    assert_nothing_found,
    axe_faults,
    outcome,
    width_of,
)
from tests.browser.clicks import PHONE, counted

NAME, PASSWORD = "clerk-at-work", "a long password of nobody else"
HOME = reverse("admin:index")
SET = re.compile("/admin/cities/changeset/[0-9]+/change/")
TITLE = "To thank the host families"
WORDS = """WHEREAS, Otsu and Lansing have been friends since 1969; and

WHEREAS, students of both cities visit each other every summer;

NOW, THEREFORE, BE IT RESOLVED, that the Council thanks the host families."""


@pytest.fixture(scope="module")
def someone(db):
    return User.objects.create_superuser(NAME, password=PASSWORD)


@pytest.fixture(scope="module")
def context(someone, chromium, site):
    """The browser of somebody who signed in."""
    context = chromium.new_context(base_url=site.url, locale="en-US", service_workers="block")
    tab = context.new_page()
    tab.goto(reverse("admin:login"))
    tab.get_by_label("Name or e-mail").fill(NAME)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**" + HOME)
    tab.close()
    yield context
    context.close()


# --- a meeting on one page --------------------------------------------------------------------


def days_ago(number: int) -> str:
    day = localdate() - timedelta(days=number)
    return f"{day.month}/{day.day}/{day.year}"


def enter_meeting(task, day: str) -> None:
    """From the home of the desk: the date, and the link of the source."""
    task.click(task.tab.get_by_role("link", name="Record a meeting", exact=True))
    task.fill(on=day)
    task.paste(new_source__address="https://example.org/proceedings.pdf")


def enter_resolution(task, item: int, number: str) -> None:
    """The number, the title, the text, who moved and who seconded."""
    mover, seconder = task.tab.locator("#id_items-0-mover option").all_inner_texts()[1:3]
    given = {"new__number": number, "new__title": TITLE, "mover": mover, "seconder": seconder}
    task.fill(**{f"items__{item}__{name}": value for name, value in given.items()})
    task.paste(**{f"items__{item}__wording": WORDS})


@pytest.fixture(scope="module")
def phone(context, chromium, site):
    """A phone of the same person, in the council chamber."""
    signed_in = context.storage_state()
    with chromium.new_context(base_url=site.url, storage_state=signed_in, **PHONE) as held:
        yield held.new_page()


@pytest.mark.parametrize(("device", "day", "number"), [("tab", 1, "9001"), ("phone", 3, "9003")])
def test_meeting_with_a_resolution_its_text_a_roll_call_and_a_source(request, device, day, number):
    """Eight members, two noes and one absent: one page, eight clicks and one a dissent."""
    tab = request.getfixturevalue(device)
    tab.goto(HOME)
    with counted(tab) as task:
        enter_meeting(task, days_ago(day))
        task.click(tab.locator("#attendance .call").nth(7).get_by_label("Absent"))
        enter_resolution(task, 0, f"2026-{number}")
        roll = tab.locator("#item-1 .roll .call")
        assert roll.count() == 8
        for member in (2, 3):
            task.click(roll.nth(member).get_by_label("No", exact=True))
        assert tab.inner_text("#item-1 .tally").startswith("5 yes, 2 no, 1 absent.")
        task.click(tab.get_by_role("button", name="Save as drafts"))
        expect(tab).to_have_url(SET)

    shown = tab.inner_text("#content")
    assert f"2026-{number}: {TITLE}" in shown
    assert (shown.count("Vote: Yes"), shown.count("Vote: No")) == (5, 2)
    assert shown.count("Vote: Absent") == shown.count("Presence: Absent") == 1
    assert shown.count("https://example.org/proceedings.pdf") == 1
    assert task.clicks <= 8 + 2, task
    assert task.loads == 2, task  # the page, and what was recorded
    assert task.seconds <= 60, task


def tab_to(tab, name: str) -> None:
    """Press Tab until a field of this name has the focus."""
    for __ in range(60):
        tab.keyboard.press("Tab")
        if re.match(name, tab.evaluate("document.activeElement.name") or ""):
            return
    raise AssertionError(f"{name} is not reached")


def test_meeting_is_recorded_by_keyboard_alone(tab):
    """The keys of the rows: X for who was absent, N for a no; each moves to the next row."""
    tab.goto(reverse("admin:resolutions_meeting_record"))
    tab.keyboard.press("Tab")  # to the link that skips the menu
    tab.keyboard.press("Enter")
    tab_to(tab, "on$")
    tab.keyboard.type(days_ago(4))
    tab_to(tab, "attendance-at_")
    tab.keyboard.type("pppx")
    tab_to(tab, "items-0-new-title")
    tab.keyboard.type(TITLE)
    tab_to(tab, "items-0-vote_")
    tab.keyboard.type("nyn")
    assert tab.inner_text("#item-1 .tally").startswith("5 yes, 2 no, 1 absent.")
    while tab.evaluate("document.activeElement.value") != "Save as drafts":
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")

    expect(tab).to_have_url(SET)
    shown = tab.inner_text("#content")
    assert (shown.count("Vote: Yes"), shown.count("Vote: No")) == (5, 2)
    assert shown.count("Vote: Absent") == shown.count("Presence: Absent") == 1


def test_five_resolutions_of_one_meeting(tab):
    tab.goto(HOME)
    with counted(tab) as task:
        enter_meeting(task, days_ago(2))
        for item in range(5):
            if item:
                task.click(tab.get_by_role("button", name="Add another item"))
            enter_resolution(task, item, f"2026-910{item}")
        task.click(tab.get_by_role("button", name="Save as drafts"))
        expect(tab).to_have_url(SET)

    shown = tab.inner_text("#content")
    assert (shown.count("Vote: Yes"), shown.count("Vote: No")) == (40, 0)
    assert [f"2026-910{item}: {TITLE}" in shown for item in range(5)] == [True] * 5
    assert task.loads == 2, task
    assert task.seconds <= 180, task


def test_rolls_follow_the_attendance_and_keep_what_somebody_chose(tab):
    tab.goto(reverse("admin:resolutions_meeting_record"))
    votes = tab.locator("#item-1 .roll .call")
    votes.nth(1).get_by_label("No", exact=True).click()

    for member in (0, 1):
        tab.locator("#attendance .call").nth(member).get_by_label("Absent").click()
    tab.get_by_role("button", name="Add another item").click()

    added = tab.locator("#item-2 .roll .call")
    assert votes.locator("input:checked").evaluate_all("all => all.map(one => one.value)") == [
        *("absent", "no"),
        *["yes"] * 6,
    ]
    assert added.locator("input:checked").evaluate_all("all => all.map(one => one.value)") == [
        *("absent", "absent"),
        *["yes"] * 6,
    ]
    assert tab.evaluate("document.activeElement.name") == "items-1-new-number"
    tab.locator("#attendance .call input").first.focus()
    tab.keyboard.type("pe")
    assert [row.locator("input:checked").input_value() for row in votes.all()[:2]] == [
        *("yes", "no"),
    ]


def test_refused_page_says_so_to_everyone(tab):
    tab.goto(reverse("admin:resolutions_meeting_record"))
    tab.get_by_role("button", name="Add another item").click()
    tab.get_by_role("button", name="Save as drafts").click()

    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_role("alert").get_by_role("link", name="Date").click()
    assert tab.evaluate("document.activeElement.id") == "id_on"
    tab.set_viewport_size(NARROW)
    found = {"it fits"} if (width := width_of(tab)) == 320 else {f"it is {width} px wide"}
    assert found == {"it fits"}
    assert_nothing_found({"Axe finds nothing": outcome(axe_faults, tab)})


def test_what_was_typed_is_there_again_after_the_tab_was_closed(context):
    """Kept every few seconds, and when the tab is closed; two clicks bring it back."""
    page = reverse("admin:resolutions_meeting_record")
    first = context.new_page()
    first.goto(page)
    first.get_by_role("button", name="Add another item").click()
    first.locator("#id_on").fill("the 31st")
    expect(first.locator("#unsaved")).to_contain_text(
        "what you typed was kept for you. It is not saved yet."
    )
    first.locator("#id_items-1-new-title").fill(TITLE)
    first.close(run_before_unload=True)  # before the next three seconds are over

    again = context.new_page()
    again.goto(HOME)
    with counted(again) as task:
        task.click(again.locator("section", has_text="Not saved yet").get_by_role("link").first)
        expect(again.locator("#id_items-1-new-title")).to_have_value(TITLE)
    assert again.locator("#id_on").input_value() == "the 31st"
    assert (task.clicks, task.loads) == (1, 1)
    again.close()


def sign_in(tab) -> None:
    tab.get_by_label("Name or e-mail").fill(NAME)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")


def test_form_is_sent_after_the_session_ended_and_nothing_is_typed_twice(context, monkeypatch):
    """Save, sign in, send it now: what is missing is said, and all that was typed is there."""
    tab = context.new_page()
    tab.goto(reverse("admin:cities_source_add"))
    tab.locator("#id_title").fill("A late source")
    tab.locator("#id_publisher").fill("The paper")
    with counted(tab) as task:
        with monkeypatch.context() as patch:
            patch.setattr(sessions, "IDLE", timedelta(0))
            task.click(tab.get_by_role("button", name="Save", exact=True))
            expect(tab.get_by_label("Password")).to_be_visible()
        sign_in(tab)
        task.clicks += 1
        task.click(tab.get_by_role("button", name="Send it now"))
        expect(tab.locator("#id_title")).to_have_value("A late source")
    assert tab.locator("#id_publisher").input_value() == "The paper"
    expect(tab.get_by_role("alert")).to_contain_text("Kind: This field is required.")
    assert task.clicks == 3
    tab.close()


def test_save_that_never_arrived_is_made_good_with_one_click(context):
    """The network is gone as somebody presses Save: the first page offers what was typed."""
    tab = context.new_page()
    tab.goto(reverse("admin:cities_source_add"))
    tab.locator("#id_title").fill("A source without a network")
    expect(tab.locator("#unsaved")).to_contain_text("what you typed was kept for you.")
    context.set_offline(True)
    with tab.expect_event("requestfailed"):
        tab.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    context.set_offline(False)

    tab.goto(HOME)
    with counted(tab) as task:
        task.click(tab.locator("section", has_text="Not saved yet").get_by_role("link").first)
        expect(tab.locator("#id_title")).to_have_value("A source without a network")
    assert (task.clicks, task.loads) == (1, 1)
    tab.close()
