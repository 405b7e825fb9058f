"""The tables of the register's files, as the apps describe them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from cities.records.record_types import registry
from cities.records.register_tables import Table

T = TypeVar("T")


def tables() -> dict[str, Table]:
    """Return every table by its name, in the order in which they are loaded.

    Each comes after the tables of the records that its rows name.
    """
    described = [record_type.table for record_type in registry if record_type.table]
    top = [table for table in described if table.name]
    table_of = {part.model: table for table in top for part in _with_parts(table)}

    def named_by(table: Table) -> Iterator[Table]:
        return (table_of[model] for model in _models_named_by(table) if model in table_of)

    return {table.name: table for table in named_first(top, named_by)}


def named_first(items: Iterable[T], named_by: Callable[[T], Iterable[T]]) -> list[T]:
    """Return the items in an order in which each comes after those that it names.

    Where some name each other in a circle, one of them comes too early.
    """
    ordered: dict[int, T] = {}

    def add(item: T, path: tuple[int, ...]) -> None:
        path = (*path, id(item))
        for other in named_by(item):
            if id(other) not in ordered and id(other) not in path:
                add(other, path)
        ordered[id(item)] = item

    for item in items:
        if id(item) not in ordered:
            add(item, ())
    return list(ordered.values())


def _with_parts(table: Table) -> Iterator[Table]:
    """Yield the table and those of its parts that are loaded with it."""
    yield table
    for part in table.children.values():
        yield from _with_parts(part)


def _models_named_by(table: Table) -> Iterator[Any]:
    for part in _with_parts(table):
        for name in part.fields:
            field = part.model._meta.get_field(name)
            if field.is_relation:
                yield field.related_model
