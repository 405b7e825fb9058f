"""An exchange as a schema.org event, for search engines: only what is known exactly."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cities.records.schema_org import SCHEMA
from exchanges.models import Exchange
from exchanges.models.exchanges import Direction
from exchanges.models.roles import Role
from exchanges.states import Phase, State, has_exact_days

STATUS = {State.CANCELLED: "EventCancelled", State.POSTPONED: "EventPostponed"}


def event(exchange: Exchange, address: Callable[[str], str], today: date) -> dict[str, Any] | None:
    """Return the exchange as an event, or None unless its days are exact. Needs `for_page`."""
    if not has_exact_days(exchange):
        return None
    page = address(exchange.get_absolute_url())
    is_online = exchange.direction == Direction.VIRTUAL
    last = exchange.ends_latest or exchange.begins_latest
    event = {
        "@context": SCHEMA,
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": exchange.title,
        "description": exchange.program.summary,
        "startDate": exchange.begins_latest.isoformat(),  # type: ignore[union-attr]
        "endDate": last.isoformat(),  # type: ignore[union-attr]
        "eventStatus": f"{SCHEMA}/{STATUS.get(State(exchange.state), 'EventScheduled')}",
        "eventAttendanceMode": f"{SCHEMA}/"
        + ("OnlineEventAttendanceMode" if is_online else "OfflineEventAttendanceMode"),
        "location": {"@type": "VirtualLocation", "url": page} if is_online else _place(exchange),
        "image": address(exchange.picture_address) if exchange.picture else None,
        "organizer": [
            {"@type": "Organization", "name": role.organization.name}
            for role in exchange.public_roles  # type: ignore[attr-defined]
            if role.role == Role.ORGANIZER
        ],
        "offers": _offer(exchange, page, today),
    }
    return {name: value for name, value in event.items() if value}


def _place(exchange: Exchange) -> dict[str, Any] | None:
    place = exchange.public_where
    if place is None:
        return {"@type": "Place", "name": exchange.venue} if exchange.venue else None
    address = {
        "@type": "PostalAddress",
        "addressLocality": place.name,
        "addressCountry": place.country,
    }
    return {"@type": "Place", "name": exchange.venue or place.name, "address": address}


def _offer(exchange: Exchange, page: str, today: date) -> dict[str, Any] | None:
    """Return what taking part costs, if that is known."""
    if exchange.cost is None:
        return None
    opens, closes = exchange.applications_open_on, exchange.applications_close_on
    is_open = exchange.phase_on(today) == Phase.OPEN
    offer = {
        "@type": "Offer",
        "url": exchange.program.application_address or page,
        "price": str(exchange.cost),
        "priceCurrency": exchange.cost_currency,
        "validFrom": opens.isoformat() if opens else None,
        "availabilityEnds": closes.isoformat() if closes else None,
        "availability": f"{SCHEMA}/InStock" if is_open else None,
    }
    return {name: value for name, value in offer.items() if value is not None}
