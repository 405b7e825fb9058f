"""Find states and provinces by the names that people give them.

The standard has the names of the countries themselves; English ones of their own are in
``subdivisions.toml``, and `pycountry` has those of many other languages.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path

import pycountry

from cities.records.countries import subdivision_choices
from cities.records.folding import plain

NAMES_OFFERED = 5
"""Names in “Did you mean …?”; more would be no help."""

LEAST_BEGINNING = 3
"""Letters from which on a name is found by its beginning."""

COUNTRIES_KEPT = 16
"""Countries whose names in all languages are kept; those of one take a fraction of a second."""

_PARTS = re.compile(r"\s*[\[\]()/]\s*")
"""What parts the names of one state: “Catalunya [Cataluña]”."""

Spellings = Mapping[str, list[str]]
"""The codes of states by name, without accents, case and signs."""


def codes_of(text: str, country: str) -> list[str]:
    """Return the codes of a country's states or provinces that are called so.

    The country's own name goes before the English one, and that before all others: “Lombardia”,
    “Lombardy”, “Lombardei”.
    """
    wanted = plain(text)
    for spellings in (_own, _english, _in_all_languages):
        if found := spellings(country).get(wanted):
            return found
    return []


def codes_alike(text: str, country: str) -> list[str]:
    """Return the codes of states or provinces whose names begin so, or are spelled alike."""
    wanted = plain(text)
    known = {name: _own(country).get(name, []) for name in (*_own(country), *_english(country))}
    for name, codes in _english(country).items():
        known[name] = [*known[name], *codes]
    begun = [name for name in known if name.startswith(wanted)]
    if len(wanted) < LEAST_BEGINNING or not begun:
        begun = get_close_matches(wanted, known)
    return list(dict.fromkeys(code for name in begun for code in known[name]))[:NAMES_OFFERED]


@cache
def _english_names() -> dict[str, str]:
    """Return the names that English has of its own, by code."""
    return tomllib.loads(Path(__file__).with_name("subdivisions.toml").read_text("utf-8"))


def english_name(code: str) -> str:
    """Return the name that English has of its own for a state or province; else nothing."""
    return _english_names().get(code, "")


def _names_of_standard(country: str) -> list[tuple[str, str]]:
    found = pycountry.subdivisions.get(country_code=country) or []
    return sorted((subdivision.code, subdivision.name) for subdivision in found)


def _own(country: str) -> Spellings:
    """Return the states by code, and by their names in the standard and in the page’s language."""
    named = _names_of_standard(country)
    codes = [(code, code) for code, __ in named]
    return _spelled([*codes, *named, *subdivision_choices(country)])


def _english(country: str) -> Spellings:
    return _spelled((code, english_name(code)) for code, __ in _names_of_standard(country))


@lru_cache(maxsize=COUNTRIES_KEPT)
def _in_all_languages(country: str) -> Spellings:
    """Return the states by their names in every language that `pycountry` knows.

    The catalogs are not kept: they are large, and few people ask.
    """
    named = _names_of_standard(country)
    found = []
    for path in sorted(Path(pycountry.LOCALES_DIR).glob("*/LC_MESSAGES/iso3166-2.mo")):
        with path.open("rb") as file:
            catalog = GNUTranslations(file)
        found += [(code, catalog.gettext(name)) for code, name in named]
    return _spelled(found)


def _spelled(named: Iterable[tuple[str, str]]) -> Spellings:
    """Return the codes by each spelling of their names: the whole, and each of its parts."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in named:
        for spelling in filter(None, map(plain, [name, *_PARTS.split(name)])):
            if code not in found[spelling]:
                found[spelling].append(code)
    return {name: sorted(codes) for name, codes in found.items()}
