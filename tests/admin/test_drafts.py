"""Drafts that published records lead to: who may not preview reads them at no door."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from cities.models import Authority, City, Entry, Relationship, Succession
from tests.admin.browser import text
from tests.admin.people import NO_GROUP, at, browser, browser_with
from tests.factories import (
    make_authority,
    make_city,
    make_entry,
    make_organization,
    make_partnership,
    make_relationship,
    make_source,
    make_succession,
)

pytestmark = pytest.mark.django_db

SECRET = "Secretville"


def rows_about_drafts() -> dict[str, object]:
    """Rows that are no drafts themselves, each about something that is."""
    place = make_city("secretville", publication="draft")
    west = make_city("secretville-west", publication="draft")
    east, other = make_city("secretville-east"), make_city("secretville-heights")
    organization = make_organization(name=f"{SECRET} Council", publication="draft")
    secret_relationship = make_relationship(east, publication="draft")
    return {
        "tie with a draft place": make_relationship(place),
        "tie from a draft place": make_relationship(other, home=place),
        "line of a draft tie": make_entry(secret_relationship, "visited", "2001"),
        "line of a tie with a draft": make_entry(make_relationship(west), "visited", "2002"),
        "authority of a draft organization": make_authority(organization),
        "authority over a draft place": make_authority(make_organization(), place=place),
        "succession to a draft": make_succession(make_city(), place),
        "succession of a draft": make_succession(place, make_city()),
    }


@pytest.mark.parametrize(("role", "sees"), [("Council clerk", False), ("Commissioner", True)])
def test_row_about_a_draft_is_read_by_those_who_may_preview_alone(role, sees):
    rows = rows_about_drafts()
    client = browser(role)

    for name, row in rows.items():
        version = at(row, "simple_history", row.history.latest().pk)
        for page in (at(row), at(row, "history"), version):
            answer = client.get(page, follow=True)
            shown = answer.status_code == 200 and SECRET in text(answer)
            assert shown == sees, (name, page)
    for model in (Entry, Relationship, Authority, Succession):
        for query in ("", "?q=secretville"):
            shown = SECRET in text(client.get(at(model, "changelist") + query))
            assert shown == sees, (model, query)


@pytest.mark.parametrize("sees", [False, True])
def test_entry_names_its_draft_sources_to_those_who_may_preview_alone(sees):
    entry = make_entry(make_partnership(), "visited", "2001", source=make_source(title="The page"))
    draft = make_source(title=SECRET, publication="draft")
    entry.citations.create(source=draft, role="disputes", says=f"{SECRET} is doubtful.")

    viewer = ("view_entry", "view_citation", "view_source")
    client = browser("Commissioner") if sees else browser_with(*viewer)
    words = text(client.get(at(entry)))

    assert "The page" in words
    assert (SECRET in words) == sees


@pytest.mark.parametrize("role", ["Council clerk", NO_GROUP, "Commission staff"])
def test_number_of_a_draft_does_not_lead_to_its_address(role):
    """Django's own way from a number to a page asks nobody who they are."""
    draft = make_city("secretville", publication="draft")
    content_type = ContentType.objects.get_for_model(City)

    answer = browser(role).get(f"{reverse('admin:index')}r/{content_type.pk}/{draft.pk}/")

    assert answer.status_code == 404
    assert "secretville" not in answer.content.decode().lower()
