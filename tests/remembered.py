"""Makers that save their records once in a process: later the same rows are put back.

The rows are those that the maker itself saved, with all that follows from them, so a test finds
what it would find anyway, in a tenth of the time. A maker is remembered only where there is
nothing else in the register, because what it makes may follow from that, too; and not together
with the index of the search, which is more than rows.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import cache, wraps
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

from cities.models import Edition
from cities.records import derived
from tests.database import Rows, put_back, rows_of

Made = TypeVar("Made")


_remembered: dict[Any, tuple[list[Rows], Any]] = {}


def remembered(maker: Callable[..., Made]) -> Callable[..., Made]:
    """Remember what a maker makes of the same plain arguments while the same rows follow."""

    @wraps(maker)
    def made(*arguments: Any, **named: Any) -> Made:
        paused = settings.DERIVATIONS_PAUSED
        plain = all(isinstance(one, str | int | None) for one in (*arguments, *named.values()))
        together = "search" not in paused or derived._collected.get() is not None
        if not plain or together or not _is_empty():
            return maker(*arguments, **named)
        key = maker, arguments, *sorted(named.items()), *paused
        if key in _remembered:
            kept, found = _remembered[key]
            put_back(kept)
        else:
            found = maker(*arguments, **named)
            _remembered[key] = rows_of(_models()), found
        return deepcopy(found)

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
