"""Which drafts belong together: what one needs to be published, and what is read with it."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Q

from cities.records.base import in_order_of_keys
from cities.records.publishing import Publication, Publishable
from cities.records.record_types import registry
from cities.records.whole import Key, Reading, key_of, links_of, with_links


def with_what_they_need(records: Iterable[Publishable]) -> list[Publishable]:
    """Return drafts with all other drafts that they need, each after those that it needs.

    They are read whole (`cities.records.whole`), with those that they name.
    """
    order = _Order()
    level = list(records)
    order.read(level)
    for record in level:
        order.add(record)
    return order.found


class _Order:
    """Drafts in the order in which they can be published."""

    def __init__(self) -> None:
        self.found: list[Publishable] = []
        self._seen: set[Key] = set()
        self._reading = Reading()

    def read(self, records: Iterable[Publishable]) -> None:
        """Read drafts whole, then those that they name, and so on."""
        known: set[Key] = set()
        level = [*records]
        while level:
            level = self._reading.read(level)
            known |= {key_of(one) for one in level}
            named = {key_of(one): one for record in level for one in self._beside(record)}
            level = [one for key, one in named.items() if key not in known]

    def _beside(self, record: Publishable) -> Iterator[Publishable]:
        yield from record.published_with_it()
        yield from self._named(record, [*record.own_parts()])

    def add(self, record: Publishable) -> None:
        """Add a draft, after those that it needs and before those that are published with it."""
        if key_of(record) in self._seen:
            return
        record = self._reading.known(record)
        self._seen.add(key_of(record))
        with_it = list(record.published_with_it())
        own = {key_of(one) for one in (record, *with_it)}
        while needed := self._unseen([record, *with_it], own):
            for one in needed:
                self.add(one)
        self.found.append(record)
        for one in with_it:
            self.add(one)

    def _unseen(self, records: Iterable[Publishable], own: set[Key]) -> list[Publishable]:
        """Return the drafts that records name and that are not among them or found already."""
        named = (one for record in records for one in self._needed(record))
        return [one for one in named if key_of(one) not in self._seen | own]

    def _needed(self, record: Publishable) -> Iterator[Publishable]:
        """Yield the drafts that a record needs. A part that stays hidden needs nothing."""
        return self._named(record, [*filter(self._will_be_read, record.own_parts())])

    @staticmethod
    def _named(record: Publishable, parts: list[Any]) -> Iterator[Publishable]:
        """Yield the drafts that a record names: itself, in its lists, and in its parts."""
        for row in (record, *parts):
            for field in links_of(row._meta.model):
                other = getattr(row, field.name, None)
                if isinstance(other, Publishable) and other.is_draft:
                    yield other
        for many in record._meta.many_to_many:
            for other in in_order_of_keys(getattr(record, many.name).all()):
                if getattr(other, "is_draft", False):
                    yield other

    def _will_be_read(self, part: Any) -> bool:
        parents = (getattr(part, name, None) for name in part.parents)
        return all(
            parent is not None and (parent.is_published or key_of(parent) in self._seen)
            for parent in parents
        )


def belonging_to(records: Iterable[Publishable]) -> list[Publishable]:
    """Return the other drafts that are read with these records or with each other.

    They are a relationship's entries, for example, and the agreements of a relationship.
    """
    known = {key_of(record): record for record in records}
    found: list[Publishable] = []
    level = list(known.values())
    while level:
        level = [one for one in _below(level) if key_of(one) not in known]
        known |= {key_of(one): one for one in level}
        found += level
    return found


def _below(records: Iterable[Publishable]) -> Iterator[Publishable]:
    """Yield the drafts that are read with one of these records."""
    keys: dict[Any, list[int]] = {}
    for record in records:
        keys.setdefault(type(record), []).append(record.pk)
    asked: dict[Any, Q] = {}
    for model, pks in keys.items():
        for below, name in _links_to().get(model, ()):
            asked[below] = asked.get(below, Q()) | Q(**{f"{name}__in": pks})
    for below, condition in asked.items():
        rows = below._base_manager.filter(condition, publication=Publication.DRAFT)
        yield from with_links(rows).order_by("pk").distinct()


@cache
def _links_to() -> dict[Any, list[tuple[Any, str]]]:
    """Return which records are read with those of a model, by which of their fields."""
    found: dict[Any, list[tuple[Any, str]]] = {}
    for model in apps.get_models():
        if not issubclass(model, Publishable):
            continue
        paths = getattr(model._default_manager.none(), "visible_through", ())
        names = {path.partition("__")[0] for path in paths}
        kind = registry.of(model)
        if kind is not None and kind.changes and kind.is_on_any_page:
            names.add(kind.page.partition("__")[0])
        for name in sorted(names):
            above = model._meta.get_field(name).related_model
            found.setdefault(above, []).append((model, name))
    return found
