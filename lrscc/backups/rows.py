"""The rows of a table as lines of text that are the same on every database, and back."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection
from django.db.models import (
    CharField,
    Expression,
    ExpressionWrapper,
    F,
    Field,
    FileField,
    Max,
    Model,
    QuerySet,
)
from django.db.models.functions import Collate

LEFT_OUT = {"django_migrations", "django_session", "lrscc_sentform", "lrscc_tries"}
"""Tables whose rows are of one installation and one day."""

VALUES_PER_STATEMENT = 30_000
"""SQLite takes no more than 32,766 in one."""

ROWS_PER_STATEMENT = 500


class Column(NamedTuple):
    """A column, and the field of Django's own that reads and writes it.

    What our own fields add is left out: it reads the values of today.
    """

    name: str
    attname: str
    field: Field
    is_ours: bool
    names_file: bool

    @property
    def value(self) -> str | Expression:
        """What to ask the database for."""
        if not self.is_ours:
            return self.attname
        return ExpressionWrapper(F(self.attname), output_field=self.field)

    def prepared(self, value: Any) -> Any:
        """Return a value of a line as the database takes it."""
        return self.field.get_db_prep_save(self.field.to_python(value), connection)


class Table:
    """A table of the database, as the models of one version of the site know it."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.name = str(model._meta.db_table)
        self.columns = [_column(field) for field in model._meta.concrete_fields]

    def arrange(self, names: list[str]) -> None:
        """Take the order of columns in which a backup has them: the records know another."""
        self.columns.sort(key=lambda column: names.index(column.name))

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    def lines(self) -> Iterator[str]:
        """Yield every row in the order of its key: JSON, always written in the same way."""
        values = [column.value for column in self.columns]
        rows: Any = QuerySet(self.model).order_by(self._order()).values_list(*values)
        for row in rows.iterator(chunk_size=1000):
            yield as_line([_plain(value) for value in row])

    def _order(self) -> Any:
        """Return the key as both databases sort it."""
        key = self.model._meta.pk
        assert key is not None
        if connection.vendor == "postgresql" and isinstance(_column(key).field, CharField):
            return Collate(F(key.attname), "C")
        return key.attname

    def insert(self, lines: Iterable[str]) -> None:
        """Add rows as they are, without what our models would make of them."""
        rows = iter(lines)
        size = min(ROWS_PER_STATEMENT, VALUES_PER_STATEMENT // len(self.columns))
        names = ", ".join(map(connection.ops.quote_name, self.column_names))
        places = f"({', '.join(['%s'] * len(self.columns))})"
        into = f"INSERT INTO {connection.ops.quote_name(self.name)} ({names}) VALUES "
        with connection.cursor() as cursor:
            while some := [json.loads(line) for line in islice(rows, size)]:
                values = [
                    column.prepared(value)
                    for row in some
                    for column, value in zip(self.columns, row, strict=True)
                ]
                cursor.execute(into + ", ".join([places] * len(some)), values)

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(self.name)}")

    def has_rows(self) -> bool:
        return QuerySet(self.model).exists()

    def highest_key(self) -> int:
        """Return the highest number that was ever given as a key: no other row may get it."""
        counted = self.model._meta.auto_field
        if counted is None:
            return 0
        newest = QuerySet(self.model).aggregate(newest=Max(counted.attname))["newest"] or 0
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.name])
                row = cursor.fetchone()
            else:
                cursor.execute(
                    "SELECT CASE WHEN is_called THEN last_value ELSE 0 END"
                    f" FROM {self._sequence(cursor)}"
                )
                row = cursor.fetchone()
        return max(newest, row[0] if row else 0)

    def continue_after(self, highest: int) -> None:
        """Give no number as a key that was given before."""
        if not highest:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [self.name])
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [self.name, highest])
            else:
                cursor.execute("SELECT setval(%s, %s)", [self._sequence(cursor), highest])

    def _sequence(self, cursor: Any) -> str:
        """Return the name of what counts the keys on PostgreSQL."""
        counted: Any = self.model._meta.auto_field
        table = connection.ops.quote_name(self.name)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, counted.column])
        return cursor.fetchone()[0]


def tables(apps: Apps) -> list[Table]:
    """Return the tables of a version of the site, by their names."""
    found = [
        Table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]
    return sorted(found, key=lambda table: table.name)


def as_line(values: list[Any]) -> str:
    """Return values in JSON without line breaks, the same for the same values."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _column(field: Any) -> Column:
    kept: Any = field
    while kept.is_relation:
        kept = kept.target_field
    is_ours = not type(kept).__module__.startswith("django.")
    if is_ours:
        bases = (base for base in type(kept).__mro__ if base.__module__.startswith("django."))
        kept = next(bases)()
    return Column(field.column, field.attname, kept, is_ours, isinstance(field, FileField))


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value
