"""Every kind of page in a real browser: for everyone, with any eyes, hands and settings."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.looking import (
    complaints,
    cut_off,
    faults_in_every_light,
    style,
    walk,
    without_ring,
)
from tests.browser.pages import EVERY_PAGE, KINDS

pytestmark = pytest.mark.usefixtures("pages")  # found before the browser starts
every_page = pytest.mark.parametrize("kind", EVERY_PAGE)
"""Of each kind the longest page, by the address of its kind."""


def test_links_lead_to_every_kind_of_page(pages):
    assert [kind for kind in KINDS if kind not in pages] == []


@every_page
def test_axe_finds_nothing(tab, pages, kind):
    tab.goto(pages[kind])

    assert faults_in_every_light(tab) == {}


SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }
"""
"""The spacing of text that WCAG 1.4.12 names."""

TWICE = "html { font-size: 212.5% !important }"
"""Text twice as large as ours (WCAG 1.4.4)."""

WINDOWS = {
    "narrow": (320, ""),
    "narrow, spaced": (320, SPACED),
    "large": (640, TWICE),
    "wide, spaced": (1280, SPACED),
}
"""Each with its width and the reader's own style."""


@every_page
def test_page_fits_every_window(tab, pages, kind):
    found = {}
    for name, (width, css) in WINDOWS.items():
        tab.set_viewport_size({"width": width, "height": 640})
        tab.goto(pages[kind])
        style(tab, css)
        too_wide = tab.evaluate("document.documentElement.scrollWidth") > width
        found[name] = cut_off(tab), too_wide
    assert found == dict.fromkeys(WINDOWS, ([], False))


@every_page
def test_keyboard_reaches_everything_and_shows_where_it_is(tab, pages, kind):
    tab.goto(pages[kind])

    assert walk(tab) == ([], [])


@every_page
def test_first_stop_leads_to_the_main_text(tab, pages, kind):
    tab.goto(pages[kind])

    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.keyboard.press("Tab")
    assert tab.evaluate(
        "!document.querySelector('main a[href], main input') ||"
        " document.activeElement.closest('main') !== null"
    )


@every_page
def test_page_says_and_does_the_same_without_javascript(chromium, tab, site, pages, kind):
    tab.goto(pages[kind])
    words = tab.inner_text("body")
    with chromium.new_context(base_url=site.url, java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(pages[kind])

        assert plain.inner_text("body") == words
        forms = "form" if kind == "/" else "main form"  # the search above is the same on all
        for number in range(plain.locator(forms).count()):
            form = plain.locator(forms).nth(number)
            assert form.evaluate("form => form.method") == "get"
            with plain.expect_navigation():
                form.locator("[type=submit], button").first.click()
            assert plain.locator("h1").count() == 1
            plain.goto(pages[kind])


@every_page
def test_browser_has_no_complaint_and_asks_nobody_else(context, site, pages, kind):
    with complaints(context, site.url) as heard:
        tab = context.new_page()
        tab.goto(pages[kind], wait_until="networkidle")
        tab.close()

    assert heard == []


@every_page
def test_printed_page_is_its_main_text(tab, pages, kind):
    tab.goto(pages[kind])
    title = tab.inner_text("h1")
    paper = PdfReader(BytesIO(tab.pdf()))
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    tab.emulate_media(media="print")

    assert "".join(title.split()) in "".join(text.split())
    for part in ("nav", "footer", "form", ".skip"):
        assert [shown for shown in tab.locator(part).all() if shown.is_visible()] == []
    hidden = tab.evaluate(
        """() => [...document.querySelectorAll("main a[href^='http']")].filter((link) =>
            !getComputedStyle(link, "::after").content.includes(link.getAttribute("href"))
            && link.textContent.trim() !== link.getAttribute("href")
        ).map((link) => link.outerHTML)"""
    )
    assert hidden == []


@every_page
def test_page_keeps_its_edges_in_forced_colors(tab, pages, kind):
    tab.emulate_media(forced_colors="active")
    tab.goto(pages[kind])

    without = tab.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=hidden]), select")]
            .filter((part) => parseFloat(getComputedStyle(part).borderTopWidth) < 1)
            .map((part) => part.outerHTML)"""
    )
    assert (without, without_ring(tab)) == ([], [])


@every_page
def test_nothing_moves_where_motion_is_not_wanted(tab, pages, kind):
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(pages[kind])

    moving = tab.evaluate(
        """() => [...document.querySelectorAll("*")].filter((part) => {
            const look = getComputedStyle(part);
            const seconds = `${look.transitionDuration},${look.animationDuration}`;
            return seconds.split(",").some((time) => parseFloat(time) > 0)
                || look.scrollBehavior === "smooth";
        }).map((part) => part.outerHTML.slice(0, 160))"""
    )
    assert moving == []
