"""A clerk’s browser: opens an admin form, sends it back as it stands, reads what it says."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Page(HTMLParser):
    """The fields of the page’s own form and the sentences it marks as errors or messages."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.sentences: list[str] = []
        self.text: list[str] = []
        self._in_form = False
        self._select = self._textarea = ""
        self._reading: str | None = None  # the tag in which a sentence is being read
        self._lists: list[bool] = []  # for each open list: does it hold sentences?

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = given.get("method") == "post" and given.get("id") != "logout-form"
        if tag == "ul":
            shown = {"errorlist", "messagelist"} & set(given.get("class", "").split())
            self._lists.append(bool(shown))
        if (tag == "li" and self._lists and self._lists[-1]) or "errornote" in given.get(
            "class", ""
        ):
            self._reading = tag
            self.sentences.append("")
        if self._in_form:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if "__prefix__" in name:
            name = ""
        if tag == "select":
            self._select = name
        if tag == "textarea":
            self._textarea = name
            if name:
                self.fields[name] = [""]
        if tag == "option" and self._select and "selected" in given:
            self.fields.setdefault(self._select, []).append(given.get("value", ""))
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("submit", "file", "button"):
                return
            box = kind in ("checkbox", "radio")
            if not box or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", "on" if box else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""
        if tag == "ul" and self._lists:
            self._lists.pop()
        if tag == self._reading:
            self._reading = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._textarea:
            self.fields[self._textarea][0] += data.removeprefix("\n")
        if self._reading:
            self.sentences[-1] = " ".join(f"{self.sentences[-1]} {data}".split())


def _read(response: HttpResponse) -> _Page:
    page = _Page()
    page.feed(response.text)
    page.close()
    return page


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back from the form at this address."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return form_in(response)


def form_in(response: HttpResponse) -> dict[str, Any]:
    """What a browser would send back from the form on this page."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in _read(response).fields.items()
    }


def typed_in(form: dict[str, Any]) -> dict[str, Any]:
    """What of a form somebody could have typed: not what its page says of itself."""
    own = ("_page", "csrfmiddlewaretoken")
    return {name: value for name, value in form.items() if not name.startswith(own)}


def sentences(response: HttpResponse) -> list[str]:
    """The errors and messages that a page shows, in its order."""
    return _read(response).sentences


def text(response: HttpResponse) -> str:
    """All the words of a page, with single spaces."""
    return " ".join(" ".join(_read(response).text).split())
