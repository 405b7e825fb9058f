"""Language codes as the register uses them."""

import pytest
from django.core.exceptions import ValidationError

from cities.languages import check_language, language_name


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
        f"“{code}” is no language code. Write it like en, ja, zh-Hans or en-US."
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("ja", "Japanese"),
        ("ja-Latn", "Japanese"),
        ("zh-Hans", "Simplified Chinese"),
        ("zh-Hans-CN", "zh-Hans-CN"),
        ("haw", "haw"),
        ("", ""),
    ],
)
def test_language_name_is_in_english_where_it_is_known(code, name):
    assert language_name(code) == name
