"""The numbers that one act has beside its own."""

import io

import pypdf
import pytest
from django.core.exceptions import ValidationError

from resolutions.models import OtherNumber, Resolution
from tests.admin.browser import form_of, sentences
from tests.admin.people import at, browser
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
)
from tests.factories import make_other_number, make_resolution
from tests.reading import sections_of

pytestmark = pytest.mark.django_db

ONCE = "This number is already on record."
NOTHING = "There is no number in this. Write it as printed: CB 119876."


def ordinance(**fields) -> Resolution:
    """Harborview’s Ordinance 126000, which was a bill and has a file."""
    resolution = make_resolution("harbor", kind="ordinance", title="Harbor", **fields)
    make_other_number(resolution, "bill", "CB 119876")
    make_other_number(resolution, "file", "File #: 2019-0123")
    make_other_number(resolution, "agenda_item", "7-B")
    return resolution


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"kind": "song"}, {"kind": ["Value 'song' is not a valid choice."]}),
        ({"kind": ""}, {"kind": ["This field cannot be blank."]}),
        ({"number": ""}, {"number": ["This field cannot be blank."]}),
    ],
)
def test_other_number_has_a_kind_and_a_number(wrong, sentences):
    other = OtherNumber(**{"resolution": make_resolution(), "kind": "bill", "number": "1"} | wrong)
    other.number_digits = "1"

    assert_database_refuses(other, match="resolutions_other_number_kind_and_digits")
    assert_refused(other, sentences)


def test_other_number_has_a_digit():
    other = OtherNumber(resolution=make_resolution(), kind="bill", number="CB")

    assert_refused(other, {"number": [NOTHING]})
    assert_database_refuses(other, match="resolutions_other_number_kind_and_digits")


def test_other_number_of_a_kind_is_on_record_once():
    resolution = make_resolution()
    make_other_number(resolution, "bill", "CB 12")
    again = OtherNumber(resolution=resolution, kind="bill", number="cb 12", number_digits="12")

    assert_clerk_reads(again, ONCE)
    assert_database_refuses(again, match="resolutions_other_number_once")
    make_other_number(resolution, "file", "CB 12")
    make_other_number(resolution, "bill", "CB 012")
    make_other_number(make_resolution(), "bill", "CB 12")
    assert [str(other) for other in resolution.other_numbers.all()] == [
        "Bill CB 012",
        "Bill CB 12",
        "File CB 12",
    ]


def test_page_and_pdf_show_each_number_as_printed_with_its_kind(client):
    ordinance()

    page = client.get("/resolutions/harbor/")
    numbers = ["Bill", "CB 119876", "Agenda item", "7-B", "File", "File #: 2019-0123"]
    shown = "\n".join(page.text.split("<dl", 1)[1].split("</dl>")[0].split("<dd>"))
    assert all(number in shown for number in numbers)
    assert sections_of(page)
    pdf = pypdf.PdfReader(io.BytesIO(client.get("/resolutions/harbor/pdf/").content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert all(number in text for number in numbers)


def test_api_gives_each_number_with_its_kind(client):
    ordinance()
    make_resolution("other")

    numbers = [
        {"kind": "agenda_item", "number": "7-B"},
        {"kind": "bill", "number": "CB 119876"},
        {"kind": "file", "number": "File #: 2019-0123"},
    ]
    assert client.get("/api/v1/resolutions/harbor/").json()["other_numbers"] == numbers
    listed = client.get("/api/v1/resolutions/").json()["results"]
    found = {one["slug"]: one["other_numbers"] for one in listed}
    assert found == {"harbor": numbers, "other": []}


@pytest.mark.parametrize(
    "words",
    ["CB 119876", "cb119876", "No. CB-119876", "119876", "file 2019-123", "7b"],
)
def test_act_is_found_by_any_of_its_numbers(client, words):
    ordinance(number="ORDINANCE 126000", number_year=2019, number_serial=126000)
    make_other_number(make_resolution("other"), "bill", "CB 119877")

    found = client.get("/api/v1/resolutions/", {"q": words}).json()["results"]
    assert [one["slug"] for one in found] == ["harbor"]


def test_numbers_of_a_draft_are_nobodys(client):
    ordinance(publication="draft")

    assert client.get("/api/v1/resolutions/", {"q": "CB 119876"}).json()["count"] == 0
    assert "/resolutions/harbor/" not in client.get("/search/?q=CB 119876").text


def test_clerk_adds_numbers_on_the_form_of_the_resolution():
    clerk, resolution = browser("Council clerk"), make_resolution(publication="draft")
    url = at(resolution)
    new = {
        "other_numbers-TOTAL_FORMS": "2",
        "other_numbers-0-kind": "bill",
        "other_numbers-0-number": "CB 119876",
        "other_numbers-1-kind": "bill",
        "other_numbers-1-number": "CB",
    }

    assert NOTHING in sentences(clerk.post(url, form_of(clerk, url) | new))
    assert not OtherNumber.objects.exists()
    new["other_numbers-1-number"] = "cb 119876"
    said = "You entered the same number twice. Remove one of them."
    assert said in sentences(clerk.post(url, form_of(clerk, url) | new))
    new["other_numbers-1-number"] = "CB 119877"
    assert clerk.post(url, form_of(clerk, url) | new).status_code == 302
    assert [str(other) for other in OtherNumber.objects.all()] == [
        "Bill CB 119876",
        "Bill CB 119877",
    ]


def test_text_without_a_digit_is_no_number():
    with pytest.raises(ValidationError, match="There is no number in this"):
        make_other_number(make_resolution(), "file", "See the file")
