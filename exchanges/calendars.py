"""Exchanges and anniversaries as a calendar to subscribe to (RFC 5545), in whole days."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from icalendar import Calendar, Event, Timezone, vDuration

from cities.anniversaries import Anniversary, anniversary_of
from cities.models import Register, Relationship
from cities.records.log import newest_moment
from exchanges.models import Exchange, Program
from exchanges.states import CALLED_OFF, State, has_exact_days
from exchanges.words import partners_of, who_travels

_NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC))
"""When an event without an entry in the log was changed: the format wants a moment."""

STATUS = {
    State.PLANNED: "TENTATIVE",
    State.OPEN: "TENTATIVE",
    State.CONFIRMED: "CONFIRMED",
    State.HELD: "CONFIRMED",
    # Nothing happens on these dates: with new ones it is planned again.
    State.POSTPONED: "CANCELLED",
    State.CANCELLED: "CANCELLED",
}


def calendar_address(place: str = "") -> str:
    """Return the address of the calendar of all exchanges, or of those with one partner."""
    address = reverse("exchanges:calendar")
    return f"{address}?{urlencode({'city': place})}" if place else address


def for_calendar(exchanges: Any) -> Any:
    """Return exchanges with when each changed last, and how often."""
    program = Program.history.filter(id=OuterRef("program"))
    changes = [
        Subquery(versions.order_by().values("id").annotate(n=Count("history_id")).values("n"))
        for versions in (Exchange.history.filter(id=OuterRef("pk")), program)
    ]
    newest = Greatest(
        *(
            Coalesce(newest_moment(model._meta.label_lower, key), _NEVER)
            for model, key in ((Exchange, "pk"), (Program, "program"))
        )
    )
    return (
        exchanges.for_list()
        .annotate(modified=newest, changes=changes[0] + changes[1])
        .order_by("begins_earliest", "slug")
    )


def with_anniversaries(relationships: Any, today: date) -> Any:
    """Return relationships with their standing today, and when what is shown changed."""
    moments = (
        Coalesce(newest_moment("cities.relationship"), _NEVER),
        Coalesce(newest_moment("cities.entry", "period__began"), _NEVER),
    )
    return relationships.with_places().with_standing(today).annotate(modified=Greatest(*moments))


def calendar(
    exchanges: Iterable[Exchange],
    register: Register,
    *,
    relationships: Iterable[Relationship] = (),
    today: date,
    name: str,
    source: str,
    address: Callable[[str], str],
) -> bytes:
    """Return the calendar of exchanges `for_calendar` and relationships `with_anniversaries`.

    `address` makes a path absolute.
    """
    whole = Calendar()
    whole.add("prodid", f"-//{register.maintainer_name}//Register of exchanges//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("name", name)
    whole.add("x-wr-calname", name)
    whole.add("source", source, parameters={"VALUE": "URI"})
    whole.add("refresh-interval", vDuration(timedelta(days=1)), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(timedelta(days=1)))
    for exchange in exchanges:
        page = address(exchange.get_absolute_url())
        if has_exact_days(exchange):
            whole.add_component(_exchange(exchange, page, register))
        if exchange.applications_close_on is not None:
            closes = exchange.applications_close_on
            whole.add_component(_deadline(exchange, closes, page, register))
    for relationship in relationships:
        if anniversary := anniversary_of(relationship.standing, today):
            page = address(relationship.get_absolute_url())
            whole.add_component(_anniversary(relationship, anniversary, page, register))
    if not whole.subcomponents:
        # A calendar has at least one component (RFC 5545 §3.6), and there is no event for it.
        whole.add_component(Timezone.from_tzinfo(register.time_zone))
    return whole.to_ical()


def _exchange(exchange: Exchange, page: str, register: Register) -> Event:
    last = exchange.ends_latest or exchange.begins_latest
    first: Any = exchange.begins_latest
    event = _event(exchange, page, f"{exchange.slug}@exchanges.{register.domain}", first, last)
    event.add("summary", _named(exchange, exchange.title))
    event.add("description", _description(exchange, page))
    if place := _place(exchange):
        event.add("location", place)
    if exchange.program.kind:
        event.add("categories", [str(exchange.program.get_kind_display())])
    return event


def _deadline(exchange: Exchange, closes: date, page: str, register: Register) -> Event:
    """Return the last day to apply, as an event of its own."""
    uid = f"{exchange.slug}.applications@exchanges.{register.domain}"
    event = _event(exchange, page, uid, closes, closes)
    title = gettext("Last day to apply: %(title)s") % {"title": exchange.title}
    event.add("summary", _named(exchange, title))
    event.add("description", _description(exchange, page))
    return event


def _anniversary(
    relationship: Any, anniversary: Anniversary, page: str, register: Register
) -> Event:
    """Return an event of one day, or of the month or year if no more is known."""
    years, on = anniversary.years, anniversary.on
    uid = f"{relationship.slug}.anniversary-{years}@exchanges.{register.domain}"
    event = _days(relationship.modified, page, uid, on.earliest, on.latest)
    parts = {"home": relationship.home.name, "partner": relationship.partner.name, "years": years}
    event.add(
        "summary",
        ngettext(
            "%(home)s and %(partner)s: %(years)s year",
            "%(home)s and %(partner)s: %(years)s years",
            years,
        )
        % parts,
    )
    since = gettext("Since %(began)s.") % {"began": anniversary.began}
    event.add("description", f"{since}\n{page}")
    return event


def _event(exchange: Any, page: str, uid: str, first: date, last: date) -> Event:
    event = _days(exchange.modified, page, uid, first, last)
    event.add("sequence", exchange.changes)
    event.add("status", STATUS[State(exchange.state)])
    return event


def _days(modified: datetime, page: str, uid: str, first: Any, last: Any) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", modified)
    event.add("last-modified", modified)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the day after: DTEND is not part of it
    event.add("transp", "TRANSPARENT")  # who subscribes is not busy
    event.add("url", page)
    return event


def _named(exchange: Exchange, title: str) -> str:
    """Return the title, with “Canceled” or “Postponed” before it, as calendars do not show it."""
    partners = ", ".join(place.name for place in partners_of(exchange.public_relationships))  # type: ignore[attr-defined]
    if partners and not any(name in title for name in partners.split(", ")):
        title = f"{title} ({partners})"
    if exchange.state not in CALLED_OFF:
        return title
    return f"{exchange.get_state_display()}: {title}"


def _description(exchange: Exchange, page: str) -> str:
    closes = exchange.applications_close_on
    lines = [
        exchange.reason or str(exchange.get_state_display()),
        who_travels(exchange),
        exchange.program.for_whom,
        gettext("Apply by %(day)s") % {"day": date_format(closes)} if closes else "",
        page,
    ]
    return "\n".join(line for line in lines if line)


def _place(exchange: Exchange) -> str:
    place = exchange.public_where
    country = f"{place.name}, {place.country_name}" if place else ""
    return ", ".join(part for part in (exchange.venue, country) if part)
