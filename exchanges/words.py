"""What an exchange says of its days, its state and its counts, in plain sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format, number_format, time_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cities.models import City
from cities.records.dates import days_in_words
from cities.records.languages import sorting_key
from exchanges.models import Exchange
from exchanges.models.exchanges import Direction
from exchanges.models.reports import COUNTS
from exchanges.money import in_words
from exchanges.review import Giving, ReportRow, Total, words_of
from exchanges.states import Phase, has_exact_days


def when(exchange: Exchange) -> str:
    """Its days, as exact as they are known: “July 1–14, 2027”, “August 2027”; or nothing."""
    first, last = exchange.begins, exchange.ends
    if first is None:
        return ""
    if last is None or last == first:
        return str(first)
    if not has_exact_days(exchange):
        return _("from %(first)s to %(last)s") % {"first": first, "last": last}
    begins, ends = first.earliest, last.earliest
    first, last = days_in_words([begins, ends])
    if (begins.year, begins.month) == (ends.year, ends.month):
        return pgettext("days of one month", "%(first)s–%(last)s") % {"first": first, "last": last}
    return _("%(first)s – %(last)s") % {"first": first, "last": last}


def phase_sentence(exchange: Exchange, on: date | None = None) -> str:
    """How it stands on a day, today if none, and what a reader can do about it."""
    phase = exchange.phase_on(on or localdate())
    closes = exchange.applications_close_on
    if phase == Phase.OPEN:
        return _("Open for applications until %(day)s.") % {"day": date_format(closes)}  # type: ignore[arg-type]
    if phase == Phase.APPLICATIONS_OVER:
        return _("Applications closed on %(day)s.") % {"day": date_format(closes)}  # type: ignore[arg-type]
    if phase == Phase.CANCELLED:
        return _("Cancelled. %(reason)s") % {"reason": exchange.reason}
    if phase == Phase.POSTPONED:
        return _("Postponed. %(reason)s") % {"reason": exchange.reason}
    if phase == Phase.PAST:
        return _("Held.") if exchange.is_held else _("Over. Whether it was held is not known yet.")
    opens = exchange.applications_open_on
    if exchange.state == "open" and opens and phase in (Phase.COMING, Phase.DAY_UNKNOWN):
        return _("Coming. Applications open on %(day)s.") % {"day": date_format(opens)}
    if phase == Phase.DAY_UNKNOWN:
        return _("Coming. Its days are not known yet.")
    return _("Under way.") if phase == Phase.UNDER_WAY else _("Coming.")


def who_travels(exchange: Exchange) -> str:
    """The direction with the partners’ names; empty if it is not known."""
    partners = ", ".join(partner.name for partner in partners_of(exchange.public_relationships))  # type: ignore[attr-defined]
    if not partners or not exchange.direction:
        return ""
    sentences = {
        Direction.OUT: _("From Lansing to %(partners)s"),
        Direction.IN: _("From %(partners)s to Lansing"),
        Direction.BOTH: _("Between Lansing and %(partners)s, in both directions"),
        Direction.VIRTUAL: _("Nobody: it is held online with %(partners)s"),
    }
    return sentences[Direction(exchange.direction)] % {"partners": partners}


def partners_of(relationships: Iterable[Any]) -> list[City]:
    """The partners of relationships, by name."""
    return sorted(
        (relationship.partner for relationship in relationships),
        key=lambda place: sorting_key(place.name),
    )


def local_time(place: City, at: datetime | None = None) -> str:
    """What the clock says at a place, and how far it is from ours; empty without a time zone."""
    if not place.time_zone:
        return ""
    here = localtime(at)
    there = here.astimezone(ZoneInfo(place.time_zone))
    ahead = there.utcoffset() - here.utcoffset()  # type: ignore[operator]
    minutes = int(ahead.total_seconds()) // 60
    hours = number_format(f"{abs(minutes) / 60:g}")
    parts = {
        "time": time_format(there, "TIME_FORMAT"),
        "day": date_format(there, pgettext("day without its year", "l, F j")),
        "hours": hours,
    }
    if minutes == 0:
        return _("%(time)s, %(day)s: the same as in Lansing") % parts
    if minutes > 0:
        return _("%(time)s, %(day)s: %(hours)s hours ahead of Lansing") % parts
    return _("%(time)s, %(day)s: %(hours)s hours behind Lansing") % parts


def report(exchange: Exchange) -> list[tuple[str, int | None]]:
    """What a held exchange counted: each name with its number, none where it is not known."""
    return [(words_of(name), getattr(exchange, name)) for name in COUNTS]


def total_sentence(total: Total) -> str:
    """A total with what it leaves out: “12; 2 exchanges did not report it”."""
    if not total.missing:
        return _("none on record") if total.known is None else intcomma(total.known)
    known = _("not known") if total.known is None else intcomma(total.known)
    left_out = ngettext(
        "%(missing)s exchange did not report it",
        "%(missing)s exchanges did not report it",
        total.missing,
    ) % {"missing": total.missing}
    return f"{known}; {left_out}"


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its words, and its length as a part of 100."""

    name: str
    words: str
    length: int


def bars(row: ReportRow, among: Iterable[ReportRow]) -> list[Bar]:
    """How many people were sent and hosted, drawn to one scale; no bar for what is not known."""
    pairs = [(total.people_sent, total.people_hosted) for total in among]
    longest = max((total.known or 0 for pair in pairs for total in pair), default=0)
    return [
        Bar(name, total_sentence(total), round(100 * (total.known or 0) / max(longest, 1)))
        for name, total in (
            (_("sent"), row.people_sent),
            (_("hosted"), row.people_hosted),
        )
    ]


def money_sentence(giving: Giving) -> str:
    """“1,500 USD and 300 EUR; 2 gifts of an amount that is not known”."""
    sums = _(" and ").join(in_words(one.amount, one.currency) for one in giving.sums)
    if not giving.unknown:
        return sums or _("nothing on record")
    unknown = ngettext(
        "%(gifts)s gift of which the amount is not known",
        "%(gifts)s gifts of which the amount is not known",
        giving.unknown,
    ) % {"gifts": giving.unknown}
    return f"{sums}; {unknown}" if sums else unknown
