"""Dates as people type them, and as the site writes them, turned into EDTF.

Plain text in, plain text out: `cities.records.dates` decides whether the answer is a date.
A phrase is read only when it has one meaning.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

_DAY_FORMATS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
_MONTH_FORMATS = ("%B %Y", "%b %Y")
_SEASONS = {"spring": "21", "summer": "22", "fall": "23", "autumn": "23"}

_ONE_SPELLING = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), replacement)
    for pattern, replacement in (
        (r"^(?:in|on)\s+", ""),
        (r"\bbetween (\d)000 and (?:\1)999\b", r"\1XXX"),
        (r"\bbetween (\d\d)00 and (?:\1)99\b", r"\1XX"),
        (r"\b(?:the )?(\d{3})0[’']?s\b", r"\1X"),
        (r"\b(jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)t?\.", r"\1"),
        (r"\bsept\b", "sep"),
        (r"\b(\d\d?)(?:st|nd|rd|th)\b", r"\1"),
        (r"\b([a-z]{3,})\s+of\s+(?=\d)", r"\1 "),  # spring of 2000
        # “October 1, 1969” and “May, 1990” have a comma that parts nothing.
        (r"(\b\d\d?|\b(?!earlier|later)[a-z]+),\s*(?=\d{4}\b)", r"\1 "),
        (r"\s*[–—]\s*|\s+-\s+|(?<=\b\d{4})-(?=\d{4}\b)", " to "),
    )
)

_ABOUT = re.compile(r"(?:about|around|approximately|approx\.|circa|ca?\.)\s+", re.IGNORECASE)
_PERHAPS = re.compile(r"(?:probably|possibly|perhaps|maybe)\s+", re.IGNORECASE)
_NOT_CERTAIN = "(not certain)"
_LIMITS = {"earlier": "..{}", "later": "{}.."}
_END_UNKNOWN = re.compile(r"from (.+?), end unknown", re.IGNORECASE)
_START_UNKNOWN = re.compile(r"until (.+?), start unknown", re.IGNORECASE)
_OPEN_FROM = re.compile(
    r"(?:from|since)\s+((?:(?! (?:to|until|till|through) ).)+)|(?:from\s+)?(.+?)"
    r" to (?:(?:the )?present|today|now)",
    re.IGNORECASE,
)
_OPEN_UNTIL = re.compile(r"(?:until|till|through|up to)\s+(.+)", re.IGNORECASE)
_SPAN = re.compile(r"(?:from\s+)?(.+?)\s+(?:to|until|till|through)\s+(.+)", re.IGNORECASE)
_RUN = re.compile(r"between\s+(.+?)\s+and\s+(.+)", re.IGNORECASE)

_DAY_OR_PART = re.compile(
    r"(?:(?P<month>[a-z]+) )?(?P<day>\d\d?)"
    r"(?(month)|(?: (?P<month_after>[a-z]+))?)(?: (?P<year>\d{4}))?",
    re.IGNORECASE | re.ASCII,
)
"""A day in either order; in a list of days its month or year may stand at another one."""

_MONTH_OR_PART = re.compile(r"(?P<month>[a-z]+)(?: (?P<year>\d{4}))?", re.IGNORECASE | re.ASCII)

_SLASHED = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d\d?)\2(\d\d?)", re.ASCII)
_SHORT_YEAR = re.compile(
    r"((?:\d\d? [a-z]+|[a-z]+ \d\d?),? )[’']?(\d\d)|([a-z]+,? )(?:[’'](\d\d)|(3[2-9]|[4-9]\d))",
    re.IGNORECASE | re.ASCII,
)
"""5 June 97, June ’97 or June 97; August 19 may be a day."""


class NoOneMeaningError(ValueError):
    """The phrase is no date, or more than one."""


def edtf_from_phrase(text: str) -> str:
    """Return EDTF for what a person typed. Raise `NoOneMeaningError`.

    Days are read in either order, October 1, 1969 or 1 October 1969; numbers only where
    they have one meaning, 8/19/2013: 05/06/97 is refused.
    """
    text = text.strip()
    if found := re.fullmatch(r"(.+)/(open|unknown)|(open|unknown)/(.+)", text, re.IGNORECASE):
        return _older_interval(*found.groups())
    if found := _END_UNKNOWN.fullmatch(text):
        return f"{_one(_in_one_spelling(found[1]))}/"
    if found := _START_UNKNOWN.fullmatch(text):
        return f"/{_one(_in_one_spelling(found[1]))}"
    text = _in_one_spelling(text)
    if found := _OPEN_FROM.fullmatch(text):
        return f"{_one(found[1] or found[2])}/.."
    if found := _OPEN_UNTIL.fullmatch(text):
        return f"../{_one(found[1])}"
    if found := _SPAN.fullmatch(text):
        return "/".join(map(_one, _completed([found[1], found[2]])))
    return _one_of(text)


def readings(text: str, *, this_year: int) -> list[str]:
    """Return as EDTF what a phrase without one meaning can mean: 05/06/97, winter 2000."""
    if found := re.fullmatch(r"winter (?:of )?(\d{4})", text, re.IGNORECASE | re.ASCII):
        named = int(found[1])
        firsts = (named - 1, named) if 1 < named < 9999 else ()
        return [f"[{first:04d}-12..{first + 1:04d}-02]" for first in firsts]
    if found := _SLASHED.fullmatch(text):
        first, _, second, year = found.groups()
        return list(_days(_whole_year(year, this_year), first, second))
    if found := _SHORT_YEAR.fullmatch(text):
        before, short_year = filter(None, found.groups())
        try:
            return [edtf_from_phrase(f"{before}{_whole_year(short_year, this_year)}")]
        except NoOneMeaningError:
            return []
    return []


def _whole_year(year: str, this_year: int) -> str:
    """Return a year of two digits as the last one that has come."""
    if len(year) == 4:
        return year
    return str(this_year - (this_year - int(year)) % 100)


def _days(year: str, first: str, second: str) -> Iterator[str]:
    """Give the days that two numbers can be, the month first as Americans write."""
    for month, day in dict.fromkeys([(first, second), (second, first)]):
        try:
            yield date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue


def _older_interval(first: str | None, end: str, start: str, last: str | None) -> str:
    """EDTF of before 2019 wrote “open” for ``..``, and “unknown” for nothing."""
    ends = {"open": "..", "unknown": ""}
    if first is not None:
        return f"{first}/{ends[end.lower()]}"
    return f"{ends[start.lower()]}/{last}"


def _in_one_spelling(text: str) -> str:
    for pattern, replacement in _ONE_SPELLING:
        text = pattern.sub(replacement, text)
    return text.strip()


def _one_of(text: str) -> str:
    """Return one date, one of several, or a limit: “1984 or earlier”."""
    either = re.match(r"either\s+", text, re.IGNORECASE)
    parts = re.split(r",?\s+or\s+|,\s*", text[either.end() :] if either else text)
    members: list[tuple[str, str]] = []
    for part in parts:
        limit = _LIMITS.get(part.lower())
        if not limit:
            members.append(("{}", part))
        elif members and members[-1][0] == "{}":
            members[-1] = (limit, members[-1][1])
        else:
            raise NoOneMeaningError
    dates = _completed([part for _, part in members])
    if len(members) == 1 and members[0][0] == "{}" and not _RUN.fullmatch(dates[0]):
        return _one(dates[0])
    if not either and len(members) > 1:
        _refuse_doubtful_list(members, dates)
    found = [form.format(_member(part)) for (form, _), part in zip(members, dates, strict=True)]
    return "[" + ",".join(found) + "]"


def _refuse_doubtful_list(members: list[tuple[str, str]], dates: list[str]) -> None:
    """Refuse “about 1968 or 1970” and “1984, 1985 or later”: what belongs to which?"""
    about = [bool(_ABOUT.match(part) or _PERHAPS.match(part)) for part in dates]
    not_certain = [part.endswith(_NOT_CERTAIN) for part in dates]
    if (
        any(form != "{}" for form, _ in members)
        or (about[0] and not all(about))
        or (not_certain[-1] and not all(not_certain))
    ):
        raise NoOneMeaningError


def _member(text: str) -> str:
    """Return a member of a set: one date, or a run of dates, one of them meant."""
    found = _RUN.fullmatch(text)
    return "..".join(map(_one, _completed([found[1], found[2]]))) if found else _one(text)


def _completed(parts: list[str]) -> list[str]:
    """Return the dates of a list, each with the month and year that it shares.

    The month stands at the first day (August 12 or 19, 2013) or, where days come first, at
    the last (12 or 19 August 2013); the year stands at the last.
    """
    if len(parts) == 1:
        return parts
    found = [_DAY_OR_PART.fullmatch(part) for part in parts]
    if not any(found):
        return _completed_months(parts)
    months = [match and (match["month"] or match["month_after"]) for match in found]
    order = list(range(len(parts)))
    if not (found[0] and found[0]["month"]):
        order.reverse()
    month = None
    for place in order:
        months[place] = month = months[place] or month
    year = found[-1] and found[-1]["year"]
    return [
        f"{month} {match['day']} {match['year'] or year}" if match else part
        for part, match, month in zip(parts, found, months, strict=True)
    ]


def _completed_months(parts: list[str]) -> list[str]:
    """Return “July or August 2013” with the year at each month."""
    found = [_MONTH_OR_PART.fullmatch(part) for part in parts]
    year = found[-1] and found[-1]["year"]
    return [
        f"{match['month']} {match['year'] or year}" if match and year else part
        for part, match in zip(parts, found, strict=True)
    ]


def _one(text: str) -> str:
    """Return one date, with what is said of it: “about 1994 (not certain)”."""
    uncertain = text.endswith(_NOT_CERTAIN)
    text = text.removesuffix(_NOT_CERTAIN).strip()
    if perhaps := _PERHAPS.match(text):
        uncertain, text = True, text[perhaps.end() :]
    approximate = _ABOUT.match(text)
    text = text[approximate.end() :] if approximate else text
    mark = {(True, True): "%", (True, False): "?", (False, True): "~"}
    return _plain(text) + mark.get((uncertain, bool(approximate)), "")


def _plain(text: str) -> str:
    if re.fullmatch(r"\d{4}(-\d\d){0,2}|\d{1,3}X{1,3}", text):
        return text
    word, _, year = text.rpartition(" ")
    if (season := _SEASONS.get(word.lower())) and re.fullmatch(r"\d{4}", year, re.ASCII):
        return f"{year}-{season}"
    if days := _numbered(text):
        if len(days) == 1:
            return days[0]
        raise NoOneMeaningError
    for formats, length in ((_DAY_FORMATS, 10), (_MONTH_FORMATS, 7)):
        for form in formats:
            try:
                return datetime.strptime(text, form).date().isoformat()[:length]
            except ValueError:
                continue
    raise NoOneMeaningError


def _numbered(text: str) -> list[str]:
    """Return the days that numbers alone can be: 2013-8-5, 8/19/2013."""
    if found := _YEAR_FIRST.fullmatch(text):
        return [
            day for day in _days(found[1], found[3], found[4]) if int(day[5:7]) == int(found[3])
        ]
    if (found := _SLASHED.fullmatch(text)) and len(found[4]) == 4:
        return list(_days(found[4], found[1], found[3]))
    return []
