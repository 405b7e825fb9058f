"""Programs, exchanges and award categories in the API: whole answers, filters, tombstones."""

from datetime import UTC, date, datetime

import pytest

from cities.records.derived import collecting
from exchanges.models import Exchange
from tests.factories import (
    make_award_category,
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
from tests.moments import all_changed_at, saved_at
from tests.pictures import give_picture
from tests.problems import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("logged")]

API = "http://testserver/api/v1"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def day(text: str) -> dict:
    return {"edtf": text, "earliest": text, "latest": text}


@collecting()
def make_visit() -> Exchange:
    """An exchange that was held, with one of everything; beside each a draft that nobody sees."""
    otsu = make_city("otsu", country="JP")
    relationship = make_relationship(otsu)
    hidden = make_relationship(make_city("zzyx"), publication="draft")
    source, draft = make_source(slug="paper"), make_source(slug="zzyx", publication="draft")
    school = make_organization("school")
    secret = make_organization("zzyx-organization", publication="draft")
    program = make_program(
        "visits",
        relationship,
        kind="youth_education",
        audience="school_students",
        for_whom="Students from 14 years.",
        summary="Visits.",
        application_address="https://example.org/apply",
        contact_office="The office",
        contact_email="office@example.org",
        since="1982",
    )
    exchange = make_held_exchange(
        "visit-2025",
        program=program,
        where=otsu,
        venue="Seta School",
        applications_open_on="2025-01-01",
        applications_close_on="2025-03-01",
        cost="1250.50",
        cost_currency="USD",
        cost_words="With the flight.",
        counts_source=source,
        students=None,
    )
    for record in (program, exchange):
        record.relationships.add(hidden)
        record.sources.add(source, draft)
    for organization in (school, secret):
        make_program_role(program, organization)
        make_exchange_role(exchange, organization)
        make_funding(exchange, organization, amount="500", currency="USD", year=2025, source=draft)
    all_changed_at(MOMENT)
    return exchange


def test_exchange_shows_everything_that_is_public(client):
    make_visit()

    data = client.get("/api/v1/exchanges/visit-2025/").json()

    assert data == {
        "url": f"{API}/exchanges/visit-2025/",
        "page": "http://testserver/exchanges/visit-2025/",
        "slug": "visit-2025",
        "program": f"{API}/programs/visits/",
        "title": "Visit 2025",
        "relationships": [f"{API}/relationships/lansing-otsu/"],
        "partners": [f"{API}/cities/otsu/"],
        "direction": "out",
        "state": "held",
        "phase": "past",
        "reason": "",
        "begins": day("2025-07-01"),
        "ends": day("2025-07-14"),
        "where": f"{API}/cities/otsu/",
        "venue": "Seta School",
        "applications_open_on": "2025-01-01",
        "applications_close_on": "2025-03-01",
        "cost": "1250.50",
        "cost_currency": "USD",
        "cost_words": "With the flight.",
        "counts": {
            "people_sent": 12,
            "people_hosted": 0,
            "students": None,
            "volunteers": 5,
            "volunteer_hours": 80,
            "home_stays": 12,
        },
        "counts_source": f"{API}/sources/paper/",
        "story": "What came of it.",
        "roles": [
            {"organization": f"{API}/organizations/school/", "name": "School", "role": "host"}
        ],
        "funding": [
            {
                "organization": f"{API}/organizations/school/",
                "name": "School",
                "nature": "money",
                "what": "",
                "amount": "500.00",
                "currency": "USD",
                "year": 2025,
                "source": None,
            }
        ],
        "picture": None,
        "calendars": ["http://testserver/exchanges/calendar.ics?city=otsu"],
        "sources": [f"{API}/sources/paper/"],
        "modified": "2026-01-02T03:04:05Z",
    }


def test_program_shows_everything_that_is_public(client):
    make_visit()

    data = client.get("/api/v1/programs/visits/").json()

    assert data == {
        "url": f"{API}/programs/visits/",
        "page": "http://testserver/programs/visits/",
        "slug": "visits",
        "title": "Visits",
        "kind": "youth_education",
        "audience": "school_students",
        "for_whom": "Students from 14 years.",
        "relationships": [f"{API}/relationships/lansing-otsu/"],
        "partners": [f"{API}/cities/otsu/"],
        "summary": "Visits.",
        "how_to_apply": "Write to the office.",
        "application_address": "https://example.org/apply",
        "contact_office": "The office",
        "contact_email": "office@example.org",
        "since": {"edtf": "1982", "earliest": "1982-01-01", "latest": "1982-12-31"},
        "until": None,
        "roles": [
            {"organization": f"{API}/organizations/school/", "name": "School", "role": "organizer"}
        ],
        "exchanges": f"{API}/exchanges/?program=visits",
        "sources": [f"{API}/sources/paper/"],
        "modified": "2026-01-02T03:04:05Z",
    }


def test_unknown_is_null(client):
    draft = make_city("zzyx", publication="draft")
    program = make_program("visits", kind="", audience="")
    make_exchange("visit", program=program, direction="", where=draft)

    data = client.get("/api/v1/exchanges/visit/").json()
    about = client.get("/api/v1/programs/visits/").json()

    unknown = ["direction", "begins", "ends", "where", "cost", "cost_currency", "counts_source"]
    unknown += ["applications_open_on", "applications_close_on", "picture"]
    assert {name: data[name] for name in unknown} == dict.fromkeys(unknown)
    assert set(data["counts"].values()) == {None}
    assert data["phase"] == "day_unknown"
    assert (about["kind"], about["audience"], about["since"]) == (None, None, None)


def test_exchange_shows_its_picture(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    exchange = give_picture(make_exchange("visit"))

    data = client.get("/api/v1/exchanges/visit/").json()["picture"]

    assert data == {
        "url": f"http://testserver{exchange.picture_address}",
        "alt": exchange.picture_alt,
        "credit": exchange.picture_credit,
        "width": 8,
        "height": 6,
    }
    response = client.get(data["url"])
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert response.getvalue()[:4] == b"RIFF"


def test_phase_is_that_of_the_day_asked_about(client):
    make_exchange("visit", begins="2025-07-01", state="confirmed")

    path = "/api/v1/exchanges/visit/?on="
    phases = [client.get(path + on).json()["phase"] for on in ("2025-06-30", "2025-07-01")]

    assert phases == ["coming", "under_way"]
    assert client.get(f"{path}never").json() == refusal(
        on="That is not a date. Enter it like 8/19/2013 or 2013-08-19."
    )
    assert client.get(f"{path}never").status_code == 400


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("year=99", "Enter a year with four digits, from 1800 to 2200, like 2013."),
        ("on=never", "That is not a date. Enter it like 8/19/2013 or 2013-08-19."),
        ("phase=x", "“x” is not one of the choices. Choose one from the list."),
        ("kind=x", "“x” is not one of the choices. Choose one from the list."),
    ],
)
def test_question_that_cannot_be_read_is_answered_in_words(client, question, said):
    response = client.get(f"/api/v1/exchanges/?{question}")

    assert response.status_code == 400
    assert response.json() == refusal(**{question.split("=")[0]: said})


@pytest.mark.parametrize(
    "question",
    ["city=otsu", "kind=sports", "audience=families", "year=2025", "phase=past", "state=held"],
)
def test_page_and_api_find_the_same(client, question):
    make_held_exchange(
        "found",
        make_relationship(make_city("otsu")),
        program=make_program(
            None, make_relationship(make_city("a")), kind="sports", audience="families"
        ),
    )
    make_exchange("other", begins="2126")

    data = client.get(f"/api/v1/exchanges/?{question}").json()["results"]
    page = client.get(f"/exchanges/?{question}").text

    assert [record["slug"] for record in data] == ["found"]
    assert ("/exchanges/found/" in page, "/exchanges/other/" in page) == (True, False)


def test_award_categories_are_listed_by_rank(client):
    draft = make_source(publication="draft")
    make_award_category("youth", "youth_education", "sports", note="Check.", source=draft)
    make_award_category("overall", since_year=2022)
    make_award_category("person", honors="person")

    data = client.get("/api/v1/award-categories/").json()["results"]

    assert [(one["slug"], len(one["kinds"]), one["since_year"]) for one in data] == [
        ("youth", 2, None),
        ("overall", 8, 2022),
        ("person", 0, None),
    ]
    one = client.get("/api/v1/award-categories/youth/").json()
    del one["modified"]
    assert one == {
        "url": f"{API}/award-categories/youth/",
        "slug": "youth",
        "name": "Youth",
        "honors": "program",
        "rank": 1,
        "kinds": ["sports", "youth_education"],
        "since_year": None,
        "until_year": None,
        "source": None,
        "note": "Check.",
    }


@pytest.mark.parametrize("name", ["programs", "exchanges"])
def test_what_was_withdrawn_is_reported_in_the_list_of_changes_alone(client, name):
    exchange = make_exchange("gone")
    exchange.withdraw(because="It was another year.", on=date(2026, 5, 6))
    if name == "programs":
        exchange.program.withdraw(because="It was another year.", on=date(2026, 5, 6))
        exchange.program.__class__.objects.update(slug="gone")
    tombstone = {
        "url": f"{API}/{name}/gone/",
        "slug": "gone",
        "withdrawn_on": "2026-05-06",
        "withdrawn_because": "It was another year.",
    }

    address = client.get(f"/api/v1/{name}/gone/")

    assert address.status_code == 410
    assert address.json()["withdrawn_because"] == "It was another year."
    assert client.get(f"/api/v1/{name}/").json()["results"] == []
    changed = client.get(f"/api/v1/{name}/?modified_since=2020-01-01").json()["results"]
    assert changed == [tombstone]


@pytest.mark.parametrize("part", ["role", "funding"])
def test_change_of_a_part_is_a_change_of_the_exchange(client, part):
    exchange = make_visit()
    make = {"role": make_exchange_role, "funding": make_funding}[part]
    with saved_at(datetime(2030, 1, 1, tzinfo=UTC)):
        make(exchange, make_organization("other"))

    data = client.get("/api/v1/exchanges/visit-2025/").json()

    assert data["modified"] == "2030-01-01T00:00:00Z"


@pytest.mark.parametrize("part", ["role", "funding"])
def test_part_that_names_a_draft_moves_no_moment(client, part):
    exchange = make_visit()
    make = {"role": make_exchange_role, "funding": make_funding}[part]
    with saved_at(datetime(2030, 1, 1, tzinfo=UTC)):
        make(exchange, make_organization("zzyx-other", publication="draft"))

    data = client.get("/api/v1/exchanges/visit-2025/").json()

    assert data["modified"] == "2026-01-02T03:04:05Z"
