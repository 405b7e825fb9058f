"""Numbers of resolutions, as printed and as one key: ``#2018-001`` is ``2018-1``.

Lansing printed ``RESOLUTION #001`` (2006), ``RESOLUTION 2017-001`` and
``RESOLUTION #2018-001``; the numbering starts again at 1 each year. Two organizations may use
one number, so a key is unique only within its organization.

Others print a number in any other form: ``R-15-234``, ``Int 1234-2019-A``, ``CB 119876``. Each is
kept as printed, and found by the `Spelling` of its digits and letters.

A lone number is read where it stands alone or behind a word that announces it
(``Resolution 12``, ``No. 12``): the 12 of "12 May" is none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MAX_LENGTH = 200
_MAX_MEANINGS = 10

_SPELLED = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # full-width signs and digits
    **dict.fromkeys(map(ord, "‐‑‒–—―−\xad"), "-"),  # a PDF often has a soft hyphen for a dash
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff")),  # no width, no meaning
}

_YEAR = r"(?:18|19|20|21)\d\d"
_ONE = re.compile(
    r"(?<!\w)(?<!\d[-/.,:])"
    r"(?P<kind>(?:resolution|reso|res|ordinance|ord|order|motion|proclamation|tribute)s?[.:]?\s?)?"
    r"(?P<sign>(?:#|№|n[º°]|(?:number|num|no|nr)[.:]{0,2})\s?)?"
    rf"(?:(?P<year>{_YEAR})(?P<gap>[-/\s]))?"
    r"(?P<serial>\d{1,9})(?:-?(?P<suffix>[a-z]))?"
    r"(?!\w)(?![-/.,:]\d)",
    re.ASCII,
)
"""One number in cleaned, lower-case text; nothing of a date, an amount or 18-001."""


@dataclass(frozen=True, order=True)
class Number:
    """The number of a resolution: the year of its sequence if known, its serial, its suffix.

    Serials begin at 1; the suffix is one small letter or empty.
    """

    year: int | None
    serial: int
    suffix: str = ""

    @property
    def key(self) -> str:
        """Return its one spelling: ``2018-1``, ``2018-1a``; ``1`` if the year is not known."""
        year = f"{self.year}-" if self.year is not None else ""
        return f"{year}{self.serial}{self.suffix}"

    def finds(self, other: "Number") -> bool:
        """Return whether a search for this number matches the other one.

        A search without a year matches every year; one without a suffix matches ``1`` and ``1a``.
        """
        return (
            self.serial == other.serial
            and self.year in (None, other.year)
            and self.suffix in ("", other.suffix)
        )


def parse(printed: str, year: int | None = None) -> Number | None:
    """Return the number in a printed line, or ``None`` where it has none or no one meaning.

    `year` is the year of the sequence where the line names none: the meeting's year for
    resolutions, ``None`` for ordinances, whose numbers run on. A printed year wins.

    Two numbers, a date, a year of two digits (``18-001``), a lone year (``Resolution 2018``) and
    ``000`` have no one meaning. Never raises.
    """
    text = _cleaned(printed)
    matches = list(_matches(text))
    if len(matches) != 1:
        return None
    (match,) = matches
    if _DIGIT.search(text[: match.start()] + text[match.end() :]):
        return None
    if not (match["year"] or match["sign"]) and re.fullmatch(_YEAR, match["serial"]):
        return None
    return _number(match, year)


def leading_zeros(printed: str) -> int:
    """Return with how many zeros the serial of a number that `parse` reads begins."""
    (match,) = _matches(_cleaned(printed))
    return len(match["serial"]) - len(match["serial"].lstrip("0"))


def meanings(query: str) -> list[Number]:
    """Return every number that a person's search text may mean, in order, at most ten.

    Match with `Number.finds`, or in SQL on columns: equal serial; equal year if there is one;
    equal suffix if there is one. ``2018-1`` and ``res 2018 001`` are one meaning; ``#001``,
    ``001`` and ``2018`` mean that serial of any year. Words without a number, and texts of more
    than 200 characters, mean none. Never raises.
    """
    found = (_number(match, None) for match in _matches(_cleaned(query)))
    return list(dict.fromkeys(found))[:_MAX_MEANINGS]


_DIGIT = re.compile(r"\d", re.ASCII)
_LOOSE_DASH = re.compile(r"(?<=\d)\s?([-/])\s?(?=\d)", re.ASCII)


def _cleaned(text: str) -> str:
    """Return the text in small letters, with plain dashes and spaces; empty if it cannot be read.

    Other scripts' digits, superscripts and fractions are not guessed: 1² is not 12.
    """
    if len(text) > _MAX_LENGTH:
        return ""
    text = " ".join(text.translate(_SPELLED).lower().split())
    if any(letter.isnumeric() and not letter.isascii() for letter in text):
        return ""
    return _LOOSE_DASH.sub(r"\1", text)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Return the numbers that are announced as numbers, or are the whole text."""
    for match in _ONE.finditer(text):
        announced = match["kind"] or match["sign"] or match["gap"] in ("-", "/")
        if (announced or match[0] == text) and int(match["serial"]):
            yield match


def _number(match: re.Match[str], year: int | None) -> Number:
    return Number(
        int(match["year"]) if match["year"] else year,
        int(match["serial"]),
        match["suffix"] or "",
    )


# --- any print -----------------------------------------------------------------------------

_ANNOUNCING = re.compile(
    r"[#№]|n[º°]|\b(?:resolutions?|reso|res|ordinances?|ord|orders?|motions?|proclamations?|tributes?"
    r"|number|num|no|nr)\b"
)
_DIGITS_OR_LETTERS = re.compile(r"\d+|[^\W\d_]+")
_LETTERS_OF_A_SERIES = 5
"""At most so many: more are a word beside the number."""
_WHOLE_YEAR = re.compile(_YEAR)


@dataclass(frozen=True)
class Spelling:
    """The groups of digits and of letters of a number, whatever its print, in order.

    Of ``R-15-0234`` the digits are 15 and 234, the letters are r. What only says that a number
    follows (``Resolution No.``) is no part of it, and leading zeros are not.
    """

    digits: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    begins_with_letters: bool = False
    """Whether it is of a series with letters of its own: the R of ``R-2018-1``."""

    @property
    def year(self) -> int | None:
        """Return the year in it: the only group that is one, beside another group."""
        years = [group for group in self.digits if _WHOLE_YEAR.fullmatch(group)]
        return int(years[0]) if len(years) == 1 and len(self.digits) > 1 else None

    @property
    def stored(self) -> tuple[str, str]:
        """Return the digits and the letters as they are stored, each group between dashes."""
        letters = f"-{'-'.join(self.letters)}-" if self.letters else ""
        return "-".join(self.digits), letters

    def in_series(self, year: int | None) -> Number | None:
        """Return the number of the series of a year: the one group of digits beside the year."""
        groups = list(self.digits)
        if year is not None and len(groups) > 1:
            printed = [one for one in (str(year), str(year % 100)) if one in groups]
            for group in printed[:1]:
                groups.remove(group)
        return Number(year, int(groups[0])) if len(groups) == 1 else None

    @property
    def without_year(self) -> tuple[str, ...]:
        return tuple(group for group in self.digits if group != str(self.year))

    @property
    def alike(self) -> list[str]:
        """Return the digits in each form that a person may give them, joined as they are stored.

        A year may be the first of two groups or the last, and have two digits or four.
        """
        orders = {self.digits, self.digits[::-1]} if len(self.digits) == 2 else {self.digits}
        found = {"-".join(digits) for digits in orders}
        for digits in orders:
            for at, group in enumerate(digits):
                years = self._other_years(group)
                found |= {"-".join((*digits[:at], year, *digits[at + 1 :])) for year in years}
        return sorted(found)

    def _other_years(self, group: str) -> list[str]:
        """Return the year of a group in other digits: of 2015 it is 15, of 15 1915 and 2015."""
        if group == str(self.year):
            return [str(int(group) % 100)]
        if self.year is not None or len(self.digits) == 1 or len(group) > 2:
            return []
        return [f"{century}{int(group):02}" for century in (19, 20)]


def spelling(printed: str) -> Spelling:
    """Return the digits and letters of a number in any print. Never raises."""
    groups = _DIGITS_OR_LETTERS.findall(_ANNOUNCING.sub(" ", _cleaned(printed)))
    digits = tuple(group.lstrip("0") or "0" for group in groups if group[0].isdigit())
    letters = tuple(group for group in groups if not group[0].isdigit())
    has_code = bool(digits) and groups[0] in letters and groups[1][0].isdigit()
    return Spelling(digits, letters, has_code and len(groups[0]) <= _LETTERS_OF_A_SERIES)


# --- a year's sequence ------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A run of serials that no resolution on record has, from `first` to `last`, inclusive."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def gaps_in(numbers: Iterable[Number], first: int = 1) -> tuple[Gap, ...]:
    """Return the missing numbers of one sequence, from serial `first` on, in order.

    ``1a`` fills the place of ``1``. For numbers that run on over the years, give the serial on
    record that the check begins with. Nothing is missing after the last number on record. Raises
    `ValueError` for numbers of more than one year.
    """
    found = set(numbers)
    if len({number.year for number in found}) > 1:
        raise ValueError("A sequence has one year.")
    gaps, expected = [], first
    for serial in sorted({number.serial for number in found}):
        if serial > expected:
            gaps.append(Gap(expected, serial - 1))
        expected = max(expected, serial + 1)
    return tuple(gaps)
