"""Dates on record: as exact as the source makes them, and no more.

The text is EDTF (ISO 8601-2, levels 0 and 1): ``1968``, ``2013-08``, ``2013-08-19``,
``1994~``, ``2013-07-22?``, ``[2013-08-12,2013-08-19]``, ``2000-23``, ``1997/..``. The
library ``edtf`` reads it; this module bounds it, refuses what the register does not use,
and says it in plain words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Self

import edtf
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy, pgettext
from edtf.parser.parser_classes import UA, UnspecifiedIntervalSection

from cities.records.date_phrases import NoOneMeaningError, edtf_from_phrase, readings

ACCEPTED_FORMS = gettext_lazy(
    "Write a year (1968), a month (August 2013 or 2013-08) or a day (August 19, 2013 or"
    " 2013-08-19). Not exact: “about 1994” or 1994~; “spring 2000”; “the 1970s”. Perhaps wrong:"
    " “1994 (not certain)” or 1994?. One of several days: “August 12 or 19, 2013” or"
    " [2013-08-12,2013-08-19]. A limit: “July 15, 2013 or earlier” or [..2013-07-15]. A period:"
    " “from 1994 to 1998”, “from 2020” or “until 2015”."
)

USUAL_FORMS = gettext_lazy(
    "For example 1968, August 2013 or August 19, 2013. If it is not exact: about 1994, spring"
    " 2000, August 12 or 19, 2013, July 15, 2013 or earlier, from 1994 to 1998, or 1994"
    " (not certain)."
)

_ONE = r"(?!000[0X]|00XX|0XXX)(\d{4}(-([01]\d|2[1-3])(-\d\d)?)?[~?%]?|\d(\d\dX|\dXX|XXX))"
_USED = re.compile(
    rf"{_ONE}"  # 1968, 2013-08~, 2013-08-19?, 2000-23, 198X
    r"|\d{4}-\d\d-XX|\d(\d{3}|\d\dX|\dXX|XXX)(-XX){1,2}"  # 2013-08-XX, 201X-XX
    rf"|{_ONE}/(\.\.|{_ONE})?|(\.\.)?/{_ONE}"  # 1990/1995, 1997/.., /1997
    rf"|\[(\.\.)?{_ONE}((, ?|\.\.){_ONE})*(\.\.)?\]",  # [1990,1995..1997]
    re.ASCII,
)
"""The forms of EDTF that the register uses: the library knows more.

No winter (2000-24): it lies in two years, and the standard does not say which.
"""

_MAX_LENGTH = 120
_MAX_TYPED = 6 * _MAX_LENGTH
"""In words a date is longer than in EDTF: “1968%” is “about 1968 (not certain)”."""


class NotADateError(ValueError):
    """The text is not a date that the register can hold; the message says what to write."""

    def __init__(self, text: str, meant: Sequence["RecordDate"] = ()) -> None:
        shown = text if len(text) <= 40 else text[:40] + "…"
        if not meant:
            message = gettext("“%(text)s” is not a date that we can read. %(forms)s")
        elif len(meant) == 1:
            message = gettext(
                "“%(text)s” has a year of two digits. Write all four, for example “%(first)s”."
            )
        else:
            message = gettext(
                "“%(text)s” can be two dates. Write “%(first)s” or “%(last)s”, whichever it is."
            )
        first, last = (meant[0], meant[-1]) if meant else ("", "")
        super().__init__(
            message % {"text": shown, "forms": ACCEPTED_FORMS, "first": first, "last": last}
        )


@dataclass(frozen=True)
class RecordDate:
    """A date as a source gives it, with the first and last day it can mean.

    ``earliest`` or ``latest`` is ``None`` where that side is open or unknown.
    """

    edtf: str
    earliest: date | None
    latest: date | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read EDTF text. Raises `NotADateError`."""
        return cls(*_bounded(text))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a person types: EDTF, or the English words the site shows."""
        text = " ".join(text.split())
        if len(text) > _MAX_TYPED:
            raise NotADateError(text)
        try:
            return cls.parse(text)
        except NotADateError:
            return cls._from_phrase(text)

    @classmethod
    def _from_phrase(cls, text: str) -> Self:
        try:
            return cls.parse(edtf_from_phrase(text))
        except (NoOneMeaningError, NotADateError):
            meant = readings(text, this_year=localdate().year)
            raise NotADateError(text, [cls.parse(reading) for reading in meant]) from None

    def as_dict(self) -> dict[str, str | None]:
        """Return the shape of every date in the API: ``edtf``, ``earliest``, ``latest``."""
        return {
            "edtf": self.edtf,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
        }

    def __str__(self) -> str:
        return _words(_parsed(self.edtf))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    """Return the library's object for the text. Raise `NotADateError`."""
    if len(text) > _MAX_LENGTH or not _USED.fullmatch(text):
        raise NotADateError(text)
    try:
        return _simple(text) or _from_or_until_decade(text) or edtf.parse_edtf(text)
    except edtf.EDTFParseException:
        raise NotADateError(text) from None


_SIMPLE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%])?", re.ASCII)


def _simple(text: str) -> Any:
    """What the library makes of a year, a month or a day, without its slow grammar; else none."""
    found = _SIMPLE.fullmatch(text)
    if not found:
        return None
    year, month, day, mark = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:  # a season, or no day of the calendar
        return None
    known = edtf.Date(year=year, month=month, day=day)
    return edtf.UncertainOrApproximate(known, UA(mark)) if mark else known


_DECADE_AND_OPEN = re.compile(r"(\d+X+|\.\.)?/(\d+X+|\.\.)?", re.ASCII)


def _from_or_until_decade(text: str) -> Any:
    """From or until a decade, which the library refuses or breaks at; else none."""
    found = _DECADE_AND_OPEN.fullmatch(text)
    if not found or "X" not in text:
        return None
    lower, upper = (
        edtf.parse_edtf(end) if end and "X" in end else UnspecifiedIntervalSection(bool(end))
        for end in found.groups()
    )
    return edtf.Interval(lower, upper)


@lru_cache(maxsize=4096)
def _bounded(text: str) -> tuple[str, date | None, date | None]:
    """EDTF in one spelling, with its bounds as real days. Raises `NotADateError`."""
    parsed = _parsed(text.strip())
    try:
        earliest, latest = _bounds(parsed)
    except ValueError:  # February 29, 1967
        raise NotADateError(text) from None
    if earliest is None and latest is None:
        raise NotADateError(text)
    if earliest and latest and latest < earliest:
        raise NotADateError(text)
    if isinstance(parsed, edtf.OneOfASet):
        return f"[{','.join(map(str, _in_order(parsed.objects)))}]", earliest, latest
    return str(parsed), earliest, latest


def _bounds(parsed: Any) -> tuple[date | None, date | None]:
    if isinstance(parsed, edtf.OneOfASet):
        firsts, lasts = zip(*(_bounds(member) for member in parsed.objects), strict=True)
        return _outer(min, firsts), _outer(max, lasts)
    if isinstance(parsed, edtf.Interval):
        return _day(parsed.lower, "lower_strict"), _day(parsed.upper, "upper_strict")
    return _day(parsed, "lower_strict"), _day(parsed, "upper_strict")


def _in_order(members: Iterable[Any]) -> list[Any]:
    """Return the members of a set by date; one without a first day leads, without a last ends."""

    def place(member: Any) -> tuple[bool, bool, str]:
        text = str(member)
        return not text.startswith(".."), text.endswith(".."), text

    return sorted(members, key=place)


def _outer(pick: Any, days: tuple[date | None, ...]) -> date | None:
    """Return the outermost day, or none where one member is open on that side."""
    return None if None in days else pick(days)


def _day(part: Any, bound: str) -> date | None:
    if _is_open(part):
        return None
    return date(*getattr(part, bound)()[:3])


def _is_open(part: Any) -> bool:
    """Open or unknown: the library invents ten years for an unknown end."""
    return isinstance(part, UnspecifiedIntervalSection)


# --- in words ---------------------------------------------------------------------------


def _words(parsed: Any) -> str:
    if isinstance(parsed, edtf.UncertainOrApproximate):
        return _qualified(parsed)
    if isinstance(parsed, edtf.Interval):
        return _span(parsed)
    if isinstance(parsed, edtf.OneOfASet):
        return _one_of(parsed.objects)
    if isinstance(parsed, edtf.Season):
        names = {
            21: pgettext("season", "spring %(year)s"),
            22: pgettext("season", "summer %(year)s"),
            23: pgettext("season", "fall %(year)s"),
        }
        return names[int(parsed.season)] % {"year": parsed.year}
    return _plain(str(parsed))


def _plain(text: str) -> str:
    """Return a year, month or day, or one with its last digits unknown."""
    known = re.sub(r"(-XX)+$", "", text)
    if "X" in known:
        first, last = known[:4].replace("X", "0"), known[:4].replace("X", "9")
        if known.count("X") == 1 and len(known) == 4:
            return gettext("the %(decade)ss") % {"decade": first}
        return gettext("between %(first)s and %(last)s") % {"first": first, "last": last}
    if len(known) == 4:
        return known
    if len(known) == 7:
        return date_format(date.fromisoformat(known + "-01"), "YEAR_MONTH_FORMAT")
    return date_format(date.fromisoformat(known))


def _qualified(parsed: Any) -> str:
    words = _words(parsed.date)
    mark = str(parsed.ua or "")
    if mark in ("~", "%"):
        words = gettext("about %(date)s") % {"date": words}
    if mark in ("?", "%"):
        words = gettext("%(date)s (not certain)") % {"date": words}
    return words


def _span(parsed: Any) -> str:
    if _is_open(parsed.upper):
        unknown = gettext("from %(first)s, end unknown")
        words = gettext("from %(first)s") if str(parsed.upper) else unknown
        return words % {"first": _words(parsed.lower)}
    if _is_open(parsed.lower):
        unknown = gettext("until %(last)s, start unknown")
        words = gettext("until %(last)s") if str(parsed.lower) else unknown
        return words % {"last": _words(parsed.upper)}
    return gettext("from %(first)s to %(last)s") % {
        "first": _words(parsed.lower),
        "last": _words(parsed.upper),
    }


def days_in_words(days: Sequence[date]) -> list[str]:
    """Return days in words, in order, saying once the month and the year that they share.

    These are the parts of “August 12 or 19, 2013” and “January 28 to February 3, 2013”.
    """
    *others, last = days
    if len({(day.year, day.month) for day in days}) == 1 and others:
        first, *between = others
        return [
            date_format(first, pgettext("first of several days of one month", "F j")),
            *(date_format(d, pgettext("between days of one month", "j")) for d in between),
            date_format(last, pgettext("last of several days of one month", "j, Y")),
        ]
    if len({day.year for day in days}) == 1:
        return [*(date_format(day, "MONTH_DAY_FORMAT") for day in others), date_format(last)]
    return [date_format(day) for day in days]


def _one_of(members: Iterable[Any]) -> str:
    members = _in_order(members)
    if all(map(_is_day, members)):
        said = days_in_words([date.fromisoformat(str(member)) for member in members])
    else:
        said = [_member(member) for member in members]
    if len(said) == 1:
        return said[0]
    words = gettext("%(others)s or %(last)s")
    if any(map(_says_more, members)):  # “about 1968 or 1970”: what is not exact?
        words = gettext("either %(others)s or %(last)s")
    return words % {"others": ", ".join(said[:-1]), "last": said[-1]}


def _says_more(member: Any) -> bool:
    """Whether the member says “about”, “not certain”, “or earlier” or “or later”."""
    return bool(re.search(r"[?~%]|^\.\.|\.\.$", str(member)))


def _member(member: Any) -> str:
    """One date of a set, or a run of dates (``1980..1985``, ``..1984``), one of them meant."""
    if not isinstance(member, edtf.Interval):
        return _words(member)
    if _is_open(member.lower):
        return gettext("%(last)s or earlier") % {"last": _words(member.upper)}
    if _is_open(member.upper):
        return gettext("%(first)s or later") % {"first": _words(member.lower)}
    first, last = _words(member.lower), _words(member.upper)
    if _is_day(member.lower) and _is_day(member.upper):
        days = [date.fromisoformat(str(day)) for day in (member.lower, member.upper)]
        first, last = days_in_words(days)
    return gettext("between %(first)s and %(last)s") % {"first": first, "last": last}


def _is_day(part: Any) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(part)))


_ON = re.compile(r"\d{4}-\d\d-\d\d|\[[\d,-]+\]", re.ASCII)
_IN = re.compile(r"\d{3}[\dX](-\d\d)?", re.ASCII)


def year_of(on: RecordDate) -> int | None:
    """Return the one year that a date can be in; none where it may be in several."""
    first, last = on.earliest, on.latest
    return first.year if first and last and first.year == last.year else None


def on_or_in(on: RecordDate) -> str:
    """Return “on October 1, 1969” or “in 1982”; as it is what takes no word before it."""
    known = on.edtf.removesuffix("?")
    if _ON.fullmatch(known):
        return gettext("on %(date)s") % {"date": on}
    if _IN.fullmatch(known):
        return gettext("in %(date)s") % {"date": on}
    return str(on)
