"""A status on any day, as one SQL view of the periods between dated rows.

The rows of one history, in order, each open a period that lasts until the next one. A view
says what holds in each, so that asking for a day is a join. It holds no data and is made
again after every migration, so that it can neither go stale nor stand in the way of a change
to the rows' table. Plain window functions: the same text runs on SQLite and PostgreSQL.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models import Q
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True)
class PeriodView:
    """A view called `name` with the rows of `select`, over the dated rows in `table`."""

    name: str
    table: str
    select: str

    def keep(self, app: AppConfig) -> None:
        """Keep the view in step with the table, from the `ready` of the table's app."""
        pre_migrate.connect(self.drop, sender=app, dispatch_uid=f"drop {self.name}")
        post_migrate.connect(self.make, sender=app, dispatch_uid=f"make {self.name}")

    def drop(self, using: str, **_: Any) -> None:
        """Before migrations: a view would keep the table from changing."""
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP VIEW IF EXISTS {self.name}")

    def make(self, using: str, **_: Any) -> None:
        """After migrations, if they have made the table."""
        connection = connections[using]
        self.drop(using)
        with connection.cursor() as cursor:
            if self.table in connection.introspection.table_names(cursor):
                cursor.execute(f"CREATE VIEW {self.name} AS\n{self.select}")


def turning(owner: str, entries: str, state: str) -> str:
    """Return the last steps of a view, as common table expressions ending in ``turned``.

    `lines` names the rows so far: one for each dated row, with its owner's id (`owner`),
    its place `n` among them, ``on_earliest`` and what holds from then on, by the SQL
    expression `state`. Adds ``until``, the first day of the next period, and ``since``, the
    `n` of the row that brought the state.
    """
    return f"""
stated AS (
    SELECT {entries}.*, {state} AS state FROM {entries}
), compared AS (
    SELECT stated.*,
        LAG(state) OVER in_turn AS state_before,
        LEAD(on_earliest) OVER in_turn AS until
    FROM stated
    WINDOW in_turn AS (PARTITION BY {owner} ORDER BY n)
), turned AS (
    SELECT compared.*,
        MAX(CASE WHEN state_before IS NULL OR state_before <> state THEN n END)
            OVER (PARTITION BY {owner} ORDER BY n) AS since
    FROM compared
)"""


def covering(day: date) -> Q:
    """Return the period of a history that covers a day, over its relation ``periods``."""
    begun = Q(periods__first_day__lte=day)
    return begun & (Q(periods__until__isnull=True) | Q(periods__until__gt=day))
