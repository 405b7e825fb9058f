"""The tables of the yearly awards: categories, kinds that count, bands of population."""

import pytest

from exchanges.models import AwardCategory, AwardKind, PopulationBand
from exchanges.models.programs import ProgramKind
from tests.cities.refusals import assert_clerk_reads, assert_database_refuses, sentences_for_clerk
from tests.factories import make_award_category, make_population_band, make_source

pytestmark = pytest.mark.django_db

NOT_CHOICE = "Value '{}' is not a valid choice.".format
YEARS = "The last year cannot be before the first year."


def category(**fields) -> AwardCategory:
    return AwardCategory(**{"slug": "best", "name": "Best", "rank": 1} | fields)


def band(**fields) -> PopulationBand:
    return PopulationBand(**{"least": 100_001, "most": 300_000} | fields)


WRONG = {
    "a category without a name": (
        category(name=""),
        "exchanges_awardcategory_named",
        {"name": ["This field cannot be blank."]},
    ),
    "a category that honors a cat": (
        category(honors="cat"),
        "exchanges_awardcategory_named",
        {"honors": [NOT_CHOICE("cat")]},
    ),
    "a category that ends before it begins": (
        category(since_year=2020, until_year=2019),
        "exchanges_awardcategory_years_in_order",
        {"__all__": [YEARS]},
    ),
    "a band that ends before it begins": (
        band(since_year=2020, until_year=2019),
        "exchanges_populationband_years_in_order",
        {"__all__": [YEARS]},
    ),
    "a band upside down": (
        band(most=100_000),
        "exchanges_populationband_ends_in_order",
        {"__all__": ["The upper limit cannot be below the lower limit."]},
    ),
}


@pytest.mark.parametrize(("record", "constraint", "sentences"), WRONG.values(), ids=WRONG)
def test_wrong_row_is_refused(record, constraint, sentences):
    assert_clerk_reads(record, sentences)
    assert_database_refuses(record, match=constraint)


def test_category_names_a_kind_once_and_only_kinds_there_are():
    best = make_award_category("best", "sports")
    again, other = (AwardKind(category=best, kind=kind) for kind in ("sports", "cooking"))

    assert_clerk_reads(again, "This kind is already listed.")
    assert_database_refuses(again, match=r"exchanges_awardkind_once|UNIQUE constraint failed")
    assert_clerk_reads(other, {"kind": [NOT_CHOICE("cooking")]})
    assert_database_refuses(other, match="exchanges_awardkind_kind_known")
    assert str(best.kinds.get()) == "Sports"


@pytest.mark.parametrize(
    ("kinds", "honors", "counted"),
    [
        ([], "program", ProgramKind.values),
        (["sports", "medical"], "program", ["medical", "sports"]),
        ([], "person", []),
        (["sports"], "person", []),
    ],
)
def test_kinds_that_count(kinds, honors, counted):
    assert make_award_category("best", *kinds, honors=honors).counted_kinds == counted


def test_table_names_no_draft_source():
    draft = make_source(publication="draft")

    for record in (category(source=draft), band(source=draft)):
        sentence = f"Publish “{draft}” first. It is still a draft."
        assert_clerk_reads(record, {"source": [sentence]})


def test_rows_of_a_year():
    for slug, since, until in [
        ("always", None, None),
        ("old", None, 2018),
        ("new", 2020, None),
        ("then", 2019, 2019),
    ]:
        make_award_category(slug, since_year=since, until_year=until)

    found = {
        year: [row.slug for row in AwardCategory.objects.in_year(year)]
        for year in (2018, 2019, 2020)
    }
    assert found == {
        2018: ["always", "old"],
        2019: ["always", "then"],
        2020: ["always", "new"],
    }


# --- bands ------------------------------------------------------------------------------


def test_band_of_a_number_of_people():
    middle, large = make_population_band(), make_population_band(300_001, None)

    found = {
        people: [*PopulationBand.objects.holding(people)]
        for people in (100_000, 100_001, 300_000, 300_001, 9_000_000)
    }
    assert found == {
        100_000: [],
        100_001: [middle],
        300_000: [middle],
        300_001: [large],
        9_000_000: [large],
    }
    assert (str(middle), str(large)) == (
        "100,001 to 300,000 people",
        "300,001 people or more",
    )


@pytest.mark.parametrize("since", [None, 2019])
def test_band_is_there_once(since):
    make_population_band(since_year=since)
    again = band(since_year=since, most=None)

    overlap, twice = sentences_for_clerk(again)["__all__"]

    assert overlap.startswith(
        "This band overlaps “100,001 to 300,000 people” in at least one year."
    )
    assert twice == "This band is already on record."
    assert_database_refuses(again, match=r"exchanges_populationband_once|UNIQUE constraint failed")


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({"least": 300_000, "most": None}, True),
        ({"least": 50_000, "most": 100_001}, True),
        ({"least": 1, "most": None}, True),
        ({"least": 300_001, "most": None}, False),
        ({"least": 50_001, "most": 100_000}, False),
        ({"least": 1, "most": None, "until_year": 2018}, False),
        ({"least": 1, "most": None, "since_year": 2023}, False),
        ({"least": 1, "most": None, "until_year": 2019}, True),
        ({"least": 1, "most": None, "since_year": 2022}, True),
        ({"least": 1, "most": None, "since_year": 2020, "until_year": 2020}, True),
    ],
)
def test_bands_of_a_year_do_not_overlap(other, overlaps):
    make_population_band(since_year=2019, until_year=2022)
    record = band(**other)

    if overlaps:
        assert_clerk_reads(
            record,
            (
                "This band overlaps “100,001 to 300,000 people” in at least one year."
                " Correct the limits or the years."
            ),
        )
    else:
        record.full_clean()


def test_band_overlaps_one_without_an_upper_end():
    make_population_band(300_001, None)

    assert_clerk_reads(
        band(least=400_000, most=500_000),
        (
            "This band overlaps “300,001 people or more” in at least one year. Correct"
            " the limits or the years."
        ),
    )


def test_band_is_changed_without_overlapping_itself():
    record = make_population_band()
    record.most = 250_000

    record.full_clean()


def test_band_without_a_lower_end_is_told_so():
    assert_clerk_reads(band(least=None), {"least": ["This field cannot be null."]})
