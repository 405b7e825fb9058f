"""Language codes (BCP 47) as the register uses them, and the names of languages."""

import re
import unicodedata
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext

_SHAPE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")

_OF_COUNTRY = {
    **dict.fromkeys(("AR", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GT", "HN", "MX"), "es"),
    **dict.fromkeys(("NI", "PA", "PE", "PY", "SV", "UY", "VE"), "es"),
    **dict.fromkeys(("AT", "DE", "LI"), "de"),
    **dict.fromkeys(("BR", "PT"), "pt"),
    "CN": "zh-Hans",
    "TW": "zh-Hant",
    "JP": "ja",
    "KR": "ko",
    "KP": "ko",
    "VN": "vi",
    "TH": "th",
    "ID": "id",
    "MN": "mn",
    "IR": "fa",
    "IL": "he",
    "TR": "tr",
    "GE": "ka",
    "RU": "ru",
    "UA": "uk",
    "PL": "pl",
    "CZ": "cs",
    "SK": "sk",
    "HU": "hu",
    "RO": "ro",
    "BG": "bg",
    "GR": "el",
    "HR": "hr",
    "SI": "sl",
    "RS": "sr",
    "LT": "lt",
    "LV": "lv",
    "EE": "et",
    "DK": "da",
    "SE": "sv",
    "NO": "nb",
    "IS": "is",
    "NL": "nl",
    "FR": "fr",
    "IT": "it",
    "EG": "ar",
    "JO": "ar",
    "LB": "ar",
    "SA": "ar",
    "AM": "hy",
    "AL": "sq",
}
"""The language in which a city of a country writes its own name, where there is one of them."""


def check_language(code: str) -> None:
    """Raise `ValidationError` unless the code looks like ``ja``, ``zh-Hans`` or ``en-US``."""
    if not _SHAPE.fullmatch(code):
        raise ValidationError(
            gettext("“%(code)s” is not a language code. Enter it like en, ja, zh-Hans or en-US.")
            % {"code": code}
        )


def language_name(code: str) -> str:
    """Return the language's name in the language of the page if known, else its code."""
    if known := _known_to_django(code):
        return known["name_translated"]
    part = code.split("-")[0]
    found = pycountry.languages.get(**{"alpha_2" if len(part) == 2 else "alpha_3": part})
    return found.name if found else code


def language_of_country(country: str) -> str:
    """Return the code of the one language of a country; nothing if it has several or none here."""
    return _OF_COUNTRY.get(country, "")


def own_name(code: str) -> str:
    """Return what the language calls itself, 日本語 for ``ja``; nothing if unknown."""
    known = _known_to_django(code)
    return known["name_local"] if known else ""


def sorting_key(name: str) -> tuple[str, str]:
    """Return the key that sorts names: Åland under A and Ōtsu under O, as in English.

    A language with an order of its own (Swedish puts Å last) needs the tables of ICU, which the
    register does not bring.
    """
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.casefold(), name


def with_language(words: str, code: str) -> str:
    """Return words marked as HTML in another language; as they are without a code."""
    if not code:
        return words
    return format_html('<span lang="{}" dir="auto">{}</span>', code, words)


def _known_to_django(code: str) -> dict[str, Any] | None:
    while code:
        try:
            return get_language_info(code.lower())
        except KeyError:
            code = code.rpartition("-")[0]
    return None
