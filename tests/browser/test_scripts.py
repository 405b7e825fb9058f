"""What the site's scripts add for whoever has them: suggestions, and the way through time."""

import re

import pytest
from playwright.sync_api import expect

# --- suggestions ------------------------------------------------------------------------


@pytest.fixture
def field(tab, site):
    tab.goto("/about/")
    return tab.get_by_role("combobox", name="Search")


@pytest.fixture
def options(tab):
    return tab.get_by_role("option")


def test_suggestions_are_announced_and_chosen_by_keyboard(tab, field, options):
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("ots")

    expect(options).to_contain_text(["Otsu Sister city, since October 1, 1969"])
    expect(field).to_have_attribute("aria-expanded", "true")
    count = options.count()
    expect(tab.locator(".search-box [role=status]")).to_contain_text(f"{count} suggestion")

    field.press("ArrowDown")
    first = options.first
    expect(first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert field.evaluate("field => field === document.activeElement")

    field.press("Enter")
    expect(tab).to_have_url(re.compile("/cities/otsu/$"))


def test_arrows_go_round(field, options):
    field.press_sequentially("ots")
    expect(options.first).to_be_visible()

    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")


def test_escape_closes_the_suggestions_and_keeps_the_words(field, options):
    field.press_sequentially("ots")
    expect(options.first).to_be_visible()

    field.press("Escape")

    expect(options).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("ots")
    assert field.get_attribute("aria-activedescendant") is None


def test_suggestion_is_chosen_by_pointer(tab, field, options):
    field.press_sequentially("大津")
    options.filter(has_text="Otsu").first.click()

    expect(tab).to_have_url(re.compile("/cities/otsu/$"))


def test_enter_without_a_choice_searches(tab, field, options):
    field.press_sequentially("petersburg")
    expect(options.first).to_be_visible()
    field.press("Enter")

    expect(tab).to_have_url(re.compile(r"/search/\?q=petersburg$"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Search: petersburg")


def test_nothing_is_suggested_for_what_nobody_is_called(tab, field, options):
    field.press_sequentially("ots")
    expect(options.first).to_be_visible()
    field.press_sequentially("xyz")

    expect(options).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(tab.locator(".search-box [role=status]")).to_have_text("")


def test_search_goes_on_where_suggestions_fail(tab, field, options):
    tab.route("**/search/suggest**", lambda route: route.fulfill(status=503))
    field.press_sequentially("otsu")
    field.press("Enter")

    expect(tab).to_have_url(re.compile(r"/search/\?q=otsu$"))


# --- the way through time ---------------------------------------------------------------


def shown(tab) -> tuple[str, str, str, int]:
    """The title, the heading, what is announced, and the partners on the map."""
    main = tab.locator("main")
    return (
        tab.title(),
        main.get_by_role("heading", level=1).inner_text(),
        main.get_by_role("status").inner_text(),
        main.locator(".map a[href^='/cities/']").count(),
    )


@pytest.fixture
def today(tab, site):
    tab.goto("/cities/")
    tab.evaluate("window.isTheSamePage = true")
    return shown(tab)


def test_year_moves_list_and_map_without_a_new_page(tab, today):
    tab.locator(".change-years").get_by_role("link", name="1982", exact=True).click()

    expect(tab).to_have_title(re.compile("1982"))
    title, heading, status, pins = shown(tab)
    assert heading == title.split(" – ")[0]
    assert status.startswith("2 cities")
    assert pins == 2 < today[-1]
    assert tab.evaluate("window.isTheSamePage")
    assert re.search(r"/cities/\?on=1982-\d\d-\d\d$", tab.url)
    assert tab.evaluate("document.activeElement.textContent") == "1982"

    tab.go_back()
    expect(tab).to_have_title(today[0])
    assert shown(tab) == today

    tab.go_forward()
    expect(tab).to_have_title(title)
    assert shown(tab) == (title, heading, status, pins)


def test_form_asks_without_a_new_page_and_shows_what_was_wrong(tab, today):
    tab.locator("#id_on").fill("1990-01-01")
    tab.locator("main form").get_by_role("button").click()
    expect(tab).to_have_title(re.compile("January 1, 1990"))
    assert tab.evaluate("window.isTheSamePage")
    assert tab.url.endswith("/cities/?on=1990-01-01")

    tab.locator("#id_on").fill("never")
    tab.locator("main form").get_by_role("button").click()
    expect(tab).to_have_title(re.compile("^Error: "))
    expect(tab.get_by_role("alert")).to_be_visible()
    assert tab.evaluate("window.isTheSamePage")


def test_page_is_asked_again_where_the_script_gets_no_answer(tab, today):
    requests = []
    tab.route("**/cities/?on=*", lambda route: _refuse_once(route, requests))
    tab.locator(".change-years").get_by_role("link", name="1982", exact=True).click()

    expect(tab).to_have_title(re.compile("1982"))
    assert len(requests) == 2
    assert not tab.evaluate("window.isTheSamePage")


def _refuse_once(route, requests: list[str]) -> None:
    requests.append(route.request.url)
    if len(requests) == 1:
        route.abort()
    else:
        route.continue_()


# --- the clock --------------------------------------------------------------------------


def test_clock_of_a_city_is_shown_in_its_time_zone(tab):
    tab.clock.install(time="2026-06-01T19:30:00Z")
    tab.goto("/cities/otsu/")
    clock = tab.locator("[data-time-zone]")

    expect(clock).to_have_text(re.compile(r"now Tuesday.*4:30 AM"))
    tab.clock.fast_forward("01:00")
    expect(clock).to_have_text(re.compile(r"now Tuesday.*4:31 AM"))


def test_page_without_the_script_shows_no_clock(tab):
    tab.route(re.compile("clock"), lambda route: route.abort())
    tab.goto("/cities/otsu/")

    expect(tab.locator("[data-time-zone]")).to_be_hidden()
    expect(tab.locator("main")).to_contain_text(re.compile("hours ahead of Lansing"))
