"""Names and codes of countries and their parts, from ISO 3166 as `pycountry` keeps it."""

from functools import cache

import pycountry
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# ISO's own short names are written for sorting; these are the ones people say.
_SAID = {"KR": "South Korea", "RU": "Russia", "TZ": "Tanzania"}


@cache
def country_choices() -> list[tuple[str, str]]:
    """Every country as (ISO 3166-1 alpha-2 code, name), by name."""
    return sorted(((c.alpha_2, country_name(c.alpha_2)) for c in pycountry.countries), key=_name)


def _name(choice: tuple[str, str]) -> str:
    return choice[1]


@cache
def country_name(code: str) -> str:
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    return str(_SAID.get(code) or getattr(country, "common_name", country.name))


@cache
def subdivision_name(code: str) -> str:
    subdivision = pycountry.subdivisions.get(code=code)
    return subdivision.name if subdivision else code


def check_subdivision(code: str, country: str) -> None:
    """Raise `ValidationError` unless the ISO 3166-2 code exists and is in the country."""
    if pycountry.subdivisions.get(code=code) is None:
        raise ValidationError(
            _("“%(code)s” is no ISO 3166-2 code. Write it like JP-25 (Shiga, Japan).")
            % {"code": code}
        )
    if not code.startswith(f"{country}-"):
        raise ValidationError(
            _("%(code)s is not in %(country)s. Change the code or the country.")
            % {"code": code, "country": country_name(country)}
        )
