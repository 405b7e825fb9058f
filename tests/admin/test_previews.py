"""Previews: the public page of a draft as it will be, and nothing of it anywhere else."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cities.models import LogEntry, Organization
from cities.records.releasing import propose, release, submit
from lrscc.models import SearchDocument
from tests.admin.browser import text
from tests.admin.people import MAKERS, NO_GROUP, SUPERUSER, at, browser, browser_with, everything
from tests.cities.test_releasing import new_partner
from tests.factories import (
    make_action,
    make_agreement,
    make_city,
    make_entry,
    make_meeting,
    make_name,
    make_partnership,
    make_relationship,
    make_resolution,
    make_source,
    make_text,
)

pytestmark = pytest.mark.django_db

DRAFT = {"publication": "draft"}
STAFF, CLERK, PUBLISHER = "Commission staff", "Council clerk", "Publisher"
NOTICE = re.compile(r'<aside class="preview-notice".*?</aside>\n?', re.DOTALL)
WHO = re.compile(r"<p[^>]*>[^<]*Last changed on.*?</p>", re.DOTALL)
"""Who changed it last: somebody previews, and somebody else publishes."""


def same(page: str) -> str:
    return WHO.sub("", NOTICE.sub("", page))


def test_preview_is_the_page_that_visitors_get_once_it_is_published(logged, indexed):
    records = new_partner()
    city, source = records[0], records[2]
    make_name(city, "奈良市")
    publisher, change_set = browser(PUBLISHER), propose(records)

    previews = [
        publisher.get(at(one, "preview"), {"set": change_set.pk}) for one in (records[-1], source)
    ]

    for preview in previews:
        assert preview.status_code == 200
        assert "This page is not public." in text(preview)
        assert preview.headers["Cache-Control"] == "no-store"
        assert preview.headers["X-Robots-Tag"] == "noindex"
        assert "ETag" not in preview.headers
    assert "Sister city since May 1, 2026." in text(previews[0])
    release(change_set)
    for preview, address in zip(previews, ("/cities/nara/", "/sources/paper/"), strict=True):
        assert same(preview.text) == same(Client().get(address).text)


def test_preview_leaves_nothing_behind(answered, indexed):
    records = new_partner()
    make_partnership("otsu")
    visitor, publisher = Client(), browser(PUBLISHER)
    pages = ("/", "/cities/", "/changes/", "/api/v1/cities/", "/search/?q=nara", "/sitemap.xml")
    before = [visitor.get(page).content for page in pages]
    rows, entries, found = everything(), LogEntry.objects.count(), SearchDocument.objects.count()

    for record in records:
        assert publisher.get(at(record, "preview")).status_code == 200

    assert everything() == rows
    assert (LogEntry.objects.count(), SearchDocument.objects.count()) == (entries, found)
    assert [visitor.get(page).content for page in pages] == before
    assert visitor.get("/cities/nara/").status_code == 404


def test_draft_that_is_not_ready_is_previewed_all_the_same():
    relationship = make_relationship(make_city("nara", name="Nara", **DRAFT), **DRAFT)
    entry = make_entry(relationship, "visited", "2020", note="A choir came.", **DRAFT)
    entry.citations.all().delete()

    page = browser(STAFF).get(at(entry, "preview"))

    assert "A choir came" in text(page)


def test_resolution_is_previewed_with_its_parts():
    resolution = make_resolution(title="On peace", **DRAFT)
    make_text(resolution, text="RESOLVED, that peace be.", **DRAFT)
    make_action(resolution, "introduce", meeting=make_meeting(**DRAFT), **DRAFT)

    page = browser(CLERK).get(at(resolution, "preview"))

    assert "that peace be." in text(page)
    assert "August 19, 2013" in text(page)


def test_preview_in_a_set_has_what_is_in_the_set():
    relationship = make_partnership("nara")
    visit = make_entry(relationship, "visited", "2020", note="A choir came.", **DRAFT)
    alone = make_entry(relationship, "visited", "2021", note="A band came.", **DRAFT)
    change_set = propose([visit, alone])
    submit(change_set)
    publisher = browser(PUBLISHER)

    by_itself = publisher.get(at(visit, "preview"))
    in_the_set = publisher.get(at(visit, "preview"), {"set": change_set.pk})

    assert ("A choir came" in text(by_itself), "A band came" in text(by_itself)) == (True, False)
    assert "A band came" in text(in_the_set)
    page = publisher.get(f"/admin/cities/changeset/{change_set.pk}/change/").text
    assert f'href="{at(visit, "preview")}?set={change_set.pk}"' in page
    for number in ("999", "x", "9" * 18):
        assert publisher.get(at(visit, "preview"), {"set": number}).status_code == 200


@pytest.mark.parametrize("role", [STAFF, CLERK, PUBLISHER, "Commissioner", NO_GROUP, SUPERUSER])
def test_draft_is_previewed_by_those_who_may_see_it(role):
    city = make_city("secretville", **DRAFT)
    client = browser(role)

    page = client.get(at(city, "preview"))

    sees = role in (STAFF, PUBLISHER, "Commissioner", SUPERUSER)
    assert (page.status_code == 200, "ecretville" in page.text) == (sees, sees)
    assert client.post(at(city, "preview")).status_code in (403, 404)


def test_visitor_previews_nothing(client):
    answer = client.get(at(make_city("secretville", **DRAFT), "preview"))

    assert (answer.status_code, "login" in answer.url) == (302, True)


def test_preview_shows_no_draft_that_the_reader_may_not_see():
    relationship = make_relationship(make_city("secretville", **DRAFT), **DRAFT)
    agreement = make_agreement(relationship, **DRAFT)
    source = make_source(**DRAFT)
    change_set = propose([source, relationship])
    client = browser_with("view_agreement", "preview_agreement", "view_source", "preview_source")

    for page in (
        client.get(at(agreement, "preview")),
        client.get(at(source, "preview"), {"set": change_set.pk}),
    ):
        assert page.status_code == 403
        assert "ecretville" not in page.text


def test_what_is_public_needs_no_preview_and_what_is_withdrawn_has_none():
    city = make_city("nara")
    boss = browser(SUPERUSER)

    assert boss.get(at(city, "preview")).url == "/cities/nara/"
    city.withdraw(because="Wrong.", on="2026-01-01")
    assert boss.get(at(city, "preview")).status_code == 404


def test_preview_of_what_a_withdrawn_city_would_show_is_no_page():
    relationship = make_relationship(make_city("nara"), **DRAFT)
    relationship.partner.withdraw(because="Wrong.", on="2026-01-01")

    page = browser(SUPERUSER).get(at(relationship, "preview"))

    assert page.status_code == 404


def browser_page(draft) -> str:
    client = Client()
    client.force_login(User.objects.get())
    return client.get(at(draft)).text


@pytest.mark.parametrize(
    "model",
    [model for model in MAKERS if hasattr(model, "publication")],
    ids=lambda one: one.__name__,
)
def test_every_kind_of_draft_has_a_preview(model):
    draft = MAKERS[model](**DRAFT)

    page = browser(SUPERUSER).get(at(draft, "preview"))

    assert page.status_code == (404 if model is Organization else 200)
    assert (at(draft, "preview") in browser_page(draft)) == (model is not Organization)
