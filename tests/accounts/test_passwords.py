"""What a password must be, in words that say what to do."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.accounts.people import make_person
from tests.factories import make_register

pytestmark = pytest.mark.django_db


def said(password: str, user: User | None = None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [fault.code for fault in error.error_list]
    return []


REPEATS, SEQUENCE, CONTEXT, COMMON, SHORT = (
    "password_repeats",
    "password_sequence",
    "password_context",
    "password_too_common",
    "password_too_short",
)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("aaaaaaaaaaaaaaa", REPEATS),
        ("abababababababab", REPEATS),
        ("abcabcabcabcabc", REPEATS),
        ("lamplamplamplamp", REPEATS),
        ("123456789012345", SEQUENCE),
        ("987654321098765", SEQUENCE),
        ("abcdefghijklmno", SEQUENCE),
        ("qwertyuiopasdfg", SEQUENCE),
        ("1qaz2wsx3edc4rfv", SEQUENCE),
        ("lansinglansing1", CONTEXT),
        ("sistercities2026", CONTEXT),
        ("SisterCities2026!", CONTEXT),
        ("Lansing-Michigan-1969", CONTEXT),
        ("5i5t3rC1t135Lansing", CONTEXT),
        ("passwordpassword", CONTEXT),
        ("Commission2026!!", CONTEXT),
        ("anaperez.anaperez", CONTEXT),
        ("dragonmonkey2024!!", COMMON),
        ("Princess-Superman", COMMON),
        ("iloveyou, football", COMMON),
        ("x" * 14, SHORT),
        ("green lamps 12", SHORT),
        ("", SHORT),
    ],
)
def test_password_that_others_would_try_is_refused(password, fault):
    make_register()
    ana = User(username="ana.perez", first_name="Ana", last_name="Pérez", email="ana@x.example")

    assert fault in said(password, ana)


@pytest.mark.parametrize(
    "password",
    [
        "seven green lamps by the river",
        "correct horse battery staple",
        "大津市の青い橋と七つの緑のランプ",
        "Lansing has seven purple trams",
        "kT9#vLq2!xWm4$Zp",
        "my aunt sells 12345 umbrellas",
        "x7" + "ö-Ä_ß " * 3 + "quilt monkey harbor",
        "w" + "ibble frog candle mast " * 20,
    ],
)
def test_good_password_needs_no_capitals_digits_or_signs(password):
    make_register()

    assert said(password, User(username="ana")) == []


def test_person_who_is_not_known_yet_has_no_words_to_avoid():
    make_register()

    assert said("ananuneznunezana") == []
    assert said("ananuneznunezana", User(username="ana.nunez")) != []


def test_beside_a_second_factor_eight_characters_are_enough():
    short = "tfgklmwx"

    assert said(short, make_person("ben")) == [SHORT]
    assert said(short, make_person(app=True)) == []
    assert said("tfgklmw", User.objects.get(username="ana")) == [SHORT]


def test_common_password_is_refused_from_the_list_that_django_brings():
    assert said("superstar", make_person(app=True)) == [COMMON]
