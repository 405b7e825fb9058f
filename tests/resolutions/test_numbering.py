"""How a council numbers what it votes on, and what is missing from a complete series."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from resolutions import numbers
from resolutions.models import NumberingScheme, Resolution
from resolutions.todo import task_lists
from resolutions.triggers import ONE_NUMBER, allow_overlaps, refuse_overlaps
from tests.admin.browser import form_of, sentences
from tests.admin.people import at, browser
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses, assert_refused
from tests.factories import council, make_numbering_scheme, make_organization, make_source
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

NO_YEAR = "Enter the year of the number. The printed number does not include it."
USED = "This organization already used this number. A number is never used again."
USED_IN_YEAR = (
    "This organization already used this number in that year. A number is never used again."
)
REST_ON_IT = "Numbers without a year are on record that follow this. Enter their years first."


def scheme(**fields) -> NumberingScheme:
    """One as yet unsaved, right but for what the test says."""
    usual = {"slug": "new", "organization": council(), "kind": "resolution", "restarts": "never"}
    return NumberingScheme(**usual | {"source": make_source()} | fields)


def numbered(number: str, **fields) -> Resolution:
    usual = {"slug": f"r-{Resolution.objects.count()}", "organization": council(), "title": "R"}
    record = Resolution(**usual | {"number": number} | fields)
    record.full_clean()
    record.save()
    return record


def missing() -> list[tuple]:
    return [
        (str(one.scheme), one.year, *map(str, one.gaps)) for one in Resolution.objects.numbering()
    ]


# --- a number that never restarts -----------------------------------------------------------


def test_number_without_a_year_needs_a_scheme_that_never_restarts():
    for wrong in ({"restarts": "yearly"}, {"kind": "ordinance"}):
        made = make_numbering_scheme(**wrong)
        with pytest.raises(ValidationError, match=NO_YEAR):
            numbered("Resolution 31824")
        made.delete()
    make_numbering_scheme(make_organization(), restarts="never")
    with pytest.raises(ValidationError, match=NO_YEAR):
        numbered("Resolution 31824")

    running = make_numbering_scheme(restarts="never")
    record = numbered("Resolution 31824")

    assert (record.number_year, record.number_serial, record.number_scheme) == (
        *(None, 31824),
        running,
    )


def test_number_that_never_restarts_is_used_once():
    running = make_numbering_scheme(restarts="never")
    numbered("Resolution 31824")
    again = Resolution(slug="again", organization=council(), title="R", number="No. 31824")

    assert_refused(again, USED)
    again.number_serial, again.number_scheme = 31824, running
    assert_database_refuses(
        again,
        match=r"resolutions_resolution_running_number_once|resolution\.organization_id, \S+kind",
    )


def test_what_a_number_rests_on_stays():
    running = make_numbering_scheme(restarts="never")
    numbered("31824")

    running.restarts = "yearly"
    assert_clerk_reads(running, REST_ON_IT)
    running.refresh_from_db()
    with pytest.raises(ProtectedError):
        running.delete()
    clerk = browser("Council clerk")
    assert clerk.get(at(running, "delete")).status_code == 403
    assert REST_ON_IT in sentences(
        clerk.post(at(running), form_of(clerk, at(running)) | {"kind": "order"})
    )
    running.complete_from = 31000
    running.full_clean()


def test_scheme_that_no_number_follows_changes():
    yearly = make_numbering_scheme(restarts="yearly")
    numbered("#2013-180")
    clerk = browser("Council clerk")
    given = form_of(clerk, at(yearly)) | {"restarts": "never", "change_reason": "The charter."}

    assert clerk.post(at(yearly), given).status_code == 302
    yearly.refresh_from_db()
    assert yearly.restarts == "never"


def test_number_is_found_without_a_year(client):
    make_numbering_scheme(restarts="never")
    numbered("Resolution 31824").publish()

    for words in ("31824", "No. 31824", "resolution #31824"):
        found = client.get("/api/v1/resolutions/", {"q": words}).json()["results"]
        assert [(one["number"], one["number_year"]) for one in found] == [
            ("Resolution 31824", None)
        ]


# --- rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"kind": "song"}, {"kind": ["Value 'song' is not a valid choice."]}),
        ({"restarts": "weekly"}, {"restarts": ["Value 'weekly' is not a valid choice."]}),
        (
            {"complete_from": 0},
            {"__all__": ["Choose the kind, and when its numbers begin again."]},
        ),
    ],
)
def test_scheme_has_a_kind_and_says_when_it_restarts(wrong, sentences):
    assert_refused(scheme(**wrong), sentences)
    assert_database_refuses(scheme(**wrong), match="resolutions_numbering_scheme_vocabulary")


def test_organization_numbers_one_kind_in_one_way():
    make_numbering_scheme()

    assert_refused(
        scheme(),
        {
            "__all__": [
                "How this organization numbers this kind is already on record. Change that record."
            ]
        },
    )
    assert_database_refuses(
        scheme(), match=r"resolutions_numbering_scheme_once|numberingscheme\.organization_id"
    )
    for fields in ({"kind": "ordinance"}, {"organization": make_organization()}):
        scheme(**fields).full_clean()


# --- what is missing ------------------------------------------------------------------------


def test_nothing_is_missing_without_a_scheme_or_a_complete_series():
    numbered("2018-300")
    assert missing() == []
    made = make_numbering_scheme()
    assert missing() == []
    made.complete_from = 2018
    made.save()
    assert missing() == [("Lansing City Council: Resolution", 2018, "1–299")]


def test_gaps_are_those_of_each_year_from_the_first_complete_one(django_assert_num_queries):
    make_numbering_scheme(complete_from=2018)
    for number in ("2017-9", "2018-1", "2018-3", "R-18-5", "2018-R-6", "2019-1", "5-2019"):
        numbered(number, number_year=2018 if number == "R-18-5" else None)
    numbered("2018-9", kind="ordinance")
    numbered("2018-9", organization=make_organization())
    numbered("Resolutions 7 and 8 of 2018")
    numbered("")

    with django_assert_num_queries(2):
        assert missing() == [
            ("Lansing City Council: Resolution", 2018, "2", "4"),
            ("Lansing City Council: Resolution", 2019, "2–4"),
        ]


def test_gaps_of_numbers_that_never_restart_begin_at_the_first_complete_one():
    make_numbering_scheme(restarts="never", complete_from=31820)
    for number in ("31700", "31821", "Resolution 31824", "R-31826", "2018-1"):
        numbered(number)

    assert missing() == [
        ("Lansing City Council: Resolution", None, "31820", "31822–31823", "31825")
    ]


def test_clerk_is_shown_what_is_missing_from_a_complete_series():
    make_numbering_scheme(complete_from=2018)
    make_numbering_scheme(kind="order", restarts="never", complete_from=5)
    for number in ("2018-1", "2018-3"):
        numbered(number)
    numbered("Order 7", kind="order")

    found = {
        str(one.heading): [task.sentence for task in one.tasks]
        for one in task_lists(date(2026, 11, 24))
    }
    assert found["Numbers that are not on record"] == [
        "Lansing City Council, order: 5–6",
        "Lansing City Council, resolution 2018: 2",
    ]


# --- where it is shown ----------------------------------------------------------------------


def test_page_of_members_shows_how_acts_are_numbered_with_the_source(client):
    make_numbering_scheme(source=make_source(slug="rules", title="Council rules"))
    make_numbering_scheme(kind="ordinance", restarts="never", source=make_source(title="Code"))

    lines = lines_of(client.get("/members/"))
    start = lines.index("How it numbers what it votes on")
    assert lines[start + 1 : start + 4] == [
        "KindBegins again at 1Source",
        "OrdinanceneverCode",
        "Resolutioneach yearCouncil rules",
    ]
    assert "Numbering schemes" in client.get("/sources/rules/").text


def test_api_gives_schemes_of_public_organizations(client):
    source = make_source(slug="rules")
    make_numbering_scheme(slug="resolutions", complete_from=2018, source=source)
    make_numbering_scheme(make_organization(publication="draft"))
    api = "http://testserver/api/v1"

    answer = client.get("/api/v1/numbering-schemes/?organization=lansing-city-council").json()
    [found] = answer["results"]
    assert found == {
        "url": f"{api}/numbering-schemes/resolutions/",
        "slug": "resolutions",
        "organization": f"{api}/organizations/lansing-city-council/",
        "kind": "resolution",
        "restarts": "yearly",
        "zeros_count": False,
        "complete_from": 2018,
        "source": f"{api}/sources/rules/",
        "modified": found["modified"],
    }
    assert client.get("/api/v1/numbering-schemes/").json()["count"] == 1


# --- leading zeros --------------------------------------------------------------------------


@pytest.fixture
def _refusing():
    """The database refuses what does not go together, as it does on the site."""
    refuse_overlaps("default")
    yield
    allow_overlaps("default")


@pytest.mark.dialect
@pytest.mark.usefixtures("_refusing")
@pytest.mark.parametrize("again", ["2018-1", "RESOLUTION #2018-001", "Resolution 2018-0001"])
def test_leading_zeros_distinguish_nothing_unless_they_count(again):
    numbered("2018-01")
    record = Resolution(slug="again", organization=council(), title="R", number=again)

    assert_refused(record, USED_IN_YEAR)
    zeros = numbers.leading_zeros(again)
    record.number_year, record.number_serial, record.number_zeros = 2018, 1, zeros
    assert_database_refuses(record, match=ONE_NUMBER)
    numbered(again, kind="ordinance")


@pytest.mark.dialect
@pytest.mark.usefixtures("_refusing")
def test_leading_zeros_count_where_the_organization_says_so(client):
    counting = make_numbering_scheme(zeros_count=True)
    found = [numbered(number) for number in ("2018-01", "2018-1", "2018-001")]

    assert [one.number_zeros for one in found] == [1, 0, 2]
    again = Resolution(slug="again", organization=council(), title="R", number="#2018-01")
    assert_refused(again, USED_IN_YEAR)
    for one in found:
        one.publish()
    listed = client.get("/api/v1/resolutions/", {"q": "2018-1"}).json()["results"]
    assert {one["number"] for one in listed} == {"2018-01", "2018-1", "2018-001"}

    rests = "Numbers are on record that only their leading zeros distinguish. Correct those first."
    for change in ({"zeros_count": False}, {"kind": "order"}):
        [(name, value)] = change.items()
        setattr(counting, name, value)
        assert_clerk_reads(counting, rests)
        counting.refresh_from_db()
    with pytest.raises(IntegrityError, match=ONE_NUMBER), transaction.atomic():
        NumberingScheme.objects.update(zeros_count=False)
    clerk = browser("Council clerk")
    assert clerk.get(at(counting, "delete")).status_code == 403


def test_numbers_that_leading_zeros_distinguish_leave_no_gap():
    make_numbering_scheme(zeros_count=True, complete_from=2018)
    for number in ("2018-01", "2018-1", "2018-3"):
        numbered(number)

    assert missing() == [("Lansing City Council: Resolution", 2018, "2")]


def test_members_page_says_that_leading_zeros_count(client):
    make_numbering_scheme(zeros_count=True)

    assert any(
        "leading zeros count: 2018-01 is not 2018-1" in line
        for line in lines_of(client.get("/members/"))
    )
    [scheme_read] = client.get("/api/v1/numbering-schemes/").json()["results"]
    assert scheme_read["zeros_count"] is True
