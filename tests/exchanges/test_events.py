"""An exchange as a schema.org event."""

import json
import re
from datetime import date

import pytest

from cities.records.schema_org import data_block
from exchanges.models import Exchange
from exchanges.schema_org import event
from tests.factories import (
    make_city,
    make_exchange,
    make_exchange_role,
    make_organization,
    make_program,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 1)


def event_of(**fields) -> dict | None:
    slug = make_exchange(**fields).slug
    exchange = Exchange.objects.for_page().get(slug=slug)
    return event(exchange, lambda path: f"https://example.org{path}", DAY)


def test_event_shows_what_is_known():
    place = make_city("otsu", country="JP")
    program = make_program(
        "camp", summary="A camp.", application_address="https://example.org/apply"
    )
    exchange = make_exchange("camp-2027", program=program)
    make_exchange_role(exchange, make_organization("office"), "organizer")
    make_exchange_role(exchange, make_organization("school"), "host")
    make_exchange_role(exchange, make_organization("draft", publication="draft"), "organizer")
    Exchange.objects.filter(pk=exchange.pk).update(
        state="open",
        begins="2027-07-01",
        begins_earliest="2027-07-01",
        begins_latest="2027-07-01",
        ends="2027-07-14",
        ends_earliest="2027-07-14",
        ends_latest="2027-07-14",
        where=place,
        venue="Seta School",
        applications_open_on="2026-06-01",
        applications_close_on="2026-08-01",
        cost="1250.50",
        cost_currency="USD",
    )

    found = Exchange.objects.for_page().get()

    assert event(found, lambda path: f"https://example.org{path}", DAY) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "https://example.org/exchanges/camp-2027/",
        "url": "https://example.org/exchanges/camp-2027/",
        "name": "Camp 2027",
        "description": "A camp.",
        "startDate": "2027-07-01",
        "endDate": "2027-07-14",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Seta School",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": "Otsu",
                "addressCountry": "JP",
            },
        },
        "organizer": [{"@type": "Organization", "name": "Office"}],
        "offers": {
            "@type": "Offer",
            "url": "https://example.org/apply",
            "price": "1250.50",
            "priceCurrency": "USD",
            "validFrom": "2026-06-01",
            "availabilityEnds": "2026-08-01",
            "availability": "https://schema.org/InStock",
        },
    }


def test_event_of_which_little_is_known_invents_nothing():
    assert event_of(slug="visit", begins="2027-07-01") == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "https://example.org/exchanges/visit/",
        "url": "https://example.org/exchanges/visit/",
        "name": "Visit",
        "startDate": "2027-07-01",
        "endDate": "2027-07-01",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
    }


@pytest.mark.parametrize("days", [{}, {"begins": "2027-07"}, {"begins": "2027", "ends": "2028"}])
def test_event_of_inexact_days_is_none(days):
    assert event_of(**days) is None
    assert data_block(event_of(**days)) == ""


@pytest.mark.parametrize(
    ("state", "status"), [("postponed", "EventPostponed"), ("cancelled", "EventCancelled")]
)
def test_event_that_is_called_off_says_so(state, status):
    found = event_of(begins="2027-07-01", state=state, reason="Flu.")

    assert found["eventStatus"] == f"https://schema.org/{status}"


def test_event_online_is_at_its_page():
    found = event_of(slug="talk", begins="2027-07-01", direction="virtual")

    assert found["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert found["location"] == {
        "@type": "VirtualLocation",
        "url": "https://example.org/exchanges/talk/",
    }


def test_event_at_a_draft_place_names_the_venue_alone():
    draft = make_city("zzyx", publication="draft")

    assert event_of(begins="2027-07-01", where=draft, venue="A school")["location"] == {
        "@type": "Place",
        "name": "A school",
    }


def test_event_that_is_free_and_closed_says_what_it_costs_alone():
    found = event_of(slug="visit", begins="2027-07-01", cost="0", cost_currency="USD")

    assert found["offers"] == {
        "@type": "Offer",
        "url": "https://example.org/exchanges/visit/",
        "price": "0.00",
        "priceCurrency": "USD",
    }


def test_data_in_a_page_cannot_end_its_element(client):
    make_exchange("visit", begins="2027-07-01", title="</script><script>go()</script> & “all”")

    page = client.get("/exchanges/visit/").text

    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    (block,) = (block for block in blocks if '"Event"' in block)
    assert "<" not in block
    assert "&" not in block
    assert json.loads(block)["name"] == "</script><script>go()</script> & “all”"
    assert page.count("<script type=") == len(blocks)
    assert page.count("<script") == len(blocks) + 2  # those of the search and of the clock
