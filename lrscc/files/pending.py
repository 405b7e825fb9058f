"""New records that were checked in memory, and wait to be written together.

A rule that asks the database would not find them there, so no rule may ask it: what a rule reads
of a new record is in the record's own relations, which begin empty and are added to.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from itertools import count, groupby
from operator import attrgetter
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.signals import m2m_changed

from cities.records.derived import changed
from cities.records.publishing import Publishable
from lrscc.files.checking import check
from lrscc.files.lookups import is_first_of_its_parent, key_of, new_record
from lrscc.files.reading import Row

KEYS_PER_QUERY = 100
"""Primary keys taken from PostgreSQL together."""


class NotInMemoryError(Exception):
    """The row has to be saved by itself: a rule asks the database, or refuses it."""


class _Relations(dict[str, models.QuerySet]):
    """The rows that belong to a new record, by relation, as if they had been prefetched."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, name: str) -> models.QuerySet:
        self[name] = _as_read(_to_many(self._model)[name], [])
        return self[name]


@cache
def _to_many(model: Any) -> dict[str, Any]:
    """Return the models of a record's relations to many rows."""
    reverse = {
        str(one.get_accessor_name()): one.related_model for one in model._meta.related_objects
    }
    return reverse | {field.name: field.related_model for field in model._meta.many_to_many}


@cache
def _to_one(model: Any) -> list[tuple[Any, str]]:
    """Return a record's links, each with the relation by which the other one knows the record."""
    links: list[Any] = [field for field in model._meta.concrete_fields if field.is_relation]
    named = [(link, link.remote_field.get_accessor_name()) for link in links]
    return [(link, name) for link, name in named if name]


@dataclass
class _Version:
    """A version for the history: the record as it then was, and how many of its links."""

    state: models.Model
    is_first: bool
    links: tuple["_Links", ...]


@dataclass
class _Links:
    """The records that a new record names in a field to many."""

    record: Any
    name: str
    others: list[models.Model]
    rows: list[Any] = field(default_factory=list)


class Pending:
    """Records that were checked and not written yet, with their links and versions.

    `stored` are the stored records of the rows, by slug, with all their parts.
    """

    def __init__(self, stored: dict[str, models.Model]) -> None:
        self._stored = stored
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._records: list[models.Model] = []
        self._links: list[_Links] = []
        self._versions: list[_Version] = []

    def find(self, row: Row, values: dict[str, Any]) -> tuple[models.Model, bool]:
        """Return the record that a row means, and whether it is new."""
        if row.parent is None:
            stored = self._stored.get(values["slug"])
            return (new_record(row), True) if stored is None else (stored, False)
        key = key_of(row, values)
        if row.parent.is_new and is_first_of_its_parent(row, key):
            return new_record(row), True
        if not row.parent.is_new:
            for part in getattr(row.parent.record, row.name).all():
                if all(getattr(part, name) == value for name, value in key.items()):
                    return part, False
        raise NotInMemoryError

    def save(self, record: Any) -> None:
        """Check a new record, and keep it as it is now."""
        is_first = record.pk is None
        if not is_first and not _is_new(record):
            raise NotInMemoryError
        try:
            with connection.execute_wrapper(_refuse):
                check(record)
        except ValidationError as error:
            raise NotInMemoryError from error
        if is_first:
            self._add(record)
        waits = isinstance(record, Publishable) and record.is_draft
        record.as_stored = copy(record) if waits else record
        self._keep_version(record, is_first)

    def _add(self, record: Any) -> None:
        """Give a record its key, and make it known to the records that it names."""
        model: Any = type(record)
        record.pk = next(self._keys.setdefault(model, _new_keys(model)))
        record._state.adding = False
        record._state.db = connection.alias
        record._prefetched_objects_cache = _Relations(model)
        record.links_of_version = ()
        self._records.append(record)
        for link, name in _to_one(model):
            other = link.get_cached_value(record, default=None)
            known = getattr(other, "_prefetched_objects_cache", {})
            if name in known or _is_new(other):
                known[name]._result_cache.append(record)

    def link(self, record: Any, name: str, others: list[models.Model]) -> None:
        """Keep the records that a new record names in a field to many."""
        if not _is_new(record):
            raise NotInMemoryError
        record._prefetched_objects_cache[name] = _as_read(
            record._meta.get_field(name).related_model, others
        )
        links = _Links(record, name, others)
        self._links.append(links)
        record.links_of_version = (*record.links_of_version, links)
        self._keep_version(record, is_first=False)

    def _keep_version(self, record: Any, is_first: bool) -> None:
        self._versions.append(_Version(record.as_stored, is_first, record.links_of_version))

    def before_publishing(self, record: models.Model, parts: Iterable[str]) -> None:
        """Have all parts at hand: they are."""

    # --- going back, and writing ----------------------------------------------------------

    def mark(self) -> tuple[int, int, int]:
        return len(self._records), len(self._links), len(self._versions)

    def undo_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what came after the mark."""
        records, links, versions = mark
        del self._records[records:], self._links[links:], self._versions[versions:]

    def write(self) -> None:
        """Write all of it, and report it to whatever follows changes."""
        for model, records in _by_model(self._records, type):
            model._base_manager.bulk_create(records)
        for links in self._links:
            links.rows = _through_rows(links)
        for model, rows in _by_model((row for one in self._links for row in one.rows), type):
            model._base_manager.bulk_create(rows)
        for model, versions in _by_model(self._versions, lambda version: type(version.state)):
            _write_history(model, versions)
        for links in self._links:
            _report(links)
        changed(self._records)  # saving many at once sends no signal
        self.undo_to((0, 0, 0))
        self._keys.clear()  # the database gives the next ones, to what is saved by itself


def _is_new(record: Any) -> bool:
    """Return whether a record is one that was made here."""
    return isinstance(getattr(record, "_prefetched_objects_cache", None), _Relations)


def _refuse(*_: Any) -> NoReturn:
    raise NotInMemoryError


def _as_read(model: Any, rows: list[Any]) -> models.QuerySet:
    queryset = model._default_manager.all()
    queryset._result_cache = rows
    queryset._prefetch_done = True
    return queryset


def _by_model(rows: Iterable[Any], model_of: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    """Return the rows of each model, in order, the models in the order of their first row."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(model_of(row), []).append(row)
    return [*found.items()]


def _new_keys(model: type[models.Model]) -> Iterator[int]:
    """Yield primary keys that no row has, nor gets from the database meanwhile.

    On SQLite we are its only writer.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    if connection.vendor == "sqlite":
        highest = _read("SELECT MAX(seq) FROM sqlite_sequence WHERE name = %s", table)
        yield from count((highest[0] or 0) + 1)
    while True:
        yield from _read(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            table,
            column,
            KEYS_PER_QUERY,
        )


def _read(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [value for (value,) in cursor.fetchall()]


def _through_rows(links: _Links) -> list[Any]:
    field = links.record._meta.get_field(links.name)
    through = field.remote_field.through
    ours = through._meta.get_field(field.m2m_field_name()).attname
    theirs = through._meta.get_field(field.m2m_reverse_field_name()).attname
    return [through(**{ours: links.record.pk, theirs: other.pk}) for other in links.others]


def _write_history(model: Any, versions: list[_Version]) -> None:
    """Write the versions of records of a model: their first ones before the others."""
    history = model.history  # made again each time that it is read
    for is_first, found in groupby(
        sorted(versions, key=attrgetter("is_first"), reverse=True), attrgetter("is_first")
    ):
        written = list(found)
        rows = history.bulk_history_create(
            [version.state for version in written], update=not is_first
        )
        linked = [
            _version_of_link(row, _model_of_links(history.model, links.name), link)
            for row, version in zip(rows, written, strict=True)
            for links in version.links
            for link in links.rows
        ]
        for of_links, link_rows in _by_model(linked, type):
            of_links._base_manager.bulk_create(link_rows)


@cache
def _model_of_links(versions: Any, name: str) -> Any:
    """Return the model of the history for the links of a field."""
    return getattr(versions, name).model


def _version_of_link(version: Any, model: Any, link: Any) -> Any:
    """Return the row of the history for one link of a version, as simple-history makes it."""
    columns = {one.attname: getattr(link, one.attname) for one in link._meta.concrete_fields}
    return model(history=version, **columns)


def _report(links: _Links) -> None:
    """Send the signal of new links to all but the history, which has them already."""
    record = links.record
    field = record._meta.get_field(links.name)
    record.skip_history_when_saving = True
    m2m_changed.send(
        sender=field.remote_field.through,
        instance=record,
        action="post_add",
        reverse=False,
        model=field.related_model,
        pk_set={other.pk for other in links.others},
        using=connection.alias,
    )
    del record.skip_history_when_saving
