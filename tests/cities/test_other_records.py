"""The record that the partner, or another commission, keeps of the same relationship."""

import json
import re

import pytest

from cities.models import Relationship
from tests.admin.browser import form_of, sentences
from tests.admin.people import at, browser, release_all
from tests.cities.refusals import assert_clerk_reads, load_record
from tests.factories import make_partnership, make_source
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

OWN = {
    "slug": "otsu-page",
    "title": "Sister cities of Otsu",
    "publisher": "Otsu City",
    "address": "https://otsu.example/sister-cities",
    "accessed_on": "2026-01-02",
}


@pytest.fixture
def relationship() -> Relationship:
    return make_partnership("otsu")


def structured(response) -> dict:
    [found] = [
        json.loads(block)
        for block in re.findall('<script type="application/ld.json">(.*?)</script>', response.text)
        if '"@id"' in block and "/cities/otsu/" in block and '"City"' in block
    ]
    return found


def test_page_api_and_search_engines_are_led_to_it(client, relationship):
    own, archived = (
        make_source(**OWN),
        make_source(
            slug="copy",
            title="A copy",
            publisher="",
            address="",
            archived_address="https://a.example",
        ),
    )
    hidden = make_source(title="Secret", address="https://s.example", publication="draft")
    relationship.other_records.add(own, archived, hidden)

    page = client.get("/cities/otsu/")
    lines = lines_of(page)
    data = client.get("/api/v1/relationships/lansing-otsu/").json()

    assert lines[lines.index("Otsu City’s own record") + 1] == (
        "Sister cities of Otsu (seen January 2, 2026) source: Sister cities of Otsu"
    )
    assert lines[lines.index("Record kept elsewhere") + 1] == "A copy source: A copy"
    assert "Secret" not in page.text
    assert sorted(data["other_records"]) == [
        "http://testserver/api/v1/sources/copy/",
        "http://testserver/api/v1/sources/otsu-page/",
    ]
    assert structured(page)["subjectOf"] == [
        {"@type": "WebPage", "name": "A copy", "url": "https://a.example"},
        {"@type": "WebPage", "name": OWN["title"], "url": OWN["address"]},
    ]
    cited = lines_of(client.get("/sources/otsu-page/"))
    assert cited[cited.index("Relationships that it records") + 1] == "Otsu"


def test_page_without_one_says_nothing_of_it(client, relationship):
    page = client.get("/cities/otsu/")

    assert "own record" not in page.text
    assert "subjectOf" not in structured(page)


def test_record_that_nobody_can_open_is_refused_by_form_and_file(relationship):
    closed, own = make_source(title="A letter", address=""), make_source(**OWN)
    staff = browser("Commission staff")
    form = form_of(staff, at(relationship)) | {"change_reason": "Found it."}

    refused = staff.post(at(relationship), form | {"other_records": [str(closed.pk)]})
    assert sentences(refused)[1:] == ["Add the link of “A letter” first."]
    assert not relationship.other_records.exists()

    saved = staff.post(at(relationship), form | {"other_records": [str(own.pk)]})
    assert saved.status_code == 302
    release_all()
    load_record(Relationship.objects.get())
    assert [source.slug for source in relationship.other_records.all()] == ["otsu-page"]

    relationship.other_records.add(closed)
    assert_clerk_reads(
        Relationship.objects.get(), {"other_records": ["Add the link of “A letter” first."]}
    )
