"""Locks that let nobody miss what another one writes, before rows are derived from other rows.

Who changes a row looks up the records that are made from it; who makes a record name a row reads
it. Neither sees what the other has not committed. So whoever names rows holds a share of them and
of those that are read with them, whoever changes them holds them, and who comes second reads what
the first has committed. All are locked in one order, by model and key. SQLite has one writer at a
time in any case.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from cities.records.dependencies import in_batches, model_at

ROWS_PER_LOCK = 1000
"""Rows that are locked with one query."""

Reads = dict[str, "Reads"]
"""The relations that are followed from a row, each with those that follow it."""

Keys = dict[Any, set[int]]
"""The keys of rows, by their model."""


class Reading:
    """What is read of the rows of each model for any record that is made from them."""

    def __init__(self) -> None:
        self._of: dict[Any, Reads] = {}

    def add(self, model: Any, paths: Iterable[str]) -> None:
        """Add the paths of relations by which a record of the model is made."""
        for path in paths:
            steps = path.split("__") if path else []
            for number in range(len(steps)):
                at = model_at(model, "__".join(steps[:number]))
                _merge(self._of.setdefault(at, {}), steps[number:])

    def of(self, model: Any) -> Reads:
        return self._of.get(model, {})


def _merge(reads: Reads, steps: list[str]) -> None:
    for step in steps:
        reads = reads.setdefault(step, {})


class Named:
    """Rows that others name since this transaction: they are to be read with what names them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._found: dict[tuple[Any, str], set[int]] = {}
        self._moved: Keys = {}

    def add_columns(self, row: Any, names: Collection[str] | None = None) -> None:
        """Note what a row names, in these columns or in all."""
        reads = self._reading.of(type(row))
        for field in row._meta.concrete_fields if reads else ():
            if field.name in reads and (names is None or field.attname in names):
                self.add(type(row), field.name, getattr(row, field.attname))

    def add(self, model: Any, step: str, *keys: int | None) -> None:
        """Note the rows to which a relation of a row leads now."""
        if step in self._reading.of(model) and any(keys):
            self._found.setdefault((model, step), set()).update(filter(None, keys))

    def add_moved(self, row: Any) -> None:
        """Note a row that is a part of another record now: all that it names is read for that."""
        self._moved.setdefault(type(row), set()).add(row.pk)

    def share(self, held: Keys) -> None:
        """Hold the rows, and what is read with them; `held` are to be held alone, and first."""
        level: dict[Any, tuple[Reads, set[int]]] = {}
        for (model, step), keys in self._found.items():
            _add(level, model_at(model, step), self._reading.of(model)[step], keys)
        for model, keys in self._moved.items():
            _add(level, model, self._reading.of(model), keys)
        while level or held:
            lock(held, {model: keys for model, (__, keys) in level.items()})
            level, held = _next(level), {}


def _add(level: dict[Any, tuple[Reads, set[int]]], model: Any, reads: Reads, keys: Any) -> None:
    known, all_keys = level.setdefault(model, ({}, set()))
    all_keys.update(keys)
    _add_reads(known, reads)


def _add_reads(known: Reads, reads: Reads) -> None:
    for step, following in reads.items():
        _add_reads(known.setdefault(step, {}), following)


def _next(level: dict[Any, tuple[Reads, set[int]]]) -> dict[Any, tuple[Reads, set[int]]]:
    """Return the rows to which the relations lead, and what is read with those.

    Parts need no lock of their own: who changes one holds what it is a part of.
    """
    following: dict[Any, tuple[Reads, set[int]]] = {}
    for model, (reads, keys) in level.items():
        for step, reads_there in reads.items():
            if model._meta.get_field(step).one_to_many and not reads_there:
                continue
            found: set[int] = set()
            for some in in_batches(keys, ROWS_PER_LOCK):
                rows = model._base_manager.filter(pk__in=some).order_by()
                found.update(filter(None, rows.values_list(f"{step}__pk", flat=True)))
            if found:
                _add(following, model_at(model, step), reads_there, found)
    return following


def lock(held: Mapping[Any, Collection[int]], shared: Mapping[Any, Collection[int]] = {}) -> None:
    """Lock rows in the one order: to hold them alone, or a share of them.

    Whoever adds a part holds a share of its owner, so a row that is held must still allow that.
    If some rows of a model are held, all of that model are: two who take them in two turns could
    wait for each other.
    """
    if not connection.features.has_select_for_no_key_update:
        return
    by_name = {model._meta.label: model for model in {*held, *shared}}
    for __, model in sorted(by_name.items()):
        how = "NO KEY UPDATE" if held.get(model) else "SHARE"
        for some in in_batches({*held.get(model, ()), *shared.get(model, ())}, ROWS_PER_LOCK):
            _lock(model, some, how)


def _lock(model: Any, keys: list[int], how: str) -> None:
    table, key = map(connection.ops.quote_name, (model._meta.db_table, model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {table} WHERE {key} = ANY(%s) ORDER BY {key} FOR {how}", [keys]
        )
