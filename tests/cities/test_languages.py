"""Language codes as the register uses them."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import conditional_escape
from django.utils.translation import override

from cities.records.languages import (
    check_language,
    language_name,
    language_of_country,
    own_name,
    sorting_key,
    with_language,
)


@pytest.mark.parametrize(
    "code", ["en", "ja", "haw", "ja-Latn", "zh-Hans", "zh-Hans-CN", "en-US", "es-419"]
)
def test_language_code_is_accepted(code):
    check_language(code)


@pytest.mark.parametrize(
    "code", ["", "e", "EN", "english", "ja-latn", "ja_JP", "en-us", "en-", "ja\n", "x-klingon"]
)
def test_what_is_no_language_code_is_refused(code):
    with pytest.raises(ValidationError) as refusal:
        check_language(code)

    assert refusal.value.messages == [
        f"“{code}” is not a language code. Enter it like en, ja, zh-Hans or en-US."
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("ja", "Japanese"),
        ("ja-Latn", "Japanese"),
        ("zh-Hans", "Simplified Chinese"),
        ("zh-Hans-CN", "Simplified Chinese"),
        ("haw", "Hawaiian"),
        ("tw", "Twi"),
        ("qqq", "qqq"),
        ("", ""),
    ],
)
def test_language_name_is_in_english_where_it_is_known(code, name):
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("country", "code"), [("JP", "ja"), ("CN", "zh-Hans"), ("GH", ""), ("CH", ""), ("", "")]
)
def test_language_of_a_country_is_known_where_it_has_one(country, code):
    assert language_of_country(country) == code
    check_language(code or "en")


def test_language_name_is_in_the_language_of_the_page():
    with override("es"):
        assert language_name("ja") == "Japonés"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ja", "日本語"),
        ("zh-Hans", "简体中文"),
        ("ko-KR", "한국어"),
        ("ar", "العربيّة"),
        ("tw", ""),
    ],
)
def test_own_name_is_what_a_language_calls_itself_where_it_is_known(code, name):
    assert own_name(code) == name


def test_names_are_sorted_without_regard_to_marks_and_capitals():
    names = ["Zagreb", "Ōtsu", "oslo", "Åland", "Otsu", "Alba", "大津"]

    assert sorted(names, key=sorting_key) == [
        *("Åland", "Alba", "oslo", "Otsu", "Ōtsu", "Zagreb", "大津")
    ]


def test_words_of_another_language_are_marked_and_never_markup():
    assert with_language("A <b>", "") == "A <b>"
    assert with_language("大<b>", "ja") == '<span lang="ja" dir="auto">大&lt;b&gt;</span>'
    assert conditional_escape(with_language("A <b>", "")) == "A &lt;b&gt;"
