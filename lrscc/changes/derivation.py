"""The log as something that follows from the records: each transaction writes it at its end."""

from collections.abc import Collection, Iterator
from contextvars import ContextVar

from cities.records.derived import Derivation
from cities.records.log import LoggedRecord
from cities.records.publishing import Publishable
from cities.records.register_tables import Table
from lrscc.changes import naming
from lrscc.changes.representation import (
    SHAPE,
    Represented,
    canonical,
    digest,
    documents,
    represented,
    ways_of,
)
from lrscc.changes.writing import Batch

_AFTER_ALL_OTHERS = 1000
_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


class LogOf(Derivation):
    """The log of one kind of record. Kinds that show others come before them."""

    version = SHAPE

    def __init__(self, kind: Represented) -> None:
        self.kind = kind
        self.name = f"log of {kind.name.replace('_', ' ')}"
        self.model = kind.model
        self.order = _AFTER_ALL_OTHERS + kind.depth
        self.dependencies = _dependencies(kind)

    def begin(self) -> None:
        _batch.set(Batch())

    def derive(self, pks: Collection[int]) -> None:
        batch = _batch.get()
        assert batch is not None
        batch.add(self.kind, pks)

    def end(self) -> None:
        batch = _batch.get()
        if batch is not None:
            _batch.set(None)
            batch.save()

    def differences(self) -> Iterator[str]:
        """Yield a sentence for each record that the public reads otherwise than the log says."""
        rows = LoggedRecord.objects.filter(kind=self.kind.record_type.label)
        told = dict(rows.filter(is_public=True).values_list("object_id", "sha256"))
        now_read = documents(self.kind, self.kind.answering())
        public = self.kind.public(list(now_read))
        for pk in sorted(told.keys() | public):
            document = now_read.get(pk) if pk in public else None
            if told.get(pk) != (digest(canonical(document)) if document else None):
                name = document["ref"] if document else f"number {pk}"
                yield f"{self.name}: {name} is not as the log says."


def logs() -> list[LogOf]:
    """Return the derivations of the log, one for each kind of record that is represented."""
    return [LogOf(kind) for kind in represented().values()]


def _dependencies(kind: Represented) -> dict[str, frozenset[str]]:
    """Return what a record is represented from, what decides who reads it, and its name."""
    found = naming.dependencies(kind.record_type)
    for way in kind.visible_through:
        found[way] = found.get(way, frozenset()) | {"publication"}
    for name in _named(kind.table):
        found[name] = found.get(name, frozenset()) | {"publication"}
    for part in kind.parts:
        path = part.table.model._meta.get_field(part.link).remote_field.name
        found[path] = frozenset()
        for other in {*_named(part.table), *part.table.model.parents} - {part.link}:
            found[f"{path}__{other}"] = frozenset({"publication"})
    return found


def _named(table: Table) -> list[str]:
    """Return the paths to records that are named unless one of them is a draft."""
    fields = [table.model._meta.get_field(name) for name in table.fields]
    return [
        path
        for field in fields
        if field.is_relation and issubclass(field.related_model, Publishable)
        for path in (
            field.name,
            *(f"{field.name}__{way}" for way in ways_of(field.related_model)),
        )
    ]
