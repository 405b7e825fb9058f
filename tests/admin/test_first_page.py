"""The first page of the desk: what a person can begin, what waits, what changed, and the menu."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.admin.new_partner import NEEDED
from cities.todo import task_lists as city_tasks
from exchanges.todo import task_lists as exchange_tasks
from lrscc.desk.menu import SECTIONS
from tests import factories as make
from tests.admin.people import NO_GROUP, SUPERUSER, browser, browser_with

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
DRAFT = {"publication": "draft"}
QUERIES = 15


def sentences(lists, heading):
    """The tasks under a heading, each in its sentence."""
    return [task.sentence for one in lists if one.heading == heading for task in one.tasks]


def first_page(role):
    return browser(role).get(reverse("admin:index"))


def test_every_kind_of_record_is_in_one_section_of_the_menu():
    listed = [label for section in SECTIONS for label in section.models]

    assert sorted(listed) == sorted(model._meta.label_lower for model in admin.site._registry)


def test_menu_leaves_out_the_sections_of_which_somebody_sees_nothing():
    headings = {
        role: [str(section["name"]) for section in first_page(role).context["app_list"]]
        for role in ("Commission staff", NO_GROUP)
    }

    assert headings == {
        "Commission staff": [
            "In preparation",
            "Partner cities",
            "Council record",
            "Programs and exchanges",
            "Documents and sources",
            "People and councils",
            "Settings",
        ],
        NO_GROUP: [],
    }


def test_pages_about_people_lead_to_their_section_of_the_menu():
    page = browser(SUPERUSER).get(reverse("admin:auth_user_changelist")).content.decode()

    [way] = re.findall('<div class="breadcrumbs">(.*?)</div>', page, re.DOTALL)
    assert [*re.findall(">([A-Z][^<]*)</a>", way)] == ["Home", "Settings"]


def test_page_of_one_app_lists_its_models_alone():
    page = browser("Commission staff").get(reverse("admin:app_list", args=["exchanges"]))

    assert "Nothing has been published yet." not in page.text
    (app,) = page.context["app_list"]
    assert [str(model["name"]) for model in app["models"]] == [
        "Award categories",
        "Exchanges",
        "Population bands",
        "Programs",
    ]


def test_each_role_can_begin_what_it_may_save():
    meeting = ("Record a meeting", "/admin/resolutions/meeting/record/")
    city = ("Add a partner city", "/admin/cities/city/new-partner/")
    change = ("Change a partner city", "/admin/cities/city/")
    exchange = ("Announce an exchange", "/admin/exchanges/exchange/add/")
    document = ("Add a document", "/admin/cities/source/add/")

    assert {
        role: [(str(one.label), one.address) for one in first_page(role).context["beginnings"]]
        for role in (
            "Commission staff",
            "Council clerk",
            "Publisher",
            "Commissioner",
            "Administrator",
            SUPERUSER,
            NO_GROUP,
        )
    } == {
        "Commission staff": [city, exchange, document],
        "Council clerk": [meeting, document],
        "Publisher": [change],
        "Commissioner": [],
        "Administrator": [],
        SUPERUSER: [meeting, city, exchange, document],
        NO_GROUP: [],
    }


def test_new_partner_can_be_begun_by_those_who_may_save_one():
    client = browser_with(*(f"add_{model._meta.model_name}" for model in NEEDED))

    page = client.get(reverse("admin:index"))
    assert [str(one.label) for one in page.context["beginnings"]] == ["Add a partner city"]


def test_changing_a_partner_is_offered_beside_adding_one():
    beside = [one.beside for one in first_page("Commission staff").context["beginnings"]]

    assert [one and one.address for one in beside] == ["/admin/cities/city/", None, None]


def test_staff_are_to_ask_about_what_nobody_has_confirmed_for_two_years():
    for name, year in (("Otsu", "2023"), ("Asan", "2024"), ("Flint", "1969")):
        partner = make.make_city(name.lower(), name=name)
        make.make_entry(make.make_relationship(partner), "signed", year)
    ended = make.make_relationship(make.make_city("pskov", name="Pskov"))
    make.make_entry(ended, "signed", "1990")
    make.make_entry(ended, "terminated", "1995")

    assert sentences(city_tasks(TODAY), "Ask the partner whether it is still active") == [
        "Flint, United States: the newest evidence is from 1969.",
        "Otsu, United States: the newest evidence is from 2023.",
    ]


def test_long_lists_are_folded_and_counted_beyond():
    for number in range(13):
        make.make_source(title=f"Letter {number:02}", address="", archived_address="")

    page = first_page("Commission staff").content.decode()

    shown, folded = page.split("and 8 more</summary>")
    assert shown.count(">Letter ") == 5
    assert folded.partition("</details>")[0].count(">Letter ") == 5
    assert "<li>and 3 more</li>" in folded


def test_staff_are_to_say_whether_a_planned_signing_took_place():
    for name, day in (("Otsu", "2026-11-23"), ("Asan", "2026-11-24"), ("Flint", "2026")):
        relationship = make.make_relationship(make.make_city(name.lower(), name=name))
        make.make_entry(relationship, "planned", "2026-01", planned_for=day)

    assert sentences(city_tasks(TODAY), "Did the planned signing take place?") == [
        "Otsu, United States: a signing was planned for November 23, 2026."
    ]


def test_staff_are_to_renew_agreements_before_they_end():
    def agree(name, until, **fields):
        relationship = make.make_relationship(make.make_city(name))
        make.make_agreement(relationship, slug=name, signed_on="2000", until=until, **fields)
        return relationship

    agree("long-over", "2025-11-23")
    agree("over", "2026-11-23")
    agree("soon", "2027-05-20")
    agree("later", "2027-12")
    agree("for-ever", "")
    agree("secretville", "2027", **DRAFT)
    renewed = agree("renewed", "2026-12-31")
    make.make_agreement(renewed, slug="again", signed_on="2026-11")
    prepared = agree("prepared", "2026-12-31")
    make.make_agreement(prepared, slug="not-yet", signed_on="2026-11", **DRAFT)

    [tasks] = [one for one in city_tasks(TODAY) if one.heading == "Agreements about to end"]
    assert [(task.sentence, task.is_late) for task in tasks.tasks] == [
        ("Agreement, 2000 (over): in force until November 23, 2026. It is over.", True),
        ("Agreement, 2000 (prepared): in force until December 31, 2026.", False),
        ("Agreement, 2000 (soon): in force until May 20, 2027.", False),
    ]
    assert {task.address for task in tasks.tasks} == {
        reverse("admin:cities_agreement_partner", args=[task.record.pk]) for task in tasks.tasks
    }


def test_staff_are_to_find_sources_that_nobody_can_look_up():
    make.make_source(title="A letter", address="", archived_address="")
    make.make_source(title="A page", address="https://example.org/")
    make.make_source(title="A saved page", archived_address="https://example.org/")
    make.make_source(title="A draft", address="", **DRAFT)

    assert sentences(city_tasks(TODAY), "Sources without a file or a link") == ["A letter"]


def test_staff_are_to_say_whether_an_exchange_took_place():
    over, today = {"begins": "2026-11-23"}, {"begins": "2026-11-24"}
    make.make_exchange(title="A concert", state="confirmed", **over)
    make.make_exchange(title="A visit", state="held", **over)
    make.make_exchange(title="A race", state="cancelled", reason="Snow.", **over)
    make.make_exchange(title="A fair", state="confirmed", **today)

    assert sentences(exchange_tasks(TODAY), "Did the exchange take place?") == [
        "A concert, November 23, 2026"
    ]


def test_drafts_are_counted_for_those_who_may_read_them():
    make.make_city(**DRAFT)
    for __ in range(2):
        make.make_source(**DRAFT)
    make.make_meeting(**DRAFT)
    counted = {
        role: sentences(first_page(role).context["task_lists"], "Drafts")
        for role in ("Commission staff", "Council clerk", "Commissioner", "Publisher", NO_GROUP)
    }

    assert counted == {
        "Commission staff": ["1 city", "2 sources"],
        "Council clerk": ["2 sources", "1 meeting"],
        "Commissioner": ["1 city", "2 sources", "1 meeting"],
        "Publisher": ["1 city", "2 sources", "1 meeting"],
        NO_GROUP: [],
    }


@pytest.mark.usefixtures("logged")
def test_published_lately_are_public_changes_alone():
    make.make_city("secretville", name="Secretville", **DRAFT)
    otsu = make.make_city("otsu", name="Otsu")
    otsu.withdraw(because="It was a test.", on=TODAY)
    page = first_page("Publisher")

    assert [change.title for change in page.context["changes"]] == ["City, withdrawn"]
    assert (
        "Secretville" not in page.content.decode().split('id="lately"')[1].split("</section>")[0]
    )


@pytest.mark.parametrize("role", [SUPERUSER, "Commission staff", "Council clerk"])
def test_first_page_asks_no_more_for_three_of_everything_than_for_one(role):
    make.make_register()
    client = browser(role)
    found = []
    for __ in range(3):
        partner = make.make_city()
        make.make_entry(make.make_relationship(partner), "signed", "2001")
        make.make_source(address="", **DRAFT)
        make.make_source(address="")
        make.make_exchange(begins="2020-01-01")
        make.make_meeting(organization=make.make_organization())
        client.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:index"))
        found.append(len(queries))

    assert found[0] == found[2]
    assert found[0] <= (16 if role == SUPERUSER else QUERIES)  # who has the tasks of all
