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
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from cities.records.dependencies import (
    Dependency,
    LinkDependency,
    dependencies_of,
    in_batches,
    linked_to,
    links_on,
    model_at,
    owners,
)
from cities.records.locking import Keys, Named, Reading, lock


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
_reading = Reading()


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
        _reading.add(derivation.model, paths)
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
    """Keep the stored row, to see which fields change.

    It is held from here on: what another one commits before this save would be overwritten by it
    and yet not be among the fields that change.
    """
    is_new = raw or instance._state.adding or instance.pk is None
    if is_new or not _following(sender):
        instance.__dict__.pop("_stored_before", None)
    else:
        rows = sender._base_manager.select_for_update(no_key=True)
        instance._stored_before = rows.filter(pk=instance.pk).first()


def _saved(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    stored = instance.__dict__.pop("_stored_before", None)
    if raw:
        return  # a fixture: its other rows may not be there yet
    if stored is None:
        _appeared_or_gone(sender, instance)
        return
    before, after = _values(stored), _values(instance)
    names = {name for name in after if before[name] != after[name]}
    with _together() as collected:
        collected.named.add_columns(instance, names)
        for derivation, dependency in _following(sender):
            if dependency.link in names:
                collected.named.add_moved(instance)
            if dependency.is_touched_by(names):
                collected.note(derivation, *dependency.start(instance))
                collected.note(derivation, *dependency.start(stored))


def _deleted(sender: Any, instance: Any, **_: Any) -> None:
    _appeared_or_gone(sender, instance)


def _appeared_or_gone(sender: Any, instance: Any) -> None:
    with _together() as collected:
        collected.named.add_columns(instance)
        for derivation, dependency in _following(sender):
            if dependency.begins_with_the_row:
                collected.note(derivation, *dependency.start(instance))


def changed(rows: Iterable[models.Model]) -> None:
    """Follow rows that were made or changed in bulk: no signal reports them.

    Call it before and after, if they become parts of another record.
    """
    with _together() as collected:
        for row in rows:
            collected.named.add_columns(row)
            for derivation, dependency in _following(type(row)):
                collected.note(derivation, *dependency.start(row))


def _linked(
    sender: Any, instance: Any, action: str, model: Any, pk_set: Any, reverse: bool, **_: Any
) -> None:
    with _together() as collected:
        for derivation, link in _links[sender]:
            is_near = isinstance(instance, link.near)
            if action == "pre_clear":
                rows = [instance.pk] if is_near else linked_to(sender, instance, link.near)
                instance.__dict__.setdefault("_cleared", []).append(rows)
            elif action == "post_clear":
                collected.note(derivation, link.path, *instance._cleared.pop(0))
            elif action in ("post_add", "post_remove") and pk_set:
                near, far = ([instance.pk], pk_set) if is_near else (pk_set, [instance.pk])
                collected.note(derivation, link.path, *near)
                if action == "post_add":
                    collected.named.add(link.near, link.step, *far)


# --- collecting and writing -------------------------------------------------------------


class _Collected:
    """What changed, by the keys of rows; for each derivation by the path that leads to them."""

    def __init__(self) -> None:
        self.starts: dict[Derivation, dict[str, set[int]]] = {}
        self.named = Named(_reading)

    def note(self, derivation: Derivation, path: str, *pks: int | None) -> None:
        if not derivation.is_paused:
            starts = self.starts.setdefault(derivation, {})
            starts.setdefault(path, set()).update(filter(None, pks))

    def rows(self) -> Keys:
        """Return the rows that changed, and those that parts were added to, by their model."""
        found: Keys = {}
        for derivation, starts in self.starts.items():
            for path, pks in starts.items():
                found.setdefault(model_at(derivation.model, path), set()).update(pks)
        return found

    def owners(self) -> dict[Derivation, set[int]]:
        """Return the owners of the rows that are to be made again."""
        found: dict[Derivation, set[int]] = {}
        for derivation, starts in self.starts.items():
            for path, pks in starts.items():
                found.setdefault(derivation, set()).update(owners(derivation.model, path, pks))
        return {derivation: pks for derivation, pks in found.items() if pks}


_collected: ContextVar[_Collected | None] = ContextVar("collected", default=None)


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
def _together() -> Iterator[_Collected]:
    """Write what is noted inside at the end, unless something around it collects already."""
    around = _collected.get()
    if around is not None:
        yield around
        return
    collected = _Collected()
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)
    if collected.starts:
        with transaction.atomic(savepoint=False):
            _write(collected)


def _write(collected: _Collected) -> None:
    """Make the rows again that follow from what changed.

    The rows that changed are locked before their owners are looked up, and those that are named
    before anything is read: see `cities.records.locking`.
    """
    collected.named.share(collected.rows())
    found = collected.owners()
    lock_owners(found)
    in_order = sorted(found, key=lambda derivation: derivation.order)
    for derivation in in_order:
        derivation.begin()
    for derivation in in_order:
        for some in in_batches(found[derivation], derivation.owners_per_batch):
            derivation.derive(some)
    for derivation in in_order:
        derivation.end()


def lock_owners(found: Mapping[Derivation, Collection[int]]) -> None:
    """Lock owners: of two who change parts of one record, the second waits for the first."""
    of_models: Keys = {}
    for derivation, pks in found.items():
        of_models.setdefault(derivation.model, set()).update(pks)
    lock(of_models)
