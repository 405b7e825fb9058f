"""How many people live in a city: counts of several areas and times, each with its source."""

import pytest

from cities.models import City, Population
from tests.admin.browser import form_of
from tests.admin.people import at, browser, release_all
from tests.cities.refusals import (
    assert_clerk_reads,
    assert_database_refuses,
    assert_refused,
    load_record,
)
from tests.factories import make_partnership, make_population, make_source
from tests.reading import lines_of

pytestmark = pytest.mark.django_db

NULL = "This field cannot be null."
NO_NULL = r"NOT NULL|null value"
AT_A_TIME = "A count needs a date with a first and a last possible day, such as 2020."


@pytest.fixture
def city() -> City:
    """The partner Guadalajara."""
    partner = make_partnership("guadalajara").partner
    partner.name, partner.country = "Guadalajara", "MX"
    partner.save()
    return partner


def count_of(city: City, **fields) -> Population:
    """A count as yet unsaved, right but for what the test says."""
    source = make_source(slug="census", title="Census")
    right = {"city": city, "count": 1_385_629, "area": "proper", "on": "2020", "source": source}
    return Population(**right | fields)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        ({"on": "[..2020]"}, "cities_population_at_a_time", AT_A_TIME),
        ({"on": "2020/.."}, "cities_population_at_a_time", AT_A_TIME),
        ({"on": None}, NO_NULL, {"on": [NULL], "__all__": [AT_A_TIME]}),
    ],
)
def test_count_without_what_makes_it_true_is_refused_at_every_door(
    city, wrong, constraint, sentences
):
    record = count_of(city, **wrong)

    assert_refused(record, sentences)
    assert_database_refuses(record, match=constraint)


@pytest.mark.parametrize(
    ("wrong", "constraint", "sentences"),
    [
        (
            {"area": "village"},
            "cities_population_area_known",
            {"area": ["Value 'village' is not a valid choice."]},
        ),
        ({"count": None}, NO_NULL, {"count": [NULL]}),
        ({"source": None}, NO_NULL, {"source": [NULL]}),
        (
            {"count": -1},
            r"cities_population|CHECK",
            {"count": ["Ensure this value is greater than or equal to 0."]},
        ),
    ],
)
def test_count_of_no_area_or_no_people_is_refused(city, wrong, constraint, sentences):
    record = count_of(city, **wrong)

    assert_clerk_reads(record, sentences)
    assert_database_refuses(record, match=constraint)


def test_count_is_listed_once_and_loaded_again_changes_nothing(city):
    record = count_of(city)
    load_record(record)
    again = Population(
        city=city, count=5, area="proper", on="2020", source=Population.objects.get().source
    )

    assert_clerk_reads(again, "This count is already listed.")
    assert_database_refuses(
        again, match=r"cities_population_once|population\.city_id, cities_population\.area"
    )
    again = Population.objects.get()
    again.count = 5
    load_record(again)
    assert [str(count) for count in Population.objects.all()] == ["5"]


def test_page_and_api_list_the_limits_before_wider_areas_and_the_newest_first(client, city):
    source = make_source(slug="census", title="Census")
    make_population(city, 5_268_642, area="metropolitan", scope="", on="2020", source=source)
    make_population(city, 1_495_189, scope="", on="2010", source=source)
    make_population(city, 1_385_629, scope="", on="2020-03-15", source=source)
    make_population(city, 4_500_000, area="urban", scope="conurbation", on="2015~", source=source)

    lines = lines_of(client.get("/cities/guadalajara/"))
    data = client.get("/api/v1/cities/guadalajara/").json()["populations"]

    at_facts = lines.index("Population")
    assert lines[at_facts + 1 : at_facts + 5] == [
        "1,385,629 (within its limits, March 15, 2020) source: Census",
        "1,495,189 (within its limits, 2010) source: Census",
        "4,500,000 (conurbation, about 2015) source: Census",
        "5,268,642 (metropolitan area, 2020) source: Census",
    ]
    assert [(row["count"], row["area"], row["scope"], row["on"]["edtf"]) for row in data] == [
        (1_385_629, "proper", "", "2020-03-15"),
        (1_495_189, "proper", "", "2010"),
        (4_500_000, "urban", "conurbation", "2015~"),
        (5_268_642, "metropolitan", "", "2020"),
    ]
    assert {row["source"] for row in data} == {"http://testserver/api/v1/sources/census/"}


def test_clerk_adds_several_counts_with_dates_as_people_write_them(client, city):
    source = make_source(slug="census")
    staff = browser("Commission staff")
    rows = [
        {"count": "1385629", "area": "proper", "on": "March 15, 2020"},
        {"count": "5268642", "area": "metropolitan", "on": "about 2020"},
    ]
    given = {
        f"populations-{n}-{name}": value
        for n, row in enumerate(rows)
        for name, value in row.items()
    }
    given |= {f"populations-{n}-source": str(source.pk) for n in range(2)}
    given |= {"populations-TOTAL_FORMS": "2", "change_reason": "The census."}

    response = staff.post(at(city), form_of(staff, at(city)) | given)

    assert response.status_code == 302
    release_all()
    assert [
        (each.count, each.area_in_words, str(each.on)) for each in city.populations_in_order
    ] == [
        (1_385_629, "within its limits", "March 15, 2020"),
        (5_268_642, "metropolitan area", "about 2020"),
    ]


def test_gap_is_closed_by_a_count_of_any_area(client, city):
    gap = "Its population, with the year and a source."
    assert gap in lines_of(client.get("/cities/guadalajara/"))

    make_population(city, 5, area="metropolitan")

    assert gap not in lines_of(client.get("/cities/guadalajara/"))


def test_count_of_a_draft_source_is_neither_named_nor_published(client, city):
    draft = make_source(slug="secret", title="Secret", publication="draft")

    assert_clerk_reads(
        count_of(city, source=draft), {"source": ["Publish “Secret” first. It is still a draft."]}
    )
