"""Names and codes of countries and their parts.

The codes are those of ISO 3166, as `pycountry` keeps them; the names of countries are those that
people say, from the CLDR of Unicode: ISO's own are written for sorting.
"""

import gettext
from collections import Counter
from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import get_language, to_locale

from cities.records.languages import sorting_key

_USER_ASSIGNED = ("XK",)
"""Codes in wide use that ISO leaves to its users: Kosovo."""

_SHORTER = {
    "CD": "DR Congo",
    "CG": "Republic of the Congo",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
}
"""English names that people say where the CLDR has a longer one."""


def country_choices() -> list[tuple[str, str]]:
    """Return every country as (ISO 3166-1 alpha-2 code, name in the page's language), by name."""
    return _choices(get_language())


@cache
def _choices(language: str | None) -> list[tuple[str, str]]:
    codes = [*(country.alpha_2 for country in pycountry.countries), *_USER_ASSIGNED]
    named = [(code, country_name(code)) for code in codes]
    return sorted(named, key=lambda choice: sorting_key(choice[1]))


def country_name(code: str) -> str:
    """Return the country's name in the page's language if known, else its code."""
    names = _country_names(to_locale(get_language() or "en"))
    is_country = code in _USER_ASSIGNED or pycountry.countries.get(alpha_2=code) is not None
    return names.get(code, code) if is_country else code


@cache
def _country_names(locale: str) -> dict[str, str]:
    """Return the names of countries in a language; in English where it is not known."""
    try:
        found = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        found = Locale("en")
    shorter = _SHORTER if found.language == "en" else {}
    return {**found.territories, **shorter}


_GONE = {
    "BYAA": "Byelorussian SSR",
    "DDDE": "East Germany",
    "FXFR": "Metropolitan France",
    "RHZW": "Rhodesia",
    "SUHH": "Soviet Union",
    "VDVN": "North Vietnam",
    "YDYE": "South Yemen",
}
"""English names that people say of states that are gone; of others the standard’s will do."""


GONE = tuple(sorted(country.alpha_4 for country in pycountry.historic_countries))
"""The codes of the states that are gone (ISO 3166-3)."""


def former_country_choices() -> list[tuple[str, str]]:
    """Return every state that is gone as (ISO 3166-3 code, name), by name."""
    named = [(code, former_country_name(code)) for code in GONE]
    return sorted(named, key=lambda choice: sorting_key(choice[1]))


def former_country_name(code: str) -> str:
    """Return the name of a state that is gone, by its code of four letters, else the code."""
    country = pycountry.historic_countries.get(alpha_4=code)
    if country is None:
        return code
    locale = to_locale(get_language() or "en")
    name: str = _names(locale, "iso3166-3").gettext(country.name)
    if locale.startswith("en") or name == country.name:
        name = _GONE.get(code, name.split(",")[0])
    return name


def subdivision_name(code: str) -> str:
    subdivision = pycountry.subdivisions.get(code=code)
    return _translated(subdivision.name) if subdivision else code


def subdivision_choices(country: str) -> list[tuple[str, str]]:
    """Return a country's states or provinces as (ISO 3166-2 code, name), by name.

    Two of the same name differ by their codes.
    """
    found = pycountry.subdivisions.get(country_code=country) or []
    names = {subdivision.code: subdivision_name(subdivision.code) for subdivision in found}
    uses = Counter(names.values())
    choices = [
        (code, name if uses[name] == 1 else f"{name} ({code})") for code, name in names.items()
    ]
    return sorted(choices, key=lambda choice: sorting_key(choice[1]))


def _translated(name: str) -> str:
    return _names(to_locale(get_language() or "en")).gettext(name)


@cache
def _names(locale: str, standard: str = "iso3166-2") -> gettext.NullTranslations:
    """Return the names that `pycountry` has in a language; English where it has none."""
    languages = [locale, locale.split("_")[0]]
    return gettext.translation(standard, pycountry.LOCALES_DIR, languages, fallback=True)


def check_subdivision(code: str, country: str) -> None:
    """Raise `ValidationError` unless the ISO 3166-2 code exists and is in the country."""
    if pycountry.subdivisions.get(code=code) is None:
        raise ValidationError(
            translation.gettext(
                "No state or province has the code “%(code)s”. An example is JP-25."
            )
            % {"code": code}
        )
    if not code.startswith(f"{country}-"):
        raise ValidationError(
            translation.gettext("%(code)s is not in %(country)s. Change the code or the country.")
            % {"code": code, "country": country_name(country)}
        )
