"""Read records with all that they say and name: a few questions for each kind, not each record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.db.models import IntegerField, Prefetch, Value, prefetch_related_objects

Key = tuple[Any, int]

FEW = 500
"""How many records one query may be about that looks for parts and lists: it names each often."""


def key_of(record: Any) -> Key:
    return type(record), record.pk


class Reading:
    """Records as they were read, each once: what names another of them leads to the same one."""

    def __init__(self) -> None:
        self._known: dict[Key, Any] = {}

    def known(self, record: Any) -> Any:
        """Return a record as it was read first."""
        return self._known.setdefault(key_of(record), record)

    def read(self, records: Iterable[Any]) -> list[Any]:
        """Read the parts and the lists of records, what these name, and what that names.

        Return the records as they were read first.
        """
        rows = [self.known(record) for record in records]
        rows.sort(key=lambda row: row._meta.label)
        by_model = {model: [*of_model] for model, of_model in groupby(rows, type)}
        _read_many(by_model, [(m, name) for m in by_model for name in _relations_to_many(m)])
        beside = [one for row in rows for one in _many(row)]
        for one in beside:
            self.known(one)
        self._read_links(self._read_links([*rows, *beside]))
        return rows

    def _read_links(self, rows: Iterable[Any]) -> list[Any]:
        """Read what rows name, and return it."""
        links = [(row, field) for row in rows for field in links_of(row._meta.model)]
        missing: dict[Any, set[int]] = {}
        for row, field in links:
            pk = getattr(row, field.attname)
            if pk is None:
                field.set_cached_value(row, None)
            elif field.is_cached(row):
                self.known(field.get_cached_value(row))
            elif (field.related_model, pk) not in self._known:
                missing.setdefault(field.related_model, set()).add(pk)
        for model, pks in missing.items():
            for found in model._base_manager.in_bulk(pks).values():
                self.known(found)
        named = {}
        for row, field in links:
            key = (field.related_model, getattr(row, field.attname))
            if key in self._known:
                named[key] = self._known[key]
                field.set_cached_value(row, named[key])
        return [*named.values()]


@cache
def links_of(model: Any) -> tuple[Any, ...]:
    """Return the fields by which a row names one other."""
    return tuple(field for field in model._meta.concrete_fields if field.is_relation)


def with_links(rows: Any) -> Any:
    """Return rows that will be read together with the records that their own fields name."""
    names = [field.name for field in links_of(rows.model)]
    return rows.select_related(*names) if names else rows  # else Django asks for whatever it finds


@cache
def parts_of(model: Any) -> tuple[tuple[Any, str, str], ...]:
    """Return the models of its parts, the relation to each, and the field that leads back."""
    return tuple(
        (relation.related_model, str(relation.get_accessor_name()), relation.field.name)
        for relation in model._meta.related_objects
        if relation.field.name in getattr(relation.related_model, "parents", ())
    )


@cache
def _relations_to_many(model: Any) -> dict[str, str]:
    """Return the relations by which a record has parts, lists, and what is published with it:
    what each is called in a query, by the name of the attribute."""
    wanted = {*(name for __, name, __ in parts_of(model)), *model.with_it}
    back = {str(one.get_accessor_name()): one.name for one in model._meta.related_objects}
    lists = {field.name: field.name for field in model._meta.many_to_many}
    return {name: path for name, path in back.items() if name in wanted} | lists


def read_lists(record: Any) -> None:
    """Read the lists of a record: those that are empty by one query for all."""
    model = type(record)
    _read_many({model: [record]}, [(model, field.name) for field in model._meta.many_to_many])


def _read_many(records: Mapping[Any, Sequence[Any]], relations: Sequence[tuple[Any, str]]) -> None:
    """Read what relations to many lead to, from records that are given by their model."""
    are_few = sum(map(len, records.values())) <= FEW
    there = _leading_somewhere(records, relations) if are_few else {*relations}
    for model, name in relations:
        rows = getattr(records[model][0], name).model._base_manager.all()
        rows = with_links(rows) if (model, name) in there else rows.none()
        prefetch_related_objects(records[model], Prefetch(name, rows))


def _leading_somewhere(
    records: Mapping[Any, Sequence[Any]], relations: Sequence[tuple[Any, str]]
) -> set[tuple[Any, str]]:
    """Return those of the relations that lead from these records to any row, by one query."""
    asked = [
        model._base_manager.filter(pk__in=[row.pk for row in records[model]])
        .filter(**{f"{_relations_to_many(model)[name]}__isnull": False})
        .order_by()
        .values_list(Value(number, IntegerField()))
        for number, (model, name) in enumerate(relations)
    ]
    found = asked[0].union(*asked[1:]).order_by() if asked else ()
    return {relations[number] for (number,) in found}


def _many(row: Any) -> Iterator[Any]:
    """Yield the parts of a record that was read, and what is in its lists."""
    for name in _relations_to_many(row._meta.model):
        yield from getattr(row, name).all()
