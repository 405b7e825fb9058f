"""Names and codes of countries and their parts."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from cities.records.countries import (
    check_subdivision,
    country_choices,
    country_name,
    subdivision_name,
)
from cities.records.languages import sorting_key


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("JP", "Japan"),
        ("KR", "South Korea"),
        ("RU", "Russia"),
        ("TZ", "Tanzania"),
        ("TW", "Taiwan"),
        ("US", "United States"),
        ("PS", "Palestine"),
        ("CD", "DR Congo"),
        ("CG", "Republic of the Congo"),
        ("TR", "Türkiye"),
        ("FM", "Micronesia"),
        ("VA", "Vatican City"),
        ("HK", "Hong Kong"),
        ("XK", "Kosovo"),
        ("XX", "XX"),
        ("001", "001"),  # the world, and Europe, which the CLDR names too
        ("EU", "EU"),
        ("", ""),
    ],
)
def test_country_name_is_the_one_people_say(code, name):
    assert country_name(code) == name


def test_country_choices_are_every_country_by_name():
    choices = country_choices()

    names = [name for _, name in choices]
    assert choices[:3] == [("AF", "Afghanistan"), ("AX", "Åland Islands"), ("AL", "Albania")]
    assert {("KR", "South Korea"), ("XK", "Kosovo")} <= {*choices}
    # None is written for sorting: “Palestine, State of”.
    assert [name for name in names if "," in name] == ["St. Helena, Ascension & Tristan da Cunha"]
    assert names == sorted(names, key=sorting_key)
    assert len(set(names)) == len({code for code, _ in choices}) == len(choices) > 240


def test_names_are_in_the_language_of_the_page_and_sorted_so():
    with override("es"):
        names = [name for _, name in country_choices()]
        assert (country_name("JP"), country_name("US")) == ("Japón", "Estados Unidos")
        assert (country_name("CD"), country_name("XK")) == (
            "República Democrática del Congo",
            "Kosovo",
        )
        assert subdivision_name("US-MI") == "Míchigan"
        assert names[:3] == ["Afganistán", "Albania", "Alemania"]
    with override("tlh"):
        assert country_name("JP") == "Japan"
    assert country_name("JP") == "Japan"


@pytest.mark.parametrize(
    ("code", "name"), [("JP-25", "Shiga"), ("US-MI", "Michigan"), ("XX-1", "XX-1")]
)
def test_subdivision_name_is_its_name_or_else_the_code(code, name):
    assert subdivision_name(code) == name


def test_subdivision_in_its_country_is_accepted():
    check_subdivision("JP-25", "JP")


@pytest.mark.parametrize(
    ("code", "country", "sentence"),
    [
        (
            "JP-99",
            "JP",
            "No state or province has the code “JP-99”. An example is JP-25.",
        ),
        (
            "25",
            "JP",
            "No state or province has the code “25”. An example is JP-25.",
        ),
        ("JP-25", "KR", "JP-25 is not in South Korea. Change the code or the country."),
        ("JP-25", "", "JP-25 is not in . Change the code or the country."),
    ],
)
def test_subdivision_elsewhere_or_unknown_is_refused(code, country, sentence):
    with pytest.raises(ValidationError) as refusal:
        check_subdivision(code, country)

    assert refusal.value.messages == [sentence]
