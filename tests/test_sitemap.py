"""What search engines and finders of faults ask for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils.timezone import now

from lrscc.pages.sitemap import RecordPages
from tests.factories import (
    make_agreement,
    make_city,
    make_name,
    make_partnership,
    make_register,
    make_source,
)
from tests.moments import saved_at
from tests.reading import sitemap_entries, sitemap_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("logged")
def test_sitemap_says_when_each_page_last_changed(client):
    with saved_at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        relationship, other = make_partnership("otsu"), make_partnership("nara")
    with saved_at(datetime(2026, 2, 1, 12, tzinfo=UTC)):
        make_agreement(relationship).relationships.add(other)
    with saved_at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        make_name(relationship.partner, "大津市")
    with override_settings(DERIVATIONS_PAUSED=["search", "log"]):
        make_agreement(other)  # published after the log was read

    found = sitemap_of(client)

    assert (found["/cities/otsu/"], found["/cities/nara/"], found["/cities/lansing/"]) == (
        "2026-03-01",
        "2026-02-01",
        "2026-01-01",
    )
    assert found["/about/"] is None


def test_long_list_of_pages_goes_on_in_another_sitemap(client, monkeypatch):
    monkeypatch.setattr(RecordPages, "limit", 2)
    for number in range(3):
        make_source(slug=f"paper-{number}")

    sections = sitemap_entries(client, "/sitemap.xml", "sitemap")

    of_sources = [address for address in sections if "source" in address]
    assert of_sources == [
        "http://testserver/sitemap-source.xml",
        "http://testserver/sitemap-source.xml?p=2",
    ]
    assert [len(sitemap_entries(client, path, "url")) for path in of_sources] == [2, 1]
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_withdrawn_record_leaves_the_sitemap(client):
    make_source(slug="gone").withdraw(because="A twin.", on=date(2026, 1, 1))

    assert "/sources/gone/" not in sitemap_of(client)


def test_record_that_the_log_does_not_know_is_in_the_sitemap_without_a_day(client):
    make_city("otsu")

    assert sitemap_of(client)["/cities/otsu/"] is None


def test_robots_keeps_crawlers_off_the_data_and_the_admin_alone(client):
    response = client.get("/robots.txt")

    assert response.text == (
        "User-agent: *\n"
        "Disallow: /api/v1/\n"
        "Disallow: /admin/\n"
        "\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )
    assert response.headers["Content-Type"] == "text/plain"


def test_contact_for_faults_is_the_maintainer_and_the_page_for_corrections(client):
    make_register(email="register@example.org")

    response = client.get("/.well-known/security.txt")

    contact, page, expires, canonical, languages = response.text.splitlines()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert (contact, page, languages) == (
        "Contact: mailto:register@example.org",
        "Contact: http://testserver/corrections/#send",
        "Preferred-Languages: en",
    )
    assert canonical == "Canonical: http://testserver/.well-known/security.txt"
    day = datetime.fromisoformat(expires.removeprefix("Expires: "))
    assert timedelta(days=150) < day - now() < timedelta(days=365)


def test_contact_for_faults_is_never_made_up(client):
    make_register()

    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert [line for line in lines if line.startswith("Contact:")] == [
        "Contact: http://testserver/corrections/#send"
    ]
