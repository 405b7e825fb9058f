"""The calendar, read back by the library that wrote it and by one of someone else."""

from datetime import UTC, date, datetime

import icalendar
import pytest
import vobject

from cities.models import City, Register, Relationship
from exchanges.models import Exchange
from tests.factories import (
    make_city,
    make_entry,
    make_exchange,
    make_held_exchange,
    make_partnership,
    make_program,
    make_register,
    make_relationship,
)
from tests.moments import saved_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(db):
    """The site is Lansing’s."""
    return make_register()


PATH = "/exchanges/calendar.ics"
LONG = "大津 visit; with “quotes”, commas\\ and 日本語の長い長い長い長い長い名前"


def events(client, path: str = PATH) -> dict:
    """Every event by its UID, as icalendar reads it."""
    calendar = icalendar.Calendar.from_ical(client.get(path).content)
    assert calendar.errors == []
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def seen(event) -> tuple:
    return (
        str(event["summary"]),
        event.decoded("dtstart"),
        event.decoded("dtend"),
        str(event["status"]),
    )


def uid(name: str) -> str:
    return f"{name}@exchanges.lansing-sister-cities"


@pytest.mark.usefixtures("logged")
def test_event_shows_everything_that_is_known(client):
    otsu = make_city("otsu", country="JP")
    relationship = make_relationship(otsu)
    program = make_program("visit", relationship, for_whom="Students from 14 to 16 years.")
    make_exchange(
        "otsu-2027",
        program=program,
        title=LONG,
        state="open",
        begins="2027-07-01",
        ends="2027-07-14",
        where=otsu,
        venue="Seta School",
        applications_close_on="2027-03-01",
    )

    event = events(client)[uid("otsu-2027")]

    page = "http://testserver/exchanges/otsu-2027/"
    modified = Exchange.objects.with_modified().get()
    assert {name: event.decoded(name) for name in event if name != "CATEGORIES"} == {
        "SUMMARY": f"{LONG} (Otsu)",
        "DTSTART": date(2027, 7, 1),
        "DTEND": date(2027, 7, 15),
        "DTSTAMP": modified.modified.replace(microsecond=0),
        "LAST-MODIFIED": modified.modified.replace(microsecond=0),
        "SEQUENCE": program.history.count() + program.exchanges.get().history.count(),
        "UID": uid("otsu-2027"),
        "DESCRIPTION": (
            "Open for applications\nFrom Lansing to Otsu\nStudents from 14 to 16 years.\n"
            f"Apply by March 1, 2027\n{page}"
        ),
        "LOCATION": "Seta School, Otsu, Japan",
        "STATUS": "TENTATIVE",
        "TRANSP": "TRANSPARENT",
        "URL": page,
    }
    assert event["CATEGORIES"].cats == ["Youth and education"]
    assert event["DTSTART"].params == {"VALUE": "DATE"}


def test_event_of_no_known_kind_has_no_category(client):
    make_exchange("visit", program=make_program(kind=""), begins="2027-07-01")

    assert "CATEGORIES" not in events(client)[uid("visit")]


def test_another_library_reads_the_same(client):
    make_exchange(
        "otsu-2027",
        make_relationship(make_city("otsu")),
        title="大津市の姉妹都市との中学生交流プログラム; 二千二十七年度の夏, 第二回目",
        state="confirmed",
        begins="2027-07-01",
        ends="2027-07-14",
    )
    content = client.get(PATH).content

    calendar = vobject.readOne(content.decode())

    event = calendar.vevent
    assert event.summary.value == (
        "大津市の姉妹都市との中学生交流プログラム; 二千二十七年度の夏, 第二回目 (Otsu)"
    )
    assert (event.dtstart.value, event.dtend.value) == (date(2027, 7, 1), date(2027, 7, 15))
    assert event.status.value == "CONFIRMED"
    assert event.url.value == "http://testserver/exchanges/otsu-2027/"
    assert calendar.prodid.value.startswith("-//Lansing")
    assert calendar.version.value == "2.0"


def test_lines_are_folded_at_75_bytes_and_end_with_crlf(client):
    make_exchange("otsu-2027", title="大津" * 60, begins="2027-07-01")

    content = client.get(PATH).content

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_calendar_says_what_it_is(client):
    make_relationship(make_city("otsu"))

    response = client.get(f"{PATH}?city=otsu")

    calendar = icalendar.Calendar.from_ical(response.content)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert {name: str(value) for name, value in calendar.items() if "-INTERVAL" not in name} == {
        "VERSION": "2.0",
        "PRODID": "-//Lansing Regional Sister Cities Commission//Register of exchanges//EN",
        "CALSCALE": "GREGORIAN",
        "NAME": "Lansing’s exchanges with Otsu",
        "X-WR-CALNAME": "Lansing’s exchanges with Otsu",
        "SOURCE": "http://testserver/exchanges/calendar.ics?city=otsu",
        "X-PUBLISHED-TTL": "P1D",
    }
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in response.content


@pytest.mark.parametrize(
    ("state", "reason", "status", "summary"),
    [
        ("planned", "", "TENTATIVE", "Camp"),
        ("confirmed", "", "CONFIRMED", "Camp"),
        ("held", "", "CONFIRMED", "Camp"),
        ("postponed", "Flu.", "CANCELLED", "Postponed: Camp"),
        ("cancelled", "Flu.", "CANCELLED", "Canceled: Camp"),
    ],
)
def test_state_is_written_as_calendars_expect(client, state, reason, status, summary):
    relationship = make_relationship(publication="draft")
    make_exchange(
        "camp", relationship, title="Camp", begins="2025-07-01", state=state, reason=reason
    )

    event = events(client)[uid("camp")]

    assert seen(event) == (summary, date(2025, 7, 1), date(2025, 7, 2), status)
    assert str(event["description"]).split("\n")[0] == (reason or state.capitalize())


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("2027", None), ("2027-07", None), ("2027-07-01", "2027-07"), ("2027-07", "2027-07-14")],
)
def test_days_that_are_not_known_exactly_are_not_invented(client, begins, ends):
    make_exchange("vague", begins=begins, ends=ends)
    make_exchange("dayless")

    assert events(client) == {}


def test_deadline_is_a_day_of_its_own_also_while_the_days_are_not_known(client):
    relationship = make_relationship(make_city("otsu"))
    make_exchange(
        "visit", relationship, title="Visit", state="open", applications_close_on="2027-03-01"
    )

    (event,) = events(client).values()

    assert event["uid"] == uid("visit.applications")
    assert seen(event) == (
        "Last day to apply: Visit (Otsu)",
        date(2027, 3, 1),
        date(2027, 3, 2),
        "TENTATIVE",
    )


def test_change_keeps_the_uid_and_raises_the_sequence(client):
    exchange = make_exchange("visit", begins="2027-07-01")
    before = events(client)[uid("visit")]

    exchange.begins, exchange.state, exchange.reason = "2027-08-01", "cancelled", "Flu."
    exchange.save()

    (after,) = events(client).values()
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")
    assert after.decoded("dtstart") == date(2027, 8, 1)


@pytest.mark.usefixtures("logged")
def test_change_of_the_program_counts(client):
    exchange = make_exchange("visit", begins="2027-07-01")
    before = events(client)[uid("visit")]
    exchange.program.for_whom = "Everyone."
    with saved_at(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)):
        exchange.program.save()

    event = events(client)[uid("visit")]

    assert event["sequence"] == before["sequence"] + 1
    assert event.decoded("dtstamp") == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_calendar_of_a_partner_has_its_exchanges_alone(client):
    otsu, asan = (make_relationship(make_city(slug)) for slug in ("otsu", "asan"))
    make_held_exchange("visit", otsu)
    make_held_exchange("camp", asan)

    assert list(events(client, f"{PATH}?city=otsu")) == [uid("visit")]
    assert list(events(client)) == [uid("camp"), uid("visit")]


def test_calendar_without_events_has_the_time_zone_of_the_home_city(client):
    """A calendar without any component is none (RFC 5545 §3.6)."""
    City.objects.filter(pk=Register.objects.get().home_id).update(time_zone="America/Detroit")

    [component] = icalendar.Calendar.from_ical(client.get(PATH).content).subcomponents

    assert (component.name, component["tzid"]) == ("VTIMEZONE", "America/Detroit")


def test_calendar_of_no_place_is_none(client):
    make_city("draft", publication="draft")

    assert client.get(f"{PATH}?city=nowhere").status_code == 404
    assert client.get(f"{PATH}?city=draft").status_code == 404


@pytest.mark.parametrize("publication", ["draft", "withdrawn"])
def test_calendar_has_only_what_is_public(client, publication):
    withdrawn = {"withdrawn_on": date(2026, 1, 1), "withdrawn_because": "An error."}
    fields = withdrawn if publication == "withdrawn" else {}
    make_exchange("visit", begins="2027-07-01", publication=publication, **fields)

    assert events(client) == {}


@pytest.mark.usefixtures("answered")
def test_unchanged_calendar_is_not_sent_again(client):
    exchange = make_exchange("visit", begins="2027-07-01")
    etag = client.get(PATH).headers["ETag"]

    unchanged = client.get(PATH, headers={"If-None-Match": etag})
    exchange.title = "Another visit"
    exchange.save()
    changed = client.get(PATH, headers={"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == etag
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


# --- anniversaries ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "uid", "days", "summary", "since"),
    [
        (
            "1969-10-01",
            "lansing-otsu.anniversary-57",
            (date(2026, 10, 1), date(2026, 10, 2)),
            "Lansing and Otsu: 57 years",
            "Since October 1, 1969.",
        ),
        (
            "1996-02-29",
            "lansing-otsu.anniversary-30",
            (date(2026, 2, 28), date(2026, 3, 1)),
            "Lansing and Otsu: 30 years",
            "Since February 29, 1996.",
        ),
        (
            "2025-11",
            "lansing-otsu.anniversary-1",
            (date(2026, 11, 1), date(2026, 12, 1)),
            "Lansing and Otsu: 1 year",
            "Since November 2025.",
        ),
        (
            "1982",
            "lansing-otsu.anniversary-44",
            (date(2026, 1, 1), date(2027, 1, 1)),
            "Lansing and Otsu: 44 years",
            "Since 1982.",
        ),
    ],
)
def test_calendar_has_the_next_anniversary(client, monkeypatch, began, uid, days, summary, since):
    """All of the year where only the year is known: never January 1 alone."""
    monkeypatch.setattr("exchanges.views.localdate", lambda: date(2026, 2, 1))
    relationship = make_partnership("otsu", began)
    make_partnership("kyoto", "1950")

    [event] = events(client, f"{PATH}?city=otsu").values()

    assert str(event["uid"]).startswith(f"{uid}@exchanges.")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == days
    assert str(event["summary"]) == summary
    page = f"http://testserver{relationship.get_absolute_url()}"
    assert str(event["description"]) == f"{since}\n{page}"
    assert (str(event["url"]), str(event["transp"])) == (page, "TRANSPARENT")
    assert len(events(client)) == 2


@pytest.mark.parametrize(
    ("began", "after", "fields"),
    [
        ("1994~", "", {}),
        ("1994", "terminated", {}),
        ("1994", "", {"publication": "draft"}),
    ],
)
def test_calendar_leaves_out_what_has_no_anniversary(client, began, after, fields):
    relationship = make_partnership("otsu", began)
    if after:
        make_entry(relationship, after, "2000")
    Relationship.objects.update(**fields)

    assert events(client) == {}
