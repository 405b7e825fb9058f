"""What several people do with one change: prepare, review, schedule, publish, undo and invite."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.clicks import PHONE, counted

PASSWORD = "a long password of nobody here"
HOME = reverse("admin:index")
SET = re.compile("/admin/cities/changeset/[0-9]+/change/")
SUMMARY = "A city in the west of South Korea, known for its hot springs."
PEOPLE = {"preparer": "Commission staff", "reviewer": "Publisher", "manager": None}


@pytest.fixture(scope="module")
def people(db):
    """Somebody who prepares, somebody who publishes, and somebody who may do everything."""
    for name, role in PEOPLE.items():
        user = User.objects.create_user(
            name, password=PASSWORD, is_staff=True, is_superuser=role is None
        )
        if role is not None:
            user.groups.add(Group.objects.get(name=role))


@pytest.fixture(scope="module")
def tabs(people, chromium, site):
    """A tab of each of them: the publisher has a phone as well."""
    tabs, contexts = {}, []
    for name in PEOPLE:
        context = chromium.new_context(base_url=site.url, locale="en-US")
        tabs[name] = tab = context.new_page()
        tab.goto(reverse("admin:login"))
        tab.get_by_label("Name or e-mail").fill(name)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.keyboard.press("Enter")
        tab.wait_for_url("**" + HOME)
        contexts.append(context)
    signed_in = contexts[1].storage_state()
    contexts.append(chromium.new_context(base_url=site.url, storage_state=signed_in, **PHONE))
    tabs["phone"] = contexts[-1].new_page()
    yield tabs
    for context in contexts:
        context.close()


def open_facts(tab):
    """Open the form of a published city, as its page leads there."""
    tab.goto(reverse("admin:jump") + "?q=asan")
    tab.locator(".places a").first.click()
    tab.get_by_role("link", name="Change facts").click()


def send(tab, **fields):
    for name, value in fields.items():
        tab.locator(f"#id_{name}").fill(value)
    tab.get_by_role("button", name="Save", exact=True).click()


def test_change_is_reviewed_previewed_scheduled_and_published_on_a_phone(tabs):
    """The difference is read where it is published: two taps."""
    preparer, phone = tabs["preparer"], tabs["phone"]
    open_facts(preparer)
    send(preparer, summary=SUMMARY, change_reason="It says where the city is.")
    expect(preparer).to_have_url(SET)
    preparer.get_by_role("button", name="Send for review").click()
    waiting = preparer.url

    phone.goto(waiting)
    with counted(phone) as task:
        task.click(phone.get_by_role("link", name="Preview"))
        expect(phone.get_by_text("This page is not public.")).to_be_visible()
        assert SUMMARY in phone.inner_text("main")
    assert (task.clicks, task.loads) == (1, 1)

    phone.goto(waiting)
    with counted(phone) as task:
        task.click(phone.get_by_text("Publish it later"))
        phone.locator("#id_moment").fill("2099-01-01T09:00")
        task.click(phone.get_by_role("button", name="Schedule"))
        expect(phone.get_by_text("To be published on January 1, 2099")).to_be_visible()
    assert task.clicks <= 2

    phone.goto(HOME)
    with counted(phone) as task:
        task.click(phone.locator(".to-do a").first)
        expect(phone.locator(".set-record ins").last).to_contain_text("hot springs")
        task.click(phone.get_by_role("button", name="Publish", exact=True))
        expect(phone.get_by_text("Published:")).to_be_visible()
    assert task.clicks <= 3, task
    assert SUMMARY in phone.request.get("/cities/asan/").text()


def test_who_changed_it_is_read_and_the_change_is_undone(tabs):
    """Two clicks to who, what was before and why; two to take it back."""
    tab = tabs["manager"]
    open_facts(tab)
    with counted(tab) as task:
        task.click(tab.get_by_role("link", name="History", exact=True))
        shown = tab.inner_text("#change-history")
        assert "preparer" in shown
        assert "It says where the city is." in shown
        assert "hot springs" in tab.inner_text("#change-history ins >> nth=0")
    assert task.clicks <= 2, task

    with counted(tab) as task:
        task.click(tab.get_by_role("link", name="Change set, and undo").first)
        tab.locator("#id_undo_reason").fill("It was there already.")
        task.click(tab.get_by_role("button", name="Undo"))
        expect(tab.get_by_text("Undone:")).to_be_visible()
    assert task.clicks <= 2, task
    assert SUMMARY not in tab.request.get("/cities/asan/").text()


def test_two_people_change_one_record_and_both_keep_what_they_typed(tabs):
    first, second = tabs["reviewer"], tabs["manager"]
    for tab in (first, second):
        open_facts(tab)
    send(first, summary="Changed by the first.", change_reason="Shorter.")
    send(second, website="https://www.asan.example/", change_reason="The site moved.")

    said = second.inner_text("#content")
    assert "reviewer changed this record at" in said
    assert second.input_value("#id_website") == "https://www.asan.example/"
    assert second.input_value("#id_summary") == "Changed by the first."
    with counted(second) as task:
        task.click(second.get_by_role("button", name="Save", exact=True))
    assert task.clicks == 1
    page = second.request.get("/cities/asan/").text()
    assert "Changed by the first." in page
    assert "https://www.asan.example/" in page


def test_colleague_is_invited_and_signs_in_with_a_password_that_nobody_else_knows(
    tabs, chromium, site
):
    tab = tabs["manager"]
    tab.goto(HOME)
    with counted(tab) as task:
        task.click(tab.locator(".model-user .addlink").first)
        task.fill(first_name="Ana", last_name="Perez", email="ana@example.org")
        task.click(tab.get_by_label("Council clerk"))
        task.click(tab.get_by_role("button", name="Save", exact=True))
        link = tab.locator("code.secret").inner_text()
    assert (task.clicks, task.loads) == (3, 2)

    with chromium.new_context(locale="en-US") as context:
        invited = context.new_page()
        invited.goto(link)
        with counted(invited) as task:
            for field in invited.locator("input[type=password]").all():
                field.fill("nine quiet boats on the Grand River")
            task.press("Enter")
            invited.wait_for_url("**" + HOME)
        expect(invited.get_by_role("link", name="Record a meeting", exact=True)).to_be_visible()
    assert task.clicks <= 2
