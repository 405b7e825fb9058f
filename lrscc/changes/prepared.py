"""A long query whose SQL is compiled once in each process.

Django compiles the SQL of a query each time it runs. For a union of forty queries that takes
many times as long as the database takes to answer.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

PLACE = -(2**62)
"""Stands in the text for the key that is asked for; no record has it.

It is within what a `BigAutoField` can hold: else Django leaves that part of the query out.
"""


class Prepared:
    """A query of rows in which only one key differs from one run to the next.

    `make_queryset` makes the queryset, of `values_list`, for a key.
    """

    def __init__(self, make_queryset: Callable[[int], Any]) -> None:
        queryset = make_queryset(PLACE)
        self.rows, self.converters = self._compiled(queryset)
        self.unordered, __ = self._compiled(queryset.order_by())
        self.has_place = PLACE in self.rows[1]

    def _compiled(self, queryset: Any) -> tuple[tuple[str, tuple], dict]:
        compiler = queryset.query.get_compiler(connection=connection)
        text = compiler.as_sql()
        return text, compiler.get_converters([column for column, *__ in compiler.select])

    def of(self, key: int | None = None) -> "Rows":
        """Return the rows for a key, which is left out if the query has no place for one.

        Raise `ValueError` where one of them has no place in the other.
        """
        if self.has_place != (key is not None):
            raise ValueError("A key needs its place in the query, and the place a key.")
        return Rows(self, key)


class Rows:
    """The result of a prepared query for one key, to count, slice or iterate."""

    def __init__(self, prepared: Prepared, key: int | None) -> None:
        self.prepared, self.key = prepared, key

    def count(self) -> int:
        """Return the number of rows, with one query."""
        sql, params = self.prepared.unordered
        return self._execute(f"SELECT COUNT(*) FROM ({sql}) AS counted", params)[0][0]

    def __iter__(self) -> Iterator[list]:
        return self._read("", ())

    def __getitem__(self, part: slice) -> list[list]:
        """Return a slice with an end, cut by the database."""
        start, stop = part.start or 0, part.stop
        return list(self._read(" LIMIT %s OFFSET %s", (stop - start, start)))

    def _read(self, cut: str, numbers: tuple) -> Iterator[list]:
        sql, params = self.prepared.rows
        for found in self._execute(sql + cut, (*params, *numbers)):
            row = list(found)
            for column, (converters, expression) in self.prepared.converters.items():
                for convert in converters:
                    row[column] = convert(row[column], expression, connection)
            yield row

    def _execute(self, sql: str, params: tuple) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.key if param == PLACE else param for param in params])
            return cursor.fetchall()
