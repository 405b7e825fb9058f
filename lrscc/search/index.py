"""Keep the search index in step with the records, in the transaction of each change.

Signals report every save. `QuerySet.update()` and `bulk_create()` send none: code that uses
them on a record calls `changed`. `rebuild` makes the whole index again. The setting
`SEARCH_AUTO_UPDATE` switches this off.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from lrscc.models import SearchDocument
from lrscc.search.documents import indexed

DOCUMENTS_PER_BATCH = 200
"""Documents made with one set of queries."""

_LOCK = 20_260_915
"""The number of our lock in PostgreSQL: one transaction at a time writes the index."""


# --- what a change touches --------------------------------------------------------------


@dataclass(frozen=True)
class Dependency:
    """How the document of a kind depends on rows of a model: `path` leads to them."""

    kind: str
    path: str
    fields: frozenset[str]
    link: str = ""
    """The column by which a row names what it is a part of, one step nearer to the record."""

    def owners(self, row: models.Model) -> set[int]:
        """Return the records whose words are taken from the row."""
        if not self.path:
            return {row.pk}
        path, value = self.path, row.pk
        if self.link:
            path, value = self.path.rpartition("__")[0], getattr(row, self.link)
            if value is None:
                return set()
            if not path:
                return {value}
        return self._leading_to(path, [value])

    def owners_of(self, pks: Iterable[int]) -> set[int]:
        return self._leading_to(self.path, pks) if self.path else set(pks)

    def _leading_to(self, path: str, pks: Iterable[int]) -> set[int]:
        rows = indexed()[self.kind].model._base_manager.filter(**{f"{path}__in": list(pks)})
        return set(rows.order_by().values_list("pk", flat=True).distinct())


_dependencies: dict[type[models.Model], list[Dependency]] = {}
"""By the model of the row that changed."""

_links: dict[type[models.Model], list[tuple[type[models.Model], Dependency]]] = {}
"""By the table of links to many: the nearer model of each, and how records lead to it."""


def _follow_path(kind: str, path: str, fields: frozenset[str]) -> None:
    """Note what the rows at the end of the path, and the links on it, mean for a kind."""
    model: Any = indexed()[kind].model
    steps = path.split("__")
    for number, step in enumerate(steps, start=1):
        near, at = model, model._meta.get_field(step)
        model = at.related_model
        is_last = number == len(steps)
        if at.many_to_many:
            through = at.through if at.auto_created else at.remote_field.through
            dependency = Dependency(kind, "__".join(steps[: number - 1]), frozenset())
            if (near, dependency) not in _links.setdefault(through, []):
                _links[through].append((near, dependency))
        if is_last:
            link = at.field.attname if at.one_to_many else ""
            dependency = Dependency(kind, path, fields, link)
            _dependencies.setdefault(model, []).append(dependency)


def follow() -> None:
    """Listen to every change of the rows that documents are made from."""
    for kind, found in indexed().items():
        _dependencies.setdefault(found.model, []).append(Dependency(kind, "", frozenset()))
        for path, fields in found.dependencies.items():
            _follow_path(kind, path, fields)
    for model in _dependencies:
        pre_save.connect(_before, sender=model)
        post_save.connect(_saved, sender=model)
        post_delete.connect(_deleted, sender=model)
    for through in _links:
        m2m_changed.connect(_linked, sender=through)


def _while_on(receiver: Callable[..., None]) -> Callable[..., None]:
    """Ignore changes while the index does not follow them."""

    @wraps(receiver)
    def hear(**values: Any) -> None:
        if settings.SEARCH_AUTO_UPDATE:
            receiver(**values)

    return hear


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@_while_on
def _before(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    """Keep the stored row, to see which fields change."""
    is_new = raw or instance._state.adding or instance.pk is None
    stored = None if is_new else sender._base_manager.filter(pk=instance.pk).first()
    instance._stored_for_search = stored


@_while_on
def _saved(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    stored = instance.__dict__.pop("_stored_for_search", None)
    if raw:
        return  # a fixture: its other rows may not be there yet
    if stored is None:
        changed([instance])
        return
    before, after = _values(stored), _values(instance)
    names = {name for name in after if before[name] != after[name]}
    if not names:
        return
    for dependency in _dependencies[sender]:
        if dependency.fields and not dependency.fields & names:
            continue
        owners = dependency.owners(instance)
        if dependency.link in names:
            owners |= dependency.owners(stored)
        keep(dependency.kind, owners)


def changed(rows: Iterable[models.Model]) -> None:
    """Index the records that rows made in bulk belong to: no signal reports them."""
    if not settings.SEARCH_AUTO_UPDATE:
        return
    for row in rows:
        for dependency in _dependencies.get(type(row), ()):
            if dependency.link or not dependency.path:
                keep(dependency.kind, dependency.owners(row))


@_while_on
def _deleted(sender: Any, instance: Any, **_: Any) -> None:
    for dependency in _dependencies[sender]:
        if dependency.link or not dependency.path:
            keep(dependency.kind, dependency.owners(instance))


@_while_on
def _linked(
    sender: Any, instance: Any, action: str, model: Any, pk_set: Any, reverse: bool, **_: Any
) -> None:
    for near, dependency in _links[sender]:
        is_near = isinstance(instance, near)
        if action == "pre_clear":
            rows = [instance.pk] if is_near else _linked_to(sender, instance, near)
            instance.__dict__.setdefault("_cleared_for_search", []).append(rows)
        elif action == "post_clear":
            keep(dependency.kind, dependency.owners_of(instance._cleared_for_search.pop(0)))
        elif action in ("post_add", "post_remove") and pk_set:
            keep(dependency.kind, dependency.owners_of([instance.pk] if is_near else pk_set))


def _linked_to(through: Any, instance: models.Model, near: type[models.Model]) -> list[int]:
    """Return the rows of `near` that a table of links joins to the instance."""
    columns = {field.related_model: field for field in through._meta.fields if field.is_relation}
    joined = through.objects.filter(**{columns[type(instance)].name: instance.pk})
    return list(joined.values_list(columns[near].attname, flat=True))


# --- writing ----------------------------------------------------------------------------

_collected: ContextVar[dict[str, set[int]] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[None]:
    """Write the changes inside once, at the end; write nothing if it fails.

    Use it inside the transaction of the changes.
    """
    collected: dict[str, set[int]] = {}
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    for kind, pks in collected.items():
        keep(kind, pks)


def keep(kind: str, pks: Iterable[int]) -> None:
    """Make the documents of these records again, and delete those of records not public."""
    collected = _collected.get()
    if collected is not None:
        collected.setdefault(kind, set()).update(pks)
        return
    for some in _in_batches(sorted(pks)):
        with transaction.atomic():
            _wait_for_turn()
            _write(kind, some)


def _in_batches(pks: list[int]) -> Iterator[list[int]]:
    return (pks[at : at + DOCUMENTS_PER_BATCH] for at in range(0, len(pks), DOCUMENTS_PER_BATCH))


_TURN = {
    "postgresql": f"SELECT pg_advisory_xact_lock({_LOCK})",
    "sqlite": "SELECT 1",  # it has one writer at a time in any case
}


def _wait_for_turn() -> None:
    """Lock the index, so that two changes of one record do not lose each other’s part."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN[connection.vendor])


_WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in ("id", "kind", "object_id")
]


def _write(kind: str, pks: Iterable[int]) -> int:
    """Replace the documents of records. Return how many records are public."""
    found = indexed()[kind]
    records = found.records().filter(pk__in=pks).order_by("pk")
    documents = [found.document(record) for record in records]
    gone = set(pks) - {document.object_id for document in documents}
    if gone:
        SearchDocument.objects.filter(kind=kind, object_id__in=gone).delete()
    SearchDocument.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=_WRITTEN,
    )
    return len(documents)


def rebuild(progress: Callable[[str, int], None]) -> int:
    """Make the whole index again, in one transaction. Return the number of documents.

    `progress` is called with each kind and the number of its documents.
    """
    total = 0
    with transaction.atomic():
        _wait_for_turn()
        SearchDocument.objects.all().delete()
        for kind, found in indexed().items():
            pks = found.model._base_manager.order_by("pk").values_list("pk", flat=True)
            count = sum(_write(kind, some) for some in _in_batches(list(pks)))
            progress(kind, count)
            total += count
    return total
