"""The sentences about the dates, the status and the numbers of an exchange."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext, pgettext

from cities.models import City
from cities.records.dates import days_in_words
from cities.records.languages import sorting_key
from exchanges.models import Exchange
from exchanges.models.exchanges import Direction
from exchanges.models.reports import COUNTS
from exchanges.money import in_words
from exchanges.review import Giving, ReportRow, Total, count_title
from exchanges.states import Phase, has_exact_days


def when(exchange: Exchange) -> str:
    """Return its dates as exactly as they are known: “July 1–14, 2027”, “August 2027”."""
    first, last = exchange.begins, exchange.ends
    if first is None:
        return ""
    if last is None or last == first:
        return str(first)
    if not has_exact_days(exchange):
        return gettext("from %(first)s to %(last)s") % {"first": first, "last": last}
    begins, ends = first.earliest, last.earliest
    first, last = days_in_words([begins, ends])
    if (begins.year, begins.month) == (ends.year, ends.month):
        return pgettext("days of one month", "%(first)s–%(last)s") % {"first": first, "last": last}
    return gettext("%(first)s – %(last)s") % {"first": first, "last": last}


def phase(exchange: Exchange, on: date | None = None) -> str:
    """Return the status on a day, or today, for the style of its sentence."""
    return exchange.phase_on(on or localdate())


def phase_sentence(exchange: Exchange, on: date | None = None) -> str:
    """Return the status on a day, or today, and until when a reader can apply."""
    phase = exchange.phase_on(on or localdate())
    closes = exchange.applications_close_on
    if phase == Phase.OPEN:
        return gettext("Open for applications until %(day)s.") % {"day": date_format(closes)}  # type: ignore[arg-type]
    if phase == Phase.APPLICATIONS_OVER:
        return gettext("Applications closed on %(day)s.") % {"day": date_format(closes)}  # type: ignore[arg-type]
    if phase == Phase.CANCELLED:
        return gettext("Canceled. %(reason)s") % {"reason": exchange.reason}
    if phase == Phase.POSTPONED:
        return gettext("Postponed. %(reason)s") % {"reason": exchange.reason}
    if phase == Phase.PAST:
        return gettext("It took place.") if exchange.is_held else gettext("The dates have passed.")
    opens = exchange.applications_open_on
    if exchange.state == "open" and opens and phase in (Phase.COMING, Phase.DAY_UNKNOWN):
        return gettext("Applications open on %(day)s.") % {"day": date_format(opens)}
    if phase == Phase.DAY_UNKNOWN:
        return gettext("Dates to be announced.")
    return gettext("Happening now.") if phase == Phase.UNDER_WAY else gettext("Coming up.")


def who_travels(exchange: Exchange) -> str:
    """Return the direction with the names of the partners; empty if it is unknown."""
    relationships = exchange.public_relationships  # type: ignore[attr-defined]
    if not relationships or not exchange.direction:
        return ""
    parts = {
        "home": relationships[0].home.name,
        "partners": ", ".join(partner.name for partner in partners_of(relationships)),
    }
    sentences = {
        Direction.OUT: gettext("From %(home)s to %(partners)s"),
        Direction.IN: gettext("From %(partners)s to %(home)s"),
        Direction.BOTH: gettext("Both ways between %(home)s and %(partners)s"),
        Direction.VIRTUAL: gettext("Online with %(partners)s"),
    }
    return sentences[Direction(exchange.direction)] % parts


def partners_of(relationships: Iterable[Any]) -> list[City]:
    """Return the partners of relationships, by name."""
    return sorted(
        (relationship.partner for relationship in relationships),
        key=lambda place: sorting_key(place.name),
    )


def report(exchange: Exchange) -> list[tuple[str, int | None]]:
    """Return each count of an exchange by its title; nothing where no count is known."""
    counts = [(count_title(name), getattr(exchange, name)) for name in COUNTS]
    return counts if any(number is not None for __, number in counts) else []


def total_sentence(total: Total) -> str:
    """Return a total with what it leaves out: “12 (not reported for 2 exchanges)”."""
    if not total.missing:
        return gettext("No record") if total.known is None else intcomma(total.known)
    parts = {"known": intcomma(total.known), "missing": total.missing}
    if total.known is None:
        sentence = ngettext(
            "Not reported for %(missing)s exchange",
            "Not reported for %(missing)s exchanges",
            total.missing,
        )
    else:
        sentence = ngettext(
            "%(known)s (not reported for %(missing)s exchange)",
            "%(known)s (not reported for %(missing)s exchanges)",
            total.missing,
        )
    return sentence % parts


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its label, and its length as a part of 100."""

    name: str
    words: str
    length: int


def bars(row: ReportRow, among: Iterable[ReportRow]) -> list[Bar]:
    """Return the people sent and hosted as bars on one scale; no bar for what is unknown."""
    pairs = [(total.people_sent, total.people_hosted) for total in among]
    longest = max((total.known or 0 for pair in pairs for total in pair), default=0)
    return [
        Bar(name, total_sentence(total), round(100 * (total.known or 0) / max(longest, 1)))
        for name, total in (
            (gettext("Sent"), row.people_sent),
            (gettext("Hosted"), row.people_hosted),
        )
    ]


def money_sentence(giving: Giving) -> str:
    """Return “1,500 USD, 300 EUR and 2 gifts of unknown amount”."""
    sums = [in_words(one.amount, one.currency) for one in giving.sums]
    if giving.unknown:
        sums.append(
            ngettext(
                "%(gifts)s gift of unknown amount",
                "%(gifts)s gifts of unknown amount",
                giving.unknown,
            )
            % {"gifts": giving.unknown}
        )
    return get_text_list(sums, gettext("and")) or gettext("No record")
