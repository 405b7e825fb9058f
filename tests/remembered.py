"""Makers that save their records once in a process: later the same rows are put back.

The rows are those that the maker itself saved, with all that follows from them, so a test finds
what it would find anyway, in a tenth of the time. A maker is remembered only where there is
nothing else in the register, because what it makes may follow from that, too.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

from cities.models import Edition, LogEntry
from cities.records import derived

Made = TypeVar("Made")


class _Table(NamedTuple):
    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


_remembered: dict[Any, tuple[list[_Table], Any]] = {}


def remembered(maker: Callable[..., Made]) -> Callable[..., Made]:
    """Remember what a maker makes of these arguments while the same derived rows follow."""

    @wraps(maker)
    def made(*arguments: Any) -> Made:
        if derived._collected.get() is not None or not _is_empty():
            return maker(*arguments)
        key = maker, arguments, *settings.DERIVATIONS_PAUSED
        if key in _remembered:
            tables, found = _remembered[key]
            _put_back(tables)
            return found and type(found)._base_manager.get(pk=found.pk)
        found = maker(*arguments)
        _remembered[key] = _all_rows(), found
        return found

    return made


@cache
def _models() -> list[type[Model]]:
    names = ("cities", "exchanges", "resolutions")
    configs = (apps.get_app_config(name) for name in names)
    found = [one for each in configs for one in each.get_models(include_auto_created=True)]
    found.remove(Edition)  # there from the first
    return found


def _is_empty() -> bool:
    found = (f'EXISTS (SELECT 1 FROM "{model._meta.db_table}")' for model in _models())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(found)}")
        return not cursor.fetchone()[0]


def _all_rows() -> list[_Table]:
    found = []
    with connection.cursor() as cursor:
        for model in _models():
            order = "number" if model is LogEntry else model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{order}"')
            if rows := cursor.fetchall():
                columns = tuple(column[0] for column in cursor.description)
                if model is LogEntry:  # the database gives the numbers, in this order
                    at = columns.index("number")
                    rows = [(*row[:at], None, *row[at + 1 :]) for row in rows]
                found.append(_Table(model._meta.db_table, columns, rows))
    return found


def _put_back(tables: list[_Table]) -> None:
    with connection.cursor() as cursor:
        for name, columns, rows in tables:
            listed = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{name}" ({listed}) VALUES ({places})', rows)
