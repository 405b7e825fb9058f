"""The postmark of a city: what it says, and how large each part is drawn.

Plain geometry. Lengths are units of the drawing, whose dial is 128 wide (44 in a list);
widths of letters are guessed, on the wide side, for no server knows the reader's fonts.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cities.standing import Kind, Standing, Status

TOP, BOTTOM = 46.0, 53.5
"""Radii on which the letters of the name and of the country stand."""

TOP_ARC, BOTTOM_ARC = (math.radians(degrees) for degrees in (196, 124))
"""How much of the ring each may take."""

MIDDLE, SMALL_MIDDLE = 70.0, 28.5
"""How wide the words across the middle may be."""

_JOINERS = "\u200c\u200d"
"""How letters join in Persian and in scripts of India."""

_NARROW, _BROAD = set("iljtfrIJ.,:;'’|!()-‐ "), set("mwMWØŒÆ@%ЖШЩЮМФЫжшщюмфы")


POSTMARKS_KEPT = 2048

INK = "#1b1f24"
TONES = {"sister-city": "#123c69", "friendship-city": "#8a3d12"}
"""The color of the waves by type, on paper; any other type has that of the letters."""


@dataclass(frozen=True)
class Lettering:
    """Letters in one line: their `size`, the `spacing` between them, the `y` of their foot."""

    text: str
    size: float
    spacing: float = 0
    y: float = 0


@dataclass(frozen=True)
class Ring:
    """The ring of one side: its status, and which half it has of a contested one."""

    status: str
    half: str = ""


@dataclass(frozen=True)
class Postmark:
    """What the postmark of a city says on a day."""

    title: str
    name: Lettering
    country: Lettering
    middle: tuple[Lettering, ...]
    short: Lettering
    language: str
    year: str
    type: str
    rings: tuple[Ring, ...]


def postmark_of(
    place: Any, standing: Standing | None = None, *, own_script: bool = True
) -> Postmark:
    """Return the postmark of a place with a standing.

    Without its name in its own script the middle has the initials of the English name.
    """
    standing = standing or Standing()
    native = next(iter(place.native_names), None) if own_script else None
    return _lettered(
        place.name,
        place.country_name,
        (native.text, native.language) if native else ("", ""),
        year=_year(standing),
        tone=str(getattr(standing.type, "slug", standing.type) or ""),
        rings=_rings(standing),
    )


@lru_cache(maxsize=POSTMARKS_KEPT)
def _lettered(
    name: str,
    country_name: str,
    native: tuple[str, str],
    *,
    year: str,
    tone: str,
    rings: tuple[Ring, ...],
) -> Postmark:
    """Return the postmark of these words: computed once, for measuring letters takes time."""
    text, language = native
    text, title = drawable(text), drawable(name)
    initials = _initials(title)
    return Postmark(
        title=title,
        name=_around(title.upper(), TOP * TOP_ARC, 12.5, 7),
        country=_around(drawable(country_name).upper(), BOTTOM * BOTTOM_ARC, 9, 6),
        middle=_across(text or initials, 60 if year else 64),
        short=_short(text or initials, 18.5 if year else 22),
        language=language,
        year=year,
        type=tone,
        rings=rings,
    )


def _rings(standing: Standing) -> tuple[Ring, ...]:
    """Return one ring, or where the sides disagree a half for each: home on the left."""
    if standing.status == Status.CONTESTED:
        return Ring(str(standing.home), "home"), Ring(str(standing.partner), "partner")
    return (Ring(str(standing.status or Status.ACTIVE)),)


def _year(standing: Standing) -> str:
    """Return the year that the page gives, if known: ~ for about, ? for not certain.

    While it is active, that since which it is what it is now; otherwise that in which it began.
    A source that only shows it in force does not say when it began.
    """
    began = standing.since if standing.status == Status.ACTIVE else standing.began
    if began is None or began.kind == Kind.ATTESTED:
        return ""
    first, last = began.on.earliest, began.on.latest
    if first is None or last is None or first.year != last.year:
        return ""
    about = "~" if re.search("[~%]", began.on.edtf) else ""
    doubt = "?" if re.search("[?%]", began.on.edtf) else ""
    return f"{about}{first.year}{doubt}"


def drawable(text: str) -> str:
    """Return the text composed, with plain spaces, without what has no shape or breaks XML."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    shapeless = ("Cc", "Cf", "Cn", "Co", "Cs")
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in shapeless or letter in _JOINERS
    )


def width(text: str) -> float:
    """Return about how wide the text is, in sizes of its letters."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    if letter in _NARROW:
        return 0.4
    if letter in _BROAD:
        return 0.95
    if unicodedata.category(letter) == "Lo":
        return 0.55
    return 0.72 if letter.isupper() else 0.6


def _around(text: str, length: float, largest: float, smallest: float) -> Lettering:
    """Return a text on the ring: smaller where it is long, and cut where it is too long."""
    text = _cut(text, length / smallest)
    loose = 0.22 if len(text) <= 8 else 0.1
    ems = width(text) + loose * len(text)
    size = min(largest, length / ems) if ems else largest
    if size < smallest:
        size, loose = smallest, 0
    return Lettering(text, round(size, 1), round(size * loose, 1))


def _cut(text: str, ems: float) -> str:
    if width(text) <= ems:
        return text
    while text and width(text) > ems - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _across(text: str, middle: float) -> tuple[Lettering, ...]:
    """Return the text across the middle: in two lines where that makes it larger."""
    one = _fitted(text, MIDDLE, 30, 8)
    if one.size >= 15 or not (parts := _halves(text)):
        return (_centered(one.text, one.size, middle),)
    lines = [_fitted(part, MIDDLE - 6, 17, 6) for part in parts]
    size = min(line.size for line in lines)
    return tuple(
        _centered(line.text, size, middle + side * size * 0.56)
        for line, side in zip(lines, (-1, 1), strict=True)
    )


def _centered(text: str, size: float, middle: float) -> Lettering:
    return Lettering(text, size, y=round(middle + size * 0.36, 1))


def _halves(text: str) -> tuple[str, str] | None:
    """Return the text in two parts, broken after a space or a hyphen, as even as can be."""
    breaks = [found.end() for found in re.finditer(r"[\s‐-]+", text) if found.end() < len(text)]
    if not breaks:
        return None
    at = min(breaks, key=lambda end: max(width(text[:end]), width(text[end:])))
    return text[:at].rstrip(), text[at:]


def _fitted(text: str, length: float, largest: float, smallest: float) -> Lettering:
    text = _cut(text, length / smallest)
    return Lettering(text, round(min(largest, length / max(width(text), 1)), 1))


def _short(text: str, middle: float) -> Lettering:
    """Return what a small postmark has room for: a short name, or the initials of a long one."""
    fitted = _fitted(text if width(text) <= 2.2 else _initials(text), SMALL_MIDDLE, 17, 7)
    return _centered(fitted.text, fitted.size, middle)


def _initials(text: str) -> str:
    """Return up to two capitals that begin words; of a script without them, the first word.

    Of one written with a sign for each syllable, its first two signs.
    """
    words = [word for word in re.split(r"[\s‐-]+", text) if word]
    capitals = [word[0] for word in words if word[0].isupper()]
    if capitals or not words:
        return "".join(capitals[:2])
    first = words[0]
    if first[0].lower() != first[0].upper():
        return first[0]
    return first[:2] if _width(first[0]) == 1 else first
