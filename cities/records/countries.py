"""Names and codes of countries and their parts, from ISO 3166 as `pycountry` keeps it."""

import gettext
from collections import Counter
from functools import cache

import pycountry
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import get_language, pgettext_lazy, to_locale

from cities.records.languages import sorting_key

# ISO's own short names are written for sorting; these are the ones people use.
_COMMON = {
    "KR": pgettext_lazy("country", "South Korea"),
    "RU": pgettext_lazy("country", "Russia"),
    "TZ": pgettext_lazy("country", "Tanzania"),
}


def country_choices() -> list[tuple[str, str]]:
    """Return every country as (ISO 3166-1 alpha-2 code, name in the page's language), by name."""
    return _choices(get_language())


@cache
def _choices(language: str | None) -> list[tuple[str, str]]:
    named = [(country.alpha_2, country_name(country.alpha_2)) for country in pycountry.countries]
    return sorted(named, key=lambda choice: sorting_key(choice[1]))


def country_name(code: str) -> str:
    """Return the country's name in the page's language if known, else its code."""
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    if code in _COMMON:
        return str(_COMMON[code])
    return _translated(getattr(country, "common_name", country.name), "iso3166-1")


def subdivision_name(code: str) -> str:
    subdivision = pycountry.subdivisions.get(code=code)
    return _translated(subdivision.name, "iso3166-2") if subdivision else code


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


def _translated(name: str, domain: str) -> str:
    return _names(domain, to_locale(get_language() or "en")).gettext(name)


@cache
def _names(domain: str, locale: str) -> gettext.NullTranslations:
    """Return the names that `pycountry` has in a language; English where it has none."""
    languages = [locale, locale.split("_")[0]]
    return gettext.translation(domain, pycountry.LOCALES_DIR, languages, fallback=True)


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
