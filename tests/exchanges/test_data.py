"""The register’s own programs and exchanges: what is known of them, and nothing more."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils.timezone import localdate

from cities.models import City
from exchanges.gaps import missing_in, with_report
from exchanges.models import AwardCategory, Exchange, Funding, PopulationBand, Program
from exchanges.models.reports import COUNTS
from lrscc.files.loading import load
from lrscc.files.writing import dump

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "lrscc" / "data" / "register"
TABLES = ("programs", "exchanges", "award_categories", "population_bands")


@pytest.fixture(scope="module", autouse=True)
def loaded(module_db):
    """Every test here reads the register as it is loaded."""
    return load([FOLDER], lambda table, number, total: None)


def test_files_are_written_back_byte_for_byte(tmp_path):
    written = dict(dump(tmp_path))

    for table in TABLES:
        name = f"{table}.toml"
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
    assert [written[f"{table}.toml"] for table in TABLES] == [8, 2, 7, 1]


def test_programs_are_these():
    found = {
        program.slug: (
            [relationship.slug for relationship in program.public_relationships],
            program.kind,
            program.audience,
            str(program.since or ""),
            str(program.until or ""),
        )
        for program in Program.objects.public().for_page()
    }

    assert found == {
        "asan-youth-camp": (["lansing-asan"], "youth_education", "young_people", "", ""),
        "ghana-health-projects": (["lansing-akuapim-south"], "medical", "", "", ""),
        "ghana-school-projects": (["lansing-akuapim-south"], "humanitarian", "", "", ""),
        "michigan-boat-trainee": (
            ["lansing-otsu"],
            "youth_education",
            "college_students",
            "1982",
            "",
        ),
        "otsu-junior-high-visits": (
            ["lansing-otsu"],
            "youth_education",
            "school_students",
            "",
            "",
        ),
        "piedmont-delegations": (["lansing-pianezza"], "business_trade", "", "", ""),
        "russian-delegations": (["lansing-st-petersburg"], "", "", "", ""),
        "russian-language-youth-exchange": (
            ["lansing-st-petersburg"],
            "youth_education",
            "school_students",
            "",
            "",
        ),
    }


def test_every_program_and_exchange_has_a_source_and_words():
    for record in [*Program.objects.for_page(), *Exchange.objects.for_page()]:
        assert record.public_sources, record
        record.full_clean()
    assert not Program.objects.filter(summary="").exists()


def test_nobody_is_said_to_take_applications():
    """How to apply today is not found for any of them."""
    assert not any(program.says_how_to_apply for program in Program.objects.all())
    assert not Program.objects.exclude(contact_office="", contact_email="").exists()


def test_exchanges_are_these():
    found = {
        exchange.slug: (
            exchange.program.slug,
            exchange.state,
            exchange.begins.edtf,
            exchange.ends,
            exchange.direction,
            exchange.where and exchange.where.slug,
        )
        for exchange in Exchange.objects.public()
    }

    assert found == {
        "piedmont-delegation-2025": (
            "piedmont-delegations",
            "held",
            "2025-10",
            None,
            "out",
            "pianezza",
        ),
        "russian-language-youth-exchange-1994": (
            "russian-language-youth-exchange",
            "held",
            "1994",
            None,
            "",
            None,
        ),
    }


def test_nothing_is_counted_that_nobody_counted():
    for exchange in Exchange.objects.all():
        assert {name: getattr(exchange, name) for name in COUNTS} == dict.fromkeys(COUNTS)
        assert (exchange.story, exchange.cost, exchange.counts_source) == ("", None, None)


def test_kellogg_paid_and_how_much_is_not_found():
    funding = Funding.objects.get()

    assert funding.exchange.slug == "russian-language-youth-exchange-1994"
    assert str(funding) == "Kellogg Foundation: money, amount unknown"
    assert (funding.year, funding.source.slug) == (None, "lansing-mayor-statement-2013")
    exchange = with_report(Exchange.objects.all()).get(pk=funding.exchange_id)
    assert "Kellogg Foundation: how much money was given." in missing_in(exchange, localdate())


def test_trainees_are_of_the_college():
    role = Program.objects.get(slug="michigan-boat-trainee").roles.get()

    assert str(role) == "Lansing Community College: Partner"
    assert role.organization.classification == "school"


def test_award_categories_are_those_of_2022():
    found = [
        (category.name, category.counted_kinds, category.source.slug)
        for category in AwardCategory.objects.in_year(2022)
    ]

    source = "sci-2022-annual-awards"
    [best, *others] = found
    assert (best[0], len(best[1]), best[2]) == ("Best Overall", 8, source)
    assert others == [
        ("Innovation in Arts & Culture", ["arts_culture"], source),
        ("Innovation in Business, Trade, and Professional Exchange", ["business_trade"], source),
        ("Innovation in Humanitarian Assistance", ["humanitarian"], source),
        ("Innovation in Youth and Education", ["youth_education"], source),
        ("Volunteer of the Year", [], source),
        ("Youth Leadership", [], source),
    ]


def test_lansing_is_in_its_band():
    lansing = City.objects.get(slug="lansing")

    bands = PopulationBand.objects.in_year(2025).holding(lansing.populations_in_order[0].count)

    assert [str(band) for band in bands] == ["100,001 to 300,000 people"]
