"""What a city is called where its name stands alone: with its state or country if others have it.

“St. Petersburg, Russia” and “St. Petersburg, Florida”, but “Otsu”.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from cities.models import City, Register
from cities.models.cities import PlaceKind
from cities.records.countries import country_name, subdivision_name
from cities.records.folding import plain
from cities.records.kept import kept

_Row = tuple[int, str, str, str, str]
"""The key of a city, its name, kind, country and subdivision."""


def name_apart(place: City) -> str:
    """Return the name of a public city that no other one has, where that is possible."""
    return named_apart(place.pk, place.name)


def full_name(place: City) -> str:
    """Return the name of a public city with its country, and its state where others have both."""
    parts = {"city": name_apart(place), "where": place.country_name}
    if place.country_name in _where().get(place.pk, ""):
        return parts["city"]
    return gettext("%(city)s, %(where)s") % parts


def named_apart(pk: int, name: str) -> str:
    """Return the name of the city with a key, with what distinguishes it from its namesakes."""
    where = _where().get(pk)
    return gettext("%(city)s, %(where)s") % {"city": name, "where": where} if where else name


def city_choices(places: Any) -> list[tuple[str, str]]:
    """Return cities with slug and name, as the choices of a select."""
    rows = places.order_by("name", "slug").values_list("pk", "slug", "name")
    return [(slug, named_apart(pk, name)) for pk, slug, name in rows]


@kept
def _where() -> dict[int, str]:
    """Return the state or country to say, by the keys of the public cities that share a name."""
    columns = ("pk", "name", "kind", "country", "subdivision")
    by_name: dict[str, list[_Row]] = defaultdict(list)
    for row in City.objects.public().order_by("pk").values_list(*columns):
        by_name[plain(row[1])].append(row)
    shared = [rows for rows in by_name.values() if len(rows) > 1]
    if not shared:
        return {}
    register = Register.objects.current()
    country = register.home.country if register.is_on_record else ""
    return {pk: where for rows in shared for pk, where in _distinct(rows, country)}


def _distinct(rows: Iterable[_Row], home_country: str) -> Iterable[tuple[int, str]]:
    """Return where each of the cities of one name is: the least that distinguishes them."""
    rows = list(rows)
    said = [_state(row) if row[3] == home_country else country_name(row[3]) for row in rows]
    uses = Counter(said)
    said = [
        where if uses[where] == 1 else _state(row) for row, where in zip(rows, said, strict=True)
    ]
    uses = Counter(said)
    for row, where in zip(rows, said, strict=True):
        if uses[where] > 1:
            kind = str(PlaceKind(row[2]).label).lower()
            where = gettext("%(where)s (%(kind)s)") % {"where": where, "kind": kind}
        yield row[0], where


def _state(row: _Row) -> str:
    """Return the state or province of a city; its country where that is not on record."""
    return subdivision_name(row[4]) if row[4] else country_name(row[3])
