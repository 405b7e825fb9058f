"""What a visitor reads: the text of an answer line by line, its links, and where they lead."""

import io
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pypdf
from django.http import HttpResponse

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

_BLOCKS = {
    *("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "option", "label", "button", "caption", "tr"),
    *("section", "div", "ol", "ul", "dl", "header", "form", "select", "nav", "main", "table"),
    *("address", "figcaption"),
}

SITE_NAMES = ("Lansing’s sister cities", "Our City’s sister cities")
"""With a register on record (`make_register`), and without one."""


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


class _Sections(_Reader):
    """Collects the lines of the main part by section, and the choices of its form."""

    def __init__(self) -> None:
        super().__init__("main")
        self.sections: dict[str, list[str]] = {"": self.lines}
        self.choices: dict[str, list[str]] = {}
        self.name, self.tag, self.nested, self.is_heading, self.field = "", "", 0, False, ""

    def _begin(self, name: str) -> None:
        self.name = name
        self.lines = self.sections.setdefault(name, [""])
        self.lines.append("")

    def handle_starttag(self, tag: str, attrs: list) -> None:
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        if self.nested:
            self.nested += tag == self.tag
        elif self.depth and (name := given.get("aria-labelledby")):
            self.tag, self.nested = tag, 1
            self._begin(name)
        elif self.depth and tag == "form":
            self.tag, self.nested = tag, 1
            self._begin("form")
        if self.depth and tag in ("input", "select") and given.get("name"):
            self.field = given["name"]
            self.choices.setdefault(self.field, [])
        elif self.depth and tag == "option":
            self.choices[self.field].append(given["value"])
        self.is_heading |= bool(self.name) and given.get("id") == self.name

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag in ("h1", "h2", "h3", "h4"):
            self.is_heading = False
        if self.nested and tag == self.tag:
            self.nested -= 1
            if not self.nested:
                self._begin("")

    def handle_data(self, data: str) -> None:
        if not self.is_heading:
            super().handle_data(data)


def _read(text: str, inside: str) -> _Reader:
    reader = _Reader(inside)
    reader.feed(text)
    return reader


def _links_in(text: str) -> list[str]:
    return _read(text, "main").links


def lines_of(response: HttpResponse, inside: str = "main") -> list[str]:
    """The text of a part of a page, a line for each block, white space as a browser shows it."""
    return _tidy(_read(response.text, inside).lines)


def _tidy(lines: list[str]) -> list[str]:
    return [tidied for line in lines if (tidied := re.sub(r"\s+", " ", line).strip())]


def sections_of(response: HttpResponse) -> dict[str, list[str]]:
    """The text of each section of a page by the id of its heading, without the heading.

    The words of a filter form are under “form”, and what is in no section under the empty name.
    A section inside another is part of it.
    """
    reader = _Sections()
    reader.feed(response.text)
    return {name: _tidy(lines) for name, lines in reader.sections.items()}


def choices_of(response: HttpResponse) -> dict[str, list[str]]:
    """The fields of the form of a page by name, each with the values it offers, if any."""
    reader = _Sections()
    reader.feed(response.text)
    return reader.choices


def title_of(response: HttpResponse) -> str:
    """What the title says before the name of the site, which every title ends with."""
    title, __, site = lines_of(response, "title")[0].rpartition(" – ")
    assert site in SITE_NAMES
    return title


def links_of(response: HttpResponse) -> list[str]:
    """Every address the page links to or shows, style sheets and icons included."""
    return _links_in(response.text)


def walk(start: Iterable[str], visit: Callable[[str], Iterable[str]]) -> None:
    """Visit each address once: those to start from, and those that a visit leads to."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop(0).removeprefix("http://testserver").partition("#")[0]
        if path not in seen:
            seen.add(path)
            waiting += visit(path)


def everything_from(client: Any, start: list[str]) -> dict[str, str]:
    """Every page and answer of the API that can be reached from there, as text by address."""
    found: dict[str, str] = {}

    def visit(path: str) -> list[str]:
        if re.search(r"/years?/(?!202[456]/)\d", path):
            return []  # a year is as the other
        if not path.startswith("/") or path.startswith(("/admin/", "/static/")):
            return []
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        kind = response.headers["Content-Type"]
        if kind == "application/pdf":
            found[path] = words_of(response)
            return []
        found[path] = response.getvalue().decode(errors="replace")
        if kind == "application/json":
            return _addresses_in(response.json())
        return [] if response.streaming else links_of(response)

    walk(start, visit)
    return found


def reached_from(path: str, pages: dict[str, str]) -> set[str]:
    """The pages that links lead to from there, but for those that a question makes."""
    found: set[str] = set()

    def visit(path: str) -> list[str]:
        if "?" in path or not pages.get(path, "").startswith("<!DOCTYPE html>"):
            return []
        found.add(path)
        return _links_in(pages[path])

    walk([path], visit)
    return found


def sitemap_of(client: Any) -> dict[str, str | None]:
    """The paths of all sitemaps of the index, each with when it says the page changed."""
    found: dict[str, str | None] = {}
    for section in sitemap_entries(client, "/sitemap.xml", "sitemap"):
        entries = sitemap_entries(client, section.removeprefix("http://testserver"), "url")
        assert not found.keys() & entries.keys()
        found |= {path.removeprefix("http://testserver"): day for path, day in entries.items()}
    return found


def sitemap_entries(client: Any, path: str, name: str) -> dict[str, str | None]:
    """What one sitemap names, each with when it says that it changed."""
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/xml"
    entries = ElementTree.fromstring(response.content).findall(f"{_SITEMAP}{name}")
    found = {entry.findtext(f"{_SITEMAP}loc", ""): entry for entry in entries}
    assert len(found) == len(entries)
    return {address: entry.findtext(f"{_SITEMAP}lastmod") for address, entry in found.items()}


def words_of(response: HttpResponse) -> str:
    """The words of a PDF."""
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def _addresses_in(value: object) -> list[str]:
    """Every address of ours in a payload."""
    if isinstance(value, dict):
        return [found for part in value.values() for found in _addresses_in(part)]
    if isinstance(value, list):
        return [found for part in value for found in _addresses_in(part)]
    return [value] if str(value).startswith("http://testserver/") else []
