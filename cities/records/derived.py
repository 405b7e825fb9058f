"""Rows that follow from other rows, kept in step with them in the transaction of each change.

A `Derivation` says which rows the derived rows of a record are made from, and makes them.
Signals report every save. `QuerySet.update()` and `bulk_create()` send none: code that uses
them on such rows calls `changed`. The setting `DERIVATIONS_PAUSED` names those that are not
kept in step.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from cities.records.dependencies import (
    Dependency,
    LinkDependency,
    dependencies_of,
    in_batches,
    linked_to,
    links_on,
    owners,
)

ROWS_PER_LOCK = 1000
"""Rows that are locked with one query."""


class Derivation(ABC):
    """Rows that follow from the rows of records.

    `model` is the kind of record that owns the derived rows. `dependencies` are the paths of
    relations from there to the rows that they are made from, each with the fields that matter
    there, columns of relations by their `attname`; empty is all of them. The owner itself is the
    path ``""``; if it is not among them, all of its fields matter. `order` says who is made
    first. `version` is that of the rules: a new number makes all rows again after an upgrade.
    """

    name: str
    version: int = 1
    order: int = 0
    model: type[models.Model]
    dependencies: Mapping[str, frozenset[str]]
    owners_per_batch: int = 200
    """Owners whose rows are made with one set of queries."""

    @property
    def is_paused(self) -> bool:
        return self.name.startswith(tuple(settings.DERIVATIONS_PAUSED))

    def owners(self) -> set[int]:
        """Return the keys of all records that have or should have rows."""
        return set(self.model._base_manager.order_by().values_list("pk", flat=True))

    def begin(self) -> None:  # noqa: B027 - most have nothing to do then
        """Get ready, before any owner: what one transaction changed is made together."""

    @abstractmethod
    def derive(self, pks: Collection[int]) -> None:
        """Make the rows of these owners again, and delete those of owners that are gone.

        The owners are locked, and the number of them is at most `owners_per_batch`.
        """

    def end(self) -> None:  # noqa: B027
        """Write what had to wait for the last owner of every derivation."""

    @abstractmethod
    def differences(self) -> Iterator[str]:
        """Yield a sentence for each row that is not as it would be made now."""


_derivations: dict[str, Derivation] = {}
_dependencies: dict[type[models.Model], list[tuple[Derivation, Dependency]]] = {}
"""By the model of the row that changed."""
_links: dict[type[models.Model], list[tuple[Derivation, LinkDependency]]] = {}
"""By the table of links to many."""


def register(*derivations: Derivation) -> None:
    """Add derivations, before `follow`. Raise `ValueError` for a name that is taken."""
    for derivation in derivations:
        if derivation.name in _derivations:
            raise ValueError(f"“{derivation.name}” is registered already.")
        _derivations[derivation.name] = derivation


def registered() -> list[Derivation]:
    """Return the derivations in the order in which they are made."""
    return sorted(_derivations.values(), key=lambda derivation: derivation.order)


def follow() -> None:
    """Listen to every change of the rows that others are made from."""
    for derivation in registered():
        paths = {"": frozenset[str](), **derivation.dependencies}
        for model, dependency in dependencies_of(derivation.model, paths):
            _dependencies.setdefault(model, []).append((derivation, dependency))
            for through, link in links_on(derivation.model, dependency.path):
                if (derivation, link) not in _links.setdefault(through, []):
                    _links[through].append((derivation, link))
    for model in _dependencies:
        pre_save.connect(_before, sender=model)
        post_save.connect(_saved, sender=model)
        post_delete.connect(_deleted, sender=model)
    for through in _links:
        m2m_changed.connect(_linked, sender=through)


# --- what a change touches --------------------------------------------------------------


def _following(model: Any) -> list[tuple[Derivation, Dependency]]:
    """Return what depends on the rows of a model, without what is paused."""
    return [found for found in _dependencies.get(model, ()) if not found[0].is_paused]


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _before(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    """Keep the stored row, to see which fields change."""
    is_new = raw or instance._state.adding or instance.pk is None
    if is_new or not _following(sender):
        instance.__dict__.pop("_stored_before", None)
    else:
        instance._stored_before = sender._base_manager.filter(pk=instance.pk).first()


def _saved(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    stored = instance.__dict__.pop("_stored_before", None)
    if raw:
        return  # a fixture: its other rows may not be there yet
    if stored is None:
        _appeared_or_gone(sender, instance)
        return
    before, after = _values(stored), _values(instance)
    names = {name for name in after if before[name] != after[name]}
    with _together():
        for derivation, dependency in _following(sender):
            if dependency.is_touched_by(names):
                _note(derivation, *dependency.start(instance))
                _note(derivation, *dependency.start(stored))


def _deleted(sender: Any, instance: Any, **_: Any) -> None:
    _appeared_or_gone(sender, instance)


def _appeared_or_gone(sender: Any, instance: Any) -> None:
    with _together():
        for derivation, dependency in _following(sender):
            if dependency.begins_with_the_row:
                _note(derivation, *dependency.start(instance))


def changed(rows: Iterable[models.Model]) -> None:
    """Follow rows that were made or changed in bulk: no signal reports them.

    Call it before and after, if they become parts of another record.
    """
    with _together():
        for row in rows:
            for derivation, dependency in _following(type(row)):
                _note(derivation, *dependency.start(row))


def _linked(
    sender: Any, instance: Any, action: str, model: Any, pk_set: Any, reverse: bool, **_: Any
) -> None:
    with _together():
        for derivation, link in _links[sender]:
            is_near = isinstance(instance, link.near)
            if action == "pre_clear":
                rows = [instance.pk] if is_near else linked_to(sender, instance, link.near)
                instance.__dict__.setdefault("_cleared", []).append(rows)
            elif action == "post_clear":
                _note(derivation, link.path, *instance._cleared.pop(0))
            elif action in ("post_add", "post_remove"):
                _note(derivation, link.path, *([instance.pk] if is_near and pk_set else pk_set))


# --- collecting and writing -------------------------------------------------------------

_Collected = dict[Derivation, dict[str, set[int]]]
"""The keys of rows that changed, by the path that leads to them."""
_collected: ContextVar[_Collected | None] = ContextVar("collected", default=None)


def _note(derivation: Derivation, path: str, *pks: int | None) -> None:
    collected = _collected.get()
    assert collected is not None
    if not derivation.is_paused:
        collected.setdefault(derivation, {}).setdefault(path, set()).update(filter(None, pks))


@contextmanager
def collecting() -> Iterator[None]:
    """Write what follows from the changes inside once, at the end, in one transaction with them.

    Nothing is written if it fails. Inside another `collecting`, it is a part of that one.
    """
    if _collected.get() is not None:
        yield
        return
    with transaction.atomic(), _together():
        yield


@contextmanager
def _together() -> Iterator[None]:
    """Write what is noted inside at the end, unless something around it collects already."""
    if _collected.get() is not None:
        yield
        return
    collected: _Collected = {}
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    _write(collected)


def _write(collected: _Collected) -> None:
    """Make the rows again that follow from what changed."""
    found: dict[Derivation, set[int]] = {}
    for derivation, starts in collected.items():
        for path, pks in starts.items():
            found.setdefault(derivation, set()).update(owners(derivation.model, path, pks))
    if not any(found.values()):
        return
    with transaction.atomic(savepoint=False):
        lock(found)
        in_order = sorted(found, key=lambda derivation: derivation.order)
        for derivation in in_order:
            derivation.begin()
        for derivation in in_order:
            for some in in_batches(found[derivation], derivation.owners_per_batch):
                derivation.derive(some)
        for derivation in in_order:
            derivation.end()


def lock(found: Mapping[Derivation, Collection[int]]) -> None:
    """Lock the owners in one order, so that two changes of one record do not miss each other's
    part: who comes second reads what the first has committed.

    Whoever adds a part holds a share of its owner, so the lock must be one that allows that.
    """
    if not connection.features.has_select_for_no_key_update:
        return  # SQLite has one writer at a time in any case
    by_model: dict[str, tuple[Any, set[int]]] = {}
    for derivation, pks in found.items():
        model = derivation.model
        by_model.setdefault(model._meta.label, (model, set()))[1].update(pks)
    for __, (model, of_model) in sorted(by_model.items()):
        for some in in_batches(of_model, ROWS_PER_LOCK):
            rows = model._base_manager.filter(pk__in=some).order_by("pk")
            list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
