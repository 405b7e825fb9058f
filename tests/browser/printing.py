"""What a check reads of a page that is printed."""

import unicodedata
from io import BytesIO

from playwright.sync_api import Page
from pypdf import PdfReader


def printing_faults(tab: Page) -> list[str]:
    """Find what should not be printed, and what is missing on paper."""
    found = []
    title = tab.inner_text("h1")
    if _letters(title) not in _letters(_printed(tab)):
        found.append(f"no title {title}")
    tab.emulate_media(media="print")
    for part in ("nav", "footer", "form", ".skip"):
        if any(shown.is_visible() for shown in tab.locator(part).all()):
            found.append(f"a visible {part}")
    addresses = tab.evaluate(
        """() => [...document.querySelectorAll("main a[href^='http']")].filter((link) =>
            !getComputedStyle(link, "::after").content.includes(link.getAttribute("href"))
            && link.textContent.trim() !== link.getAttribute("href")
        ).map((link) => link.outerHTML)"""
    )
    return found + [f"no address of {link}" for link in addresses]


def _printed(tab: Page) -> str:
    """Return what a program reads of the page printed as PDF."""
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(tab.pdf())).pages)


def _letters(text: str) -> str:
    """Return the text without white space and ligatures: some fonts print “fi” as one letter.

    Letters of East Asia are left out: without a font for them, boxes are printed.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return "".join(sign for sign in plain if unicodedata.east_asian_width(sign) not in "WF")
