"""The box that jumps to any record and any page of the desk."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as make
from tests.admin.people import NO_GROUP, at, browser, browser_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]

DRAFT = {"publication": "draft"}
STAFF, CLERK, COMMISSIONER = "Commission staff", "Council clerk", "Commissioner"


def found(client, words):
    """What is suggested: the titles, each with its kind; the page lists the same."""
    answer = client.get(reverse("admin:jump-suggest"), {"q": words})
    suggested = answer.json()["suggestions"]
    page = client.get(reverse("admin:jump"), {"q": words})
    shown = [(place.title, place.kind, place.url) for place in page.context["places"]]
    assert shown == [(one["title"], one["kind"], one["url"]) for one in suggested]
    return [(title, kind) for title, kind, __ in shown]


def test_published_records_are_found_as_the_public_search_finds_them():
    city = make.make_city("otsu", name="Ōtsu")
    make.make_name(city, "大津市", language="ja")
    resolution = make.make_resolution(
        title="End the tie", number="#2013-209", number_year=2013, number_serial=209
    )
    client = browser(STAFF)

    assert [found(client, words) for words in ("otsu", "ohtsu", "大津", "209")] == [
        [("Ōtsu", "City")],
        [("Ōtsu", "City")],
        [("Ōtsu", "City")],
        [("#2013-209: End the tie", "Resolution")],
    ]
    places = client.get(reverse("admin:jump"), {"q": "2013-209"}).context["places"]
    assert [place.url for place in places] == [at(resolution)]


def test_drafts_are_found_by_those_who_may_read_them():
    make.make_city("secretville", name="Secretville", **DRAFT)
    make.make_resolution(title="A secret plan", **DRAFT)

    assert {
        role: found(browser(role), "secret") for role in (STAFF, CLERK, COMMISSIONER, NO_GROUP)
    } == {
        STAFF: [("Secretville", "City")],
        CLERK: [("A secret plan", "Resolution")],
        COMMISSIONER: [("Secretville", "City"), ("A secret plan", "Resolution")],
        NO_GROUP: [],
    }


def test_what_was_withdrawn_and_what_has_no_page_is_found():
    partner = make.make_city("flint", name="Flint")
    relationship = make.make_relationship(partner)
    agreement = make.make_agreement(relationship, slug="flint-2016")
    make.make_source(title="Flint journal").withdraw(because="Twice.", on=date(2026, 1, 1))

    assert found(browser(STAFF), "flint") == [
        ("Flint", "City"),
        ("Flint", "Relationship"),
        ("flint-2016", "Agreement"),
        ("Flint journal", "Source"),
    ]
    assert agreement.slug == "flint-2016"


def test_what_belongs_to_a_partner_is_found_in_its_place_on_the_page_of_the_partner():
    partner = make.make_city("flint", name="Flint")
    relationship = make.make_relationship(partner)
    agreement = make.make_agreement(relationship, slug="flint-2016")
    client = browser(STAFF)
    places = client.get(reverse("admin:jump"), {"q": "flint"}).context["places"]

    reached = [client.get(place.url).headers.get("Location") for place in places]

    page = at(partner, "partner")
    assert reached == [
        None,
        f"{page}#relationship-{relationship.pk}",
        f"{page}#agreement-{agreement.pk}",
    ]
    shown = client.get(page).content.decode()
    for anchor in (f"relationship-{relationship.pk}", f"agreement-{agreement.pk}"):
        assert f'id="{anchor}"' in shown


def test_entries_are_found_by_partner_kind_and_date_the_newest_first():
    relationship = make.make_relationship(make.make_city("flint", name="Flint"))
    make.make_entry(relationship, "signed", "1969-10-01")
    visit = make.make_entry(relationship, "visited", "1990")
    client, kind = browser(STAFF), "History entry"

    assert {
        words: found(client, words) for words in ("flint sign", "flint visit 1990", "octob")
    } == {
        "flint sign": [("Lansing – Flint, entry 1: signed, October 1, 1969", kind)],
        "flint visit 1990": [("Lansing – Flint, entry 2: visit, 1990", kind)],
        "octob": [("Lansing – Flint, entry 1: signed, October 1, 1969", kind)],
    }
    assert [title for title, of in found(client, "flint") if of == kind] == [
        "Lansing – Flint, entry 2: visit, 1990",
        "Lansing – Flint, entry 1: signed, October 1, 1969",
    ]
    [place] = client.get(reverse("admin:jump"), {"q": "flint visit"}).context["places"]
    page = at(relationship.partner, "partner")
    assert client.get(place.url).headers["Location"] == f"{page}#entry-{visit.pk}"


def test_entries_of_drafts_are_found_by_those_who_may_read_them():
    secret = make.make_relationship(make.make_city(name="Secretville", **DRAFT), **DRAFT)
    make.make_entry(secret, "visited", "1990", **DRAFT)
    make.make_entry(
        make.make_relationship(make.make_city(name="Flint")), "visited", "1990", **DRAFT
    )
    clients = {role: browser(role) for role in (STAFF, CLERK, COMMISSIONER)}

    assert {
        role: [len(found(client, words)) for words in ("visit secret", "visit flint")]
        for role, client in clients.items()
    } == {STAFF: [1, 1], CLERK: [0, 0], COMMISSIONER: [1, 1]}
    reader = browser_with("view_entry", "preview_entry")  # of no draft of a city
    assert [len(found(reader, words)) for words in ("visit secret", "visit flint")] == [0, 1]


def test_place_of_a_record_is_its_form_for_those_who_may_not_see_the_partner():
    relationship = make.make_relationship()
    agreement = make.make_agreement(relationship)
    secret = make.make_relationship(make.make_city(**DRAFT), **DRAFT)
    reader = browser_with("view_relationship")

    assert reader.get(at(relationship, "partner")).headers["Location"] == at(relationship)
    assert reader.get(at(secret, "partner")).status_code == 404
    assert reader.get(at(agreement, "partner")).status_code == 403


def test_tasks_lists_and_forms_are_found_by_the_beginnings_of_their_words():
    clerk, staff = browser(CLERK), browser(STAFF)

    assert {words: found(clerk, words) for words in ("meet rec", "seat")} == {
        "meet rec": [("Record a meeting", "Task")],
        "seat": [("Seats", "List"), ("Add seat", "Form")],
    }
    assert found(staff, "seat") == [("Seats", "List")]
    assert found(staff, "record meeting") == []


def test_only_what_a_person_may_see_or_add_is_found():
    make.make_source(title="The seat of Otsu")
    make.make_city("otsu", name="Otsu")

    assert found(browser_with("view_source", "add_seat"), "otsu") == [
        ("The seat of Otsu", "Source")
    ]


def test_form_is_found_by_who_may_add_and_not_look():
    assert found(browser_with("add_seat"), "seat") == [("Add seat", "Form")]


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "'", '"', "\\", "x" * 500, "(", "*"])
def test_odd_words_find_nothing_and_break_nothing(words):
    make.make_city("otsu", name="Otsu")

    assert found(browser(STAFF), words) == []


def test_strangers_are_sent_to_sign_in():
    make.make_city("secretville", name="Secretville", **DRAFT)
    for page in ("admin:jump", "admin:jump-suggest"):
        answer = Client().get(reverse(page), {"q": "secret"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_jumping_asks_no_more_for_three_of_everything_than_for_one():
    client = browser("Publisher")
    counts = []
    for __ in range(3):
        partner = make.make_city(name="Newtown")
        relationship = make.make_relationship(partner)
        make.make_agreement(relationship)
        make.make_entry(relationship, "visited", "1990")
        make.make_source(title="Newtown journal", **DRAFT)
        make.make_exchange(title="Newtown visit")
        make.make_resolution(title="Newtown", **DRAFT)
        client.get(reverse("admin:jump-suggest"), {"q": "newt"})
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:jump-suggest"), {"q": "newt"})
        counts.append(len(queries))

    assert counts[0] == counts[2]
    assert counts[0] <= 15
