"""A record on letter paper: a tagged PDF that can be read aloud, copied and kept.

The words reach the template beside this file as data (JSON), never as markup. The template
is compiled from memory with no folder to look into: it reads no file and brings no package.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import gettext


class TypesettingError(Exception):
    """The document cannot be made into a PDF. The message says why."""


class ClauseKind(StrEnum):
    WHEREAS = "whereas"
    RESOLVED = "resolved"
    OTHER = "other"


@dataclass(frozen=True)
class Clause:
    """A paragraph of the text itself. Its label (“Whereas,”) hangs in the margin."""

    kind: ClauseKind
    label: str
    text: str


@dataclass(frozen=True)
class Table:
    """Rows under heads, a cell for each head."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """What comes after the text: paragraphs, then a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Document:
    """The words of the PDF. What is empty is left out."""

    title: str
    number: str
    organization_name: str
    kind: str
    status: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    clauses: tuple[Clause, ...]
    sections: tuple[Section, ...]
    permanent_address: str
    fingerprint: str
    made_on: date
    language: str = "en"


_TEMPLATE = Path(__file__).with_suffix(".typ")
SHUT: dict[str, Any] = dict.fromkeys(
    ["root", "package_path", "package_cache_path"],
    _TEMPLATE,  # a file is no folder: nothing can be read below it
)
_UNDRAWN = b"""
#set text(font: "Libertinus Serif", top-edge: "bounds", bottom-edge: "bounds")
#context [#metadata(
  sys.inputs.characters.codepoints().filter(it => measure(it) == measure("\\u{10ffff}"))
) <undrawn>]
"""
"""Asks which characters no font can draw: they all look like the one that never exists."""

_NOT_TEXT = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f]"  # control characters, but new line
    r"|[\ud800-\udfff\ufeff]"  # halves of characters, and the mark of a file's encoding
    r"|[\u202d\u202e]"  # would show the letters in another order than they are written in
)


def typeset(document: Document, *, machine_fonts: bool = True) -> bytes:
    """Return the document as a tagged PDF (PDF/UA-1): the same bytes every time.

    Latin, Greek, Cyrillic and Hebrew have their fonts with them; the rest is drawn with the
    fonts of the machine, and without those spelled in numbers: [U+5927].
    """
    for section in document.sections:
        _check_table(section)
    fonts = known_fonts(machine_fonts)
    words = _plain(
        asdict(document) | {"made_on": date_format(document.made_on), "words": _words()}
    )
    beyond_ascii = {sign for sign in json.dumps(words, ensure_ascii=False) if not sign.isascii()}
    undrawn = undrawn_of(beyond_ascii, fonts)
    try:
        return _compile(words, undrawn, fonts, document.made_on)
    except TypesettingError:
        # A mark can have a font of its own and none together with the letter below it.
        marks = {sign for sign in beyond_ascii if unicodedata.category(sign).startswith("M")}
        return _compile(words, undrawn | marks, fonts, document.made_on)


def _check_table(section: Section) -> None:
    table = section.table
    if table and (not table.heads or any(len(row) != len(table.heads) for row in table.rows)):
        raise TypesettingError(
            gettext("Each row of the table under “%(heading)s” needs a cell for each head.")
            % {"heading": section.heading}
        )


def _words() -> dict[str, str]:
    """Return the headings and labels of the PDF itself."""
    return {
        "text": gettext("Full text"),
        "this_copy": gettext("About this copy"),
        "address": gettext("Permanent link"),
        "fingerprint": gettext("Fingerprint"),
        "made_on": gettext("Created on"),
        "page": gettext("Page {page} of {pages}"),
        "numbers": gettext(
            "A code like [U+5927] stands for a character that this copy has no font for; the"
            " number is its Unicode code point."
        ),
    }


def _plain(value: Any) -> Any:
    """The same words without what is no text, with one kind of space and of line end."""
    if isinstance(value, str):
        return _NOT_TEXT.sub("", "\n".join(value.splitlines()).replace("\t", " "))
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


@cache
def known_fonts(of_the_machine: bool) -> typst.Fonts:
    """The fonts inside the library, then those of the machine: looked up once."""
    return typst.Fonts(include_system_fonts=of_the_machine)


def undrawn_of(characters: set[str], fonts: typst.Fonts) -> set[str]:
    """Those of the characters that no font can draw."""
    found = typst.query(
        _UNDRAWN,
        "<undrawn>",
        field="value",
        one=True,
        sys_inputs={"characters": "".join(sorted(characters))},
        font_paths=fonts,
        **SHUT,
    )
    return set(json.loads(found))


def _compile(words: dict[str, Any], undrawn: set[str], fonts: typst.Fonts, made_on: date) -> bytes:
    content = json.dumps(words, ensure_ascii=False)
    if undrawn:
        run = f"[{re.escape(''.join(sorted(undrawn)))}]+"
        content = re.sub(run, _numbers, content)
    try:
        return typst.compile(
            _TEMPLATE.read_bytes(),
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={
                "title": words["title"],
                "content": content,
                "numbers": "yes" if undrawn else "no",
            },
            timestamp=datetime.combine(made_on, time(), UTC),
            font_paths=fonts,
            **SHUT,
        )
    except typst.TypstError as error:
        raise TypesettingError(
            gettext("“%(title)s” cannot be made into a PDF: %(why)s.")
            % {"title": words["title"], "why": error.message}
        ) from error


def _numbers(run: re.Match[str]) -> str:
    return "[" + " ".join(f"U+{ord(character):04X}" for character in run[0]) + "]"
