"""The pages of exchanges and programs, and where else they appear."""

from datetime import date

import pytest

from cities.models import City
from cities.records.derived import collecting
from exchanges.models import Exchange
from exchanges.sections import Section
from tests.factories import (
    make_city,
    make_exchange,
    make_exchange_role,
    make_funding,
    make_held_exchange,
    make_organization,
    make_program,
    make_program_role,
    make_relationship,
    make_source,
)
from tests.pictures import ALT, CREDIT, give_picture
from tests.reading import lines_of, links_of, sections_of, title_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    pages = [f"lrscc.pages.{name}" for name in ("home", "city", "gaps")]
    for module in (*pages, "exchanges.views", "exchanges.words", "exchanges.filters"):
        monkeypatch.setattr(f"{module}.localdate", lambda: TODAY)


@collecting()
def make_visits():
    otsu = make_city("otsu", country="JP", time_zone="Asia/Tokyo")
    relationship = make_relationship(otsu)
    City.objects.filter(pk=relationship.home_id).update(time_zone="America/Detroit")
    program = make_program(
        "visits",
        relationship,
        title="Visits with Otsu",
        audience="school_students",
        for_whom="Students from 14 to 16 years.",
        summary="Students live with families.",
        how_to_apply="Send the form.\n\nWait for the answer.",
        application_address="https://example.org/apply",
        contact_office="Sister Cities office",
        contact_email="office@example.org",
        since="1982",
    )
    make_program_role(program, make_organization("school-board"))
    program.sources.add(make_source(title="Otsu’s page", publisher="Otsu City", dated="2013"))
    return program, relationship


def make_open(program, **fields) -> Exchange:
    return make_exchange(
        "visit-2027",
        program=program,
        title="Visit 2027",
        state="open",
        begins="2027-07-01",
        ends="2027-07-14",
        where=program.relationships.get().partner,
        venue="Seta School",
        applications_open_on="2026-10-01",
        applications_close_on="2026-12-15",
        cost="1250.50",
        cost_currency="USD",
        cost_words="With the flight.",
        **fields,
    )


PROGRAM_FACTS = "Otsu · Youth and education · For: School students"
SEND = "Do you have a document that can help? Send it to us."
FACTS = [
    "Facts",
    "Program",
    "Visits with Otsu",
    "Who can take part",
    "Students from 14 to 16 years.",
    "Direction",
    "From Lansing to Otsu",
    "Where",
]
CLOCK = [
    "Time in Otsu",
    "14 hours ahead of Lansing (now )",
]


def test_page_of_an_open_exchange_shows_how_to_take_part(client):
    program, __ = make_visits()
    exchange = make_open(program)
    make_exchange_role(exchange, make_organization("the-school"))
    make_funding(exchange, make_organization("a-donor"), amount="500", currency="USD", year=2026)

    response = client.get("/exchanges/visit-2027/")

    assert title_of(response) == "Visit 2027, July 1, 2027 – Exchanges"
    assert lines_of(response) == [
        "Home",
        "Exchanges",
        "Visit 2027",
        "Visit 2027",
        "Otsu · Youth and education",
        "Open for applications until December 15, 2026.",
        "July 1–14, 2027",
        "Students live with families.",
        *FACTS,
        "Seta School, Otsu",
        *CLOCK,
        "Cost per person",
        "$1,250.50 With the flight.",
        "Host",
        "The School",
        "Calendar",
        "Exchanges with Otsu (iCalendar)",
        "How to apply",
        "Apply by Tuesday, December 15, 2026.",
        "Send the form.",
        "Wait for the answer.",
        "Apply online: https://example.org/apply",
        "Questions: Sister Cities office, office@example.org",
        "Funding",
        "A Donor: $500, 2026",
    ]
    assert "/exchanges/calendar.ics?city=otsu" in links_of(response)
    assert "mailto:office@example.org" in links_of(response)


def test_page_of_a_held_exchange_shows_what_came_of_it(client):
    program, __ = make_visits()
    source = make_source(slug="report", title="The report")
    exchange = make_held_exchange(
        "visit-2025",
        program=program,
        title="Visit 2025",
        people_hosted=None,
        volunteer_hours=1200,
        counts_source=source,
    )
    exchange.sources.add(source)
    make_funding(exchange, make_organization("a-donor"), what="The flight", source=source)
    make_open(program)

    sections = sections_of(client.get("/exchanges/visit-2025/"))

    assert sections.pop("")[3:] == [
        "Visit 2025",
        "Otsu · Youth and education",
        "It took place.",
        "July 1–14, 2025",
        "Students live with families.",
        *FACTS,
        "No record",
        *CLOCK,
        *("Cost per person", "No record"),
        *("Calendar", "Exchanges with Otsu (iCalendar)"),
    ]
    assert sections == {
        "report": [
            "What came of it.",
            "In numbers. Source: The report",
            "People sent12",
            "People hostedNo record",
            "Students10",
            "Volunteers5",
            "Volunteer hours1,200",
            "Homestays12",
        ],
        "funding": ["A Donor: money, amount unknown (The flight) source: The report"],
        "others": [
            "July 1–14, 2027",
            "Visit 2027",
            PROGRAM_FACTS,
            "Open for applications until December 15, 2026.",
        ],
        "sources": ["The report Press"],
        "unknown": ["A Donor: how much money was given.", SEND],
    }


def test_page_of_an_exchange_of_which_little_is_known_says_so(client):
    relationship = make_relationship(make_city("otsu"))
    program = make_program("bare", relationship, kind="", how_to_apply="")
    make_exchange("bare", program=program, title="Bare", direction="")

    assert lines_of(client.get("/exchanges/bare/"))[3:] == [
        "Bare",
        "Otsu",
        "Dates to be announced.",
        "Facts",
        "Program",
        "Bare",
        "Who can take part",
        "No record",
        "Direction",
        "No record",
        "Where",
        "No record",
        "Cost per person",
        "No record",
        "How to apply",
        "Applications are not open yet.",
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"state": "open", "applications_close_on": "2026-11-23"},
            "Applications closed on November 23, 2026.",
        ),
        (
            {
                "state": "open",
                "applications_open_on": "2026-12-01",
                "applications_close_on": "2026-12-31",
            },
            "Applications open on December 1, 2026.",
        ),
        ({"state": "confirmed"}, "Applications are not open."),
        ({"state": "postponed", "reason": "Flu."}, "Applications are not open."),
    ],
)
def test_page_says_whether_applications_are_taken(client, fields, said):
    make_exchange("visit", **fields)

    assert sections_of(client.get("/exchanges/visit/"))["apply"][0] == said


@pytest.mark.parametrize(
    "fields",
    [
        {"begins": "2026-11-01", "ends": "2026-12-01"},
        {"begins": "2025"},
        {"state": "cancelled", "reason": "Flu."},
    ],
)
def test_page_does_not_ask_for_applications_that_nobody_takes(client, fields):
    make_exchange("visit", **fields)

    assert "apply" not in sections_of(client.get("/exchanges/visit/"))


def test_page_of_a_held_exchange_without_a_report_says_what_is_missing(client):
    make_exchange("visit", state="held", begins="1994", cost="0", cost_currency="USD")

    sections = sections_of(client.get("/exchanges/visit/"))

    lines = sections[""]
    assert lines[lines.index("Cost per person") + 1] == "Free"
    assert sections["report"] == ["No report yet."]
    assert sections["funding"] == ["No record"]
    assert sections["unknown"][:-1] == [
        "How many people were sent.",
        "How many of them were students.",
        "How many volunteers helped.",
        "How many hours the volunteers gave.",
        "A report of the results.",
        "Who paid for it.",
    ]


def test_page_shows_the_picture_with_its_words(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exchange = give_picture(make_exchange("visit"))

    response = client.get("/exchanges/visit/")

    assert f'alt="{ALT}"' in response.text
    assert CREDIT in lines_of(response)
    assert exchange.picture_address in links_of(response)
    assert client.get("/exchanges/visit/picture/").getvalue()[:4] == b"RIFF"


def test_exchange_without_a_picture_has_none(client):
    make_exchange("visit")

    assert client.get("/exchanges/visit/picture/").status_code == 404


def test_program_page_shows_everything_on_record(client):
    program, __ = make_visits()
    make_held_exchange("visit-2025", program=program, title="Visit 2025")
    make_open(program)

    response = client.get("/programs/visits/")

    assert title_of(response) == "Visits with Otsu – Programs"
    assert lines_of(response) == [
        "Home",
        "Programs",
        "Visits with Otsu",
        "Visits with Otsu",
        "Otsu · Youth and education",
        "Students live with families.",
        "Facts",
        "Who can take part",
        "Students from 14 to 16 years.",
        "Since",
        "1982",
        *CLOCK,
        "Organizer",
        "School Board",
        "How to apply",
        "Send the form.",
        "Wait for the answer.",
        "Apply online: https://example.org/apply",
        "Questions: Sister Cities office, office@example.org",
        "Exchanges in this program",
        "July 1–14, 2027",
        "Visit 2027",
        PROGRAM_FACTS,
        "Open for applications until December 15, 2026.",
        "July 1–14, 2025",
        "Visit 2025",
        PROGRAM_FACTS,
        "It took place.",
        "Sources",
        "Otsu’s page, Otsu City, 2013 Press",
    ]


def test_program_page_of_which_little_is_known_says_so(client):
    relationship = make_relationship(make_city("otsu"))
    make_program("bare", relationship, title="Bare", kind="", until="1994", how_to_apply="")

    assert lines_of(client.get("/programs/bare/"))[3:] == [
        "Bare",
        "Otsu",
        "Facts",
        "Who can take part",
        "No record",
        "Since",
        "No record",
        "Until",
        "1994",
        "What we are still looking for",
        "What the program is.",
        "What kind of program it is.",
        "Who can take part.",
        "When it began.",
        "When the exchanges took place.",
        SEND,
    ]


def test_program_with_an_office_to_ask_says_how_to_apply(client):
    make_program("bare", how_to_apply="", contact_office="The office", contact_email="")

    page = lines_of(client.get("/programs/bare/"))

    start = page.index("How to apply")
    assert page[start : start + 2] == ["How to apply", "Questions: The office"]
    assert "How to apply." not in page


def test_exchanges_are_listed_under_what_can_be_done(client):
    program, __ = make_visits()
    make_open(program)
    make_held_exchange("visit-2025", program=program, title="Visit 2025")
    make_exchange("visit-2028", program=program, title="Visit 2028", begins="2028")

    response = client.get("/exchanges/")

    sections = sections_of(response)
    assert sections.pop("")[-3:] == [
        "3 exchanges",
        (
            "Subscribe to the calendar to get updates, and the anniversaries of our sister cities."
            " The calendar leaves out exchanges without an exact date."
        ),
        "Download this list (JSON)",
    ]
    assert sections | {"form": None} == {
        "form": None,
        f"section-{Section.OPEN}": [
            "July 1–14, 2027",
            "Visit 2027",
            PROGRAM_FACTS,
            "Open for applications until December 15, 2026.",
        ],
        f"section-{Section.COMING}": ["2028", "Visit 2028", PROGRAM_FACTS, "Coming up."],
        f"section-{Section.PAST}": [
            "July 1–14, 2025",
            "Visit 2025",
            PROGRAM_FACTS,
            "It took place.",
        ],
    }
    assert '<link rel="alternate" type="text/calendar" href="/exchanges/calendar.ics"' in (
        response.text
    )


def test_list_of_one_partner_leads_to_its_calendar_and_data(client):
    program, __ = make_visits()
    make_open(program)

    response = client.get("/exchanges/?city=otsu&kind=")

    assert "Calendar of exchanges with Otsu (iCalendar)" in lines_of(response)
    assert "/exchanges/calendar.ics?city=otsu" in links_of(response)
    assert "/api/v1/exchanges/?city=otsu" in links_of(response)
    assert title_of(response) == "Exchanges – Otsu"


def test_condition_that_cannot_be_read_is_left_out_in_words(client):
    make_exchange("visit", title="Visit")

    response = client.get("/exchanges/?year=x&phase=open")

    assert response.status_code == 400
    assert title_of(response).startswith("Error: Exchanges")
    assert "Enter a year with four digits, from 1800 to 2200, like 2013." in lines_of(response)
    assert "0 exchanges" in lines_of(response)


def test_list_as_of_a_day_shows_that_day(client):
    program, __ = make_visits()
    make_open(program)

    sections = sections_of(client.get("/exchanges/?on=2027-07-02"))

    assert sections[f"section-{Section.UNDER_WAY}"][:3] == [
        "July 1–14, 2027",
        "Visit 2027",
        PROGRAM_FACTS,
    ]


def test_lists_without_a_match_say_how_to_go_on(client):
    assert "No exchanges on record." in client.get("/exchanges/").text
    assert "No exchanges match." in client.get("/exchanges/?phase=open").text
    assert "No programs on record." in client.get("/programs/").text
    assert "No programs match." in client.get("/programs/?kind=sports").text


def test_long_list_has_pages(client):
    program = make_program()
    for number in range(26):
        make_exchange(f"visit-{number}", program=program, begins=f"{1990 + number}")

    response = client.get("/exchanges/?phase=past")

    assert "Page 1 of 2" in lines_of(response)
    assert "?phase=past&page=2" in links_of(response)
    last = lines_of(client.get("/exchanges/?phase=past&page=2"))
    assert [line for line in last if line.startswith("Visit")] == ["Visit 0"]


def test_programs_are_listed_with_their_next_exchange(client):
    program, relationship = make_visits()
    make_open(program)
    make_program("bare", relationship, title="A bare one", kind="", until="1994")

    assert sections_of(client.get("/programs/"))[""][-10:] == [
        "2 programs",
        "All programs",
        "Until 1994",
        "A bare one",
        "Otsu",
        "Since 1982",
        "Visits with Otsu",
        PROGRAM_FACTS,
        "Visit 2027, July 1–14, 2027: Open for applications until December 15, 2026.",
        "Download this list (JSON)",
    ]


# --- elsewhere --------------------------------------------------------------------------


def test_place_page_shows_what_is_done_together(client):
    program, __ = make_visits()
    make_open(program)

    response = client.get("/cities/otsu/")

    assert sections_of(response)["together"] == [
        "Since 1982",
        "Visits with Otsu",
        PROGRAM_FACTS,
        "Visit 2027, July 1–14, 2027: Open for applications until December 15, 2026.",
        "All exchanges with Otsu · Calendar of exchanges with Otsu (iCalendar)",
    ]
    assert "/exchanges/calendar.ics?city=otsu" in links_of(response)


def test_place_page_shows_a_program_by_its_exchange(client):
    relationship = make_relationship(make_city("otsu"))
    make_exchange("guest", relationship, program=make_program("other", title="Another program"))

    assert "Another program" in lines_of(client.get("/cities/otsu/"))


def test_home_shows_what_one_can_join_next(client):
    program, __ = make_visits()
    make_open(program)
    make_exchange("past", program=program, title="Past", begins="2025")
    make_exchange("now", program=program, title="Now", begins="2026-11-20", ends="2026-11-30")
    make_exchange("festival", program=program, title="Festival", begins="2027-08")
    canceled = {"state": "cancelled", "reason": "Too few applied."}
    for number in range(6):
        make_exchange(f"off-{number}", program=program, begins="2027-02", **canceled)

    assert sections_of(client.get("/"))["next"] == [
        "July 1–14, 2027",
        "Visit 2027",
        PROGRAM_FACTS,
        "Open for applications until December 15, 2026.",
        "August 2027",
        "Festival",
        PROGRAM_FACTS,
        "Coming up.",
        "All exchanges",
    ]


def test_gaps_page_shows_what_is_missing_from_reports(client, monkeypatch):
    monkeypatch.setattr("exchanges.gaps.EXCHANGES_LISTED", 1)
    program = make_program()
    make_exchange("new", program=program, title="New", begins="2025")
    make_exchange("old", program=program, title="Old", begins="2024")
    make_exchange("coming", program=program, title="Coming one", begins="2027")

    lines = lines_of(client.get("/gaps/"))

    begin = lines.index("New, 2025")
    assert lines[begin + 1] == "Whether it took place."
    assert "1 older exchange has gaps. They are listed on its page." in lines
    assert "Old, 2024" not in lines


# --- drafts and what was withdrawn --------------------------------------------------------


@pytest.mark.parametrize("path", ["/exchanges/visit/", "/exchanges/visit/picture/"])
def test_draft_exchange_has_no_page(client, path):
    make_exchange("visit", publication="draft")

    assert client.get(path).status_code == 404


def test_exchange_of_a_draft_program_has_no_page(client):
    make_exchange("visit", program=make_program("plans", publication="draft"))

    assert client.get("/exchanges/visit/").status_code == 404
    assert client.get("/programs/plans/").status_code == 404


def test_what_was_withdrawn_says_why(client):
    exchange = make_exchange("visit", program=make_program("visits"))
    exchange.withdraw(because="It was another year.", on=date(2026, 5, 6))
    exchange.program.withdraw(because="It was another town.", on=date(2026, 5, 6))

    for path, reason in {
        "/exchanges/visit/": "It was another year.",
        "/exchanges/visit/picture/": "It was another year.",
        "/programs/visits/": "It was another town.",
    }.items():
        response = client.get(path)
        assert response.status_code == 410
        assert reason in response.text
