"""What a visitor reads of an answer: its text line by line, its links, its headings."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse

_BLOCKS = {
    *("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "option", "label", "button", "caption", "tr"),
    *("section", "div", "ol", "ul", "dl", "header", "form", "select", "nav", "main", "table"),
    "figcaption",
}


class _Reader(HTMLParser):
    """Collects text in lines, one for each block, and the addresses of links.

    Drawings are looked at, not read: their letters are left out.
    """

    def __init__(self, inside: str) -> None:
        super().__init__()
        self.inside, self.depth, self.drawn, self.is_data = inside, 0, 0, False
        self.lines: list[str] = [""]
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.depth += tag == self.inside
        self.drawn += tag == "svg"
        self.is_data = tag == "script"  # no browser shows it
        if tag in _BLOCKS:
            self.lines.append("")
        if not self.drawn and (address := dict(attrs).get("src" if tag == "img" else "href")):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.inside
        self.drawn -= tag == "svg"
        self.is_data = False
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.depth and not self.drawn and not self.is_data:
            self.lines[-1] += data


def _read(response: HttpResponse, inside: str) -> _Reader:
    reader = _Reader(inside)
    reader.feed(response.text)
    return reader


def lines_of(response: HttpResponse, inside: str = "main") -> list[str]:
    """The text of a part of a page, a line for each block, white space as a browser shows it."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in _read(response, inside).lines)
    return [line for line in lines if line]


def title_of(response: HttpResponse) -> str:
    return lines_of(response, "title")[0]


def links_of(response: HttpResponse) -> list[str]:
    """Every address the page links to or shows, style sheets and icons included."""
    return _read(response, "main").links
