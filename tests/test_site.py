"""The pages about the site itself, and what they promise."""

import re
from datetime import date, timedelta

import pytest

from lrscc import errors
from lrscc.accounts import sessions, throttle
from lrscc.running import server
from tests.factories import make_organization, make_register
from tests.reading import lines_of, links_of, title_of

TRUST = {
    "/about/": "About this site",
    "/accessibility/": "Accessibility",
    "/corrections/": "Corrections",
    "/data/": "Data",
    "/gaps/": "Help fill the gaps",
    "/privacy/": "Privacy",
}
ADDRESS = "register@lansing.example"
CONTACT = {
    "postal_address": "1 Main Street, Lansing, MI 48933",
    "telephone": "+1 517-555-0100 x 7",
    "email": ADDRESS,
    "hours": "Monday to Friday, 8 a.m. to 5 p.m.",
    "website": "https://commission.example",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "title"), TRUST.items())
def test_page_says_in_its_title_and_heading_what_it_is(client, path, title):
    response = client.get(path)

    assert title_of(response) == f"{title}"
    assert lines_of(response, "h1") == [title]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accessibility/", "/corrections/", "/gaps/"])
def test_page_says_where_to_write(client, path):
    without = client.get(path)
    make_register(**CONTACT)
    given = client.get(path)

    assert "not set up" not in without.text
    assert [link for link in links_of(without) if link.startswith(("mailto:", "tel:"))] == []
    for link in (f"mailto:{ADDRESS}", "tel:+15175550100", "https://commission.example"):
        assert links_of(given).count(link) == 2  # in the text and at the foot


# --- help in the same place everywhere --------------------------------------------------

FOOT = [
    "Contact us: report a mistake or send a document",
    (
        "Lansing Regional Sister Cities Commission 1 Main Street, Lansing, MI 48933"
        " +1 517-555-0100 x 7 register@lansing.example Monday to Friday, 8 a.m. to 5 p.m."
        " Website: Lansing Regional Sister Cities Commission"
    ),
    "Lansing City Clerk For council records",
    (
        "This is the official record of the Lansing Regional Sister Cities Commission, Lansing,"
        " Michigan. Every fact here has a date and a source."
    ),
    *("About this site", "Help fill the gaps", "Corrections", "Accessibility"),
    *("Privacy", "Data", "What changed", "Staff sign-in"),
]


@pytest.fixture
def contacts(db):
    """A commission with everything on record by which it is reached, and a clerk with nothing."""
    register = make_register(**CONTACT)
    register.records_office = make_organization("clerk", name="Lansing City Clerk")
    register.save()


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/cities/", 200), ("/nowhere/", 404), ("/?q=%00", 400)]
)
def test_foot_is_the_same_on_every_page(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert lines_of(response, "footer") == FOOT


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize("status", [403, 410, 500, 503])
def test_foot_is_the_same_on_pages_of_faults(rf, status):
    response = {
        403: errors.permission_denied,
        410: lambda request: errors.answer(request, 410, "", withdrawn_because="It was wrong."),
        500: errors.server_error,
        503: errors.unavailable,
    }[status](rf.get("/"))

    assert response.status_code == status
    assert lines_of(response, "footer") == FOOT


@pytest.mark.django_db
def test_links_of_the_foot_lead_somewhere(client):
    foot = client.get("/data/").text.split("<footer", 1)[1]

    answers = {path: client.get(path) for path in re.findall(r'href="([^"#]+)', foot)}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        **dict.fromkeys([*TRUST, "/changes/"], 200),
        "/admin/": 302,
    }


# --- what the privacy page says is so ---------------------------------------------------


def test_sign_in_is_as_the_privacy_page_says(settings):
    assert (
        timedelta(seconds=settings.SESSION_COOKIE_AGE) == sessions.LONGEST == timedelta(hours=12)
    )
    assert timedelta(minutes=30) == sessions.IDLE
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert timedelta(days=1) == throttle.KEPT


@pytest.mark.django_db
def test_visit_leaves_no_line_in_the_log(client, caplog, monkeypatch):
    with caplog.at_level("DEBUG", logger="django.request"):
        client.get("/cities/?country=JP")
        client.get("/privacy/")
    handed_over = []
    monkeypatch.setattr(server.os, "execv", lambda path, command: handed_over.extend(command))
    server.run("127.0.0.1", 8000)

    assert caplog.records == []
    assert [option for option in handed_over if "access" in option] == []


# --- data -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_form_of_the_data_is_there(client):
    links = [link for link in links_of(client.get("/data/")) if link.startswith(("/api", "/ex"))]

    assert sorted(links) == [
        "/api/docs/",
        "/api/v1/",
        "/api/v1/openapi.json",
        "/api/v1/popolo/persons/",
        "/api/v1/years/",
        "/exchanges/",
        "/exchanges/calendar.ics",
    ]
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.django_db
def test_data_page_shows_how_to_cite_a_page_with_its_address_and_day(client, monkeypatch):
    make_register()
    monkeypatch.setattr("lrscc.pages.site.localdate", lambda: date(2026, 11, 25))

    response = client.get("/data/", headers={"host": "localhost:8000"})

    (shown,) = lines_of(response, "blockquote")
    assert shown == (
        "Lansing Regional Sister Cities Commission, Sister Cities Register, “Sister and friendship"
        " cities today,” http://localhost:8000/cities/, accessed November 25, 2026."
    )
