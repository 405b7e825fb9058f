"""Every kind of page in a real browser: for everyone, with any eyes, hands and settings."""

from difflib import unified_diff

import pytest

from tests.browser.checks import (
    assert_nothing_found,
    axe_faults,
    complaints,
    motion_faults,
    outcome,
    reset,
    window_faults,
)
from tests.browser.keyboard import first_stop_faults, forced_color_faults, walk_faults
from tests.browser.pages import EVERY_PAGE, KINDS
from tests.browser.printing import printing_faults
from tests.browser.validity import html_faults

pytestmark = pytest.mark.usefixtures("markup")  # read before the browser starts

CHECKS = {
    "The first stop leads to the main text": first_stop_faults,  # first: nothing has focus yet
    "The keyboard reaches everything and shows where it is": walk_faults,
    "The page fits every window": window_faults,
    "Nothing moves where motion is not wanted": motion_faults,
    "The page keeps its edges in forced colors": forced_color_faults,
    "The printed page is its main text": printing_faults,
}
"""In this order; each gets a wide light page without focus, as it was opened."""


def test_links_lead_to_every_kind_of_page(pages):
    assert [kind for kind in KINDS if kind not in pages] == []


def test_every_page_is_valid_html(markup, tmp_path):
    assert_nothing_found(html_faults(markup, tmp_path))


@pytest.mark.parametrize("kind", EVERY_PAGE)
def test_page(tab, plain_tab, context, site, pages, kind):
    """Of each kind the longest page, by the address of its kind."""
    with complaints(context, site.url) as heard:
        tab.goto(pages[kind])
        words = tab.evaluate(WORDS_BUT_CLOCKS)
        found = {}
        for name, check in CHECKS.items():
            found[name] = outcome(check, tab)
            reset(tab)
    found["The browser has no complaint and asks nobody else"] = heard
    found["Axe finds nothing"] = outcome(axe_faults, tab)
    found["The page says and does the same without JavaScript"] = outcome(
        script_faults, plain_tab, pages[kind], words
    )
    assert_nothing_found(found)


WORDS_BUT_CLOCKS = """() => {
    const clocks = [...document.querySelectorAll("[data-time-zone]")];
    clocks.forEach((clock) => (clock.hidden = true));
    const words = document.body.innerText;
    clocks.forEach((clock) => (clock.hidden = false));
    return words;
}"""
"""What time it is elsewhere at this minute only a script can say."""


def script_faults(plain_tab, path: str, words: str) -> list[str]:
    """Find what the page does not say, or its forms do not do, without JavaScript."""
    plain_tab.goto(path)
    plain_words = plain_tab.inner_text("body")
    found = [*unified_diff(words.splitlines(), plain_words.splitlines(), n=0, lineterm="")]
    forms = "form" if path == "/" else "main form"  # the search above is the same on all
    for number in range(plain_tab.locator(forms).count()):
        plain_tab.goto(path)
        form = plain_tab.locator(forms).nth(number)
        if form.evaluate("form => form.method") != "get":
            found.append("a form does not ask by GET")
        with plain_tab.expect_navigation():
            form.locator("[type=submit], button").first.click()
        if plain_tab.locator("h1").count() != 1:
            found.append(f"a form leads to {plain_tab.url}, which has not one heading")
    return found
