"""Make the search document of a record from the paths that its app declares.

The same paths say what is prefetched, and which changes of other rows affect the document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Prefetch, QuerySet

from cities.records.dates import RecordDate
from cities.records.folding import plain, tokens
from cities.records.publishing import Publishable
from cities.records.record_types import RecordType, registry
from cities.records.search_fields import ITSELF, SearchFields
from lrscc.models import SearchDocument


def api_name(kind: str) -> str:
    """Return the name of the address in the API of one record of a kind that is searched."""
    return f"{kind.replace('_', '-')}-detail"


def relation(model: Any, name: str) -> Any:
    """Return the relation that a step of a path follows; None for a field or a property."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.is_relation else None


def is_to_many(field: Any) -> bool:
    return field.one_to_many or field.many_to_many


def public(model: Any) -> QuerySet:
    """Filter to the rows of a model that visitors may read."""
    rows = model._default_manager.all()
    return rows.public() if hasattr(rows, "public") else rows


@dataclass(frozen=True, eq=False)
class Indexed:
    """A kind of record for the index."""

    record_type: RecordType

    @property
    def fields(self) -> SearchFields:
        fields = self.record_type.search
        assert fields is not None
        return fields

    @property
    def model(self) -> Any:
        return self.record_type.model

    @property
    def kind(self) -> str:
        return self.fields.kind

    @property
    def _paths(self) -> list[str]:
        """Return the paths with steps; a field of the record itself has none."""
        return [path for path in self.fields.paths if path != ITSELF]

    def records(self) -> QuerySet:
        """Return the public records with everything that their documents need."""
        return _loaded(public(self.model), self.tree, self.fields.newest_first, "")

    @cached_property
    def tree(self) -> dict[str, Any]:
        """Return the relations on all paths, each with those that follow it."""
        tree: dict[str, Any] = {}
        for path in self._paths:
            model, branch = self.model, tree
            for name in path.split("__")[:-1]:
                branch = branch.setdefault(name, {})
                model = relation(model, name).related_model
        return tree

    @cached_property
    def dependencies(self) -> dict[str, frozenset[str]]:
        """The paths to rows of other models that the document is made from, each with the fields
        that matter there; none named is all of them."""
        found: dict[str, set[str]] = {}
        everything = set()
        for path in self._paths:
            for to, name, is_field in _steps(self.model, path):
                found.setdefault(to, set()).add(name)
                if not is_field:
                    everything.add(to)
        _add_visibility(self.model, "", found)
        for path in list(found):
            model, last = _end(self.model, path)
            if last.one_to_many:
                everything.add(path)
            if issubclass(model, Publishable):
                found[path].add("publication")
                _add_visibility(self.model, path, found)
        return {
            path: frozenset() if path in everything else frozenset(filter(None, names))
            for path, names in found.items()
        }

    def document(self, record: Any) -> SearchDocument:
        """Return the document of one of `records`."""
        fields = self.fields
        title = _first(_values(record, fields.title))
        also = [
            (name, language)
            for names, languages in fields.also
            for name, language in zip(
                _values(record, names), _values(record, languages), strict=True
            )
        ]
        said = [text for path in fields.text for text in _values(record, path) if text]
        keywords = [text for path in fields.keywords for text in _values(record, path)]
        dates = [found for found in _values(record, fields.date, raw=True) if found]
        on: RecordDate | None = dates[-1] if dates else None
        names = [title, *(name for name, __ in also)]
        head = tokens(*names)
        body = tokens(*said, *keywords, *fields.constants, str(on or ""))
        known = set(head)
        return SearchDocument(
            kind=fields.kind,
            object_id=record.pk,
            slug=record.slug,
            url=record.get_absolute_url(),
            title=title,
            also=[list(pair) for pair in also],
            names=_in_strokes(plain(name) for name in names),
            places=_in_strokes(self._cities(record)),
            dated=on.edtf if on else "",
            day=on.earliest if on else None,
            text="\n".join(said),
            head=" ".join(head),
            body=" ".join(token for token in body if token not in known),
        )

    def _cities(self, record: Any) -> Iterator[str]:
        for path in self.fields.cities:
            yield from _values(record, f"{path}__slug" if path else "slug")


def _in_strokes(names: Iterable[str]) -> str:
    return "".join(f"|{name}" for name in dict.fromkeys(names)) + "|"


def _first(texts: Iterable[str]) -> str:
    return next(iter(texts), "")


# --- reading ------------------------------------------------------------------------------


def _loaded(
    rows: QuerySet, tree: dict[str, Any], newest_first: Iterable[str], at: str
) -> QuerySet:
    """Return rows with what follows on the paths: joined for one, prefetched for many."""
    joined, prefetched = _to_load(rows.model, tree, newest_first, at, "")
    return (
        rows.select_related(*joined).prefetch_related(*prefetched)
        if joined
        else (rows.prefetch_related(*prefetched))
    )


def _to_load(
    model: Any, tree: dict[str, Any], newest_first: Iterable[str], at: str, before: str
) -> tuple[list[str], list[Prefetch]]:
    joined: list[str] = []
    prefetched: list[Prefetch] = []
    for name, branch in tree.items():
        step = relation(model, name)
        path, here = f"{at}__{name}".removeprefix("__"), f"{before}{name}"
        if is_to_many(step):
            rows = public(step.related_model)
            rows = rows.order_by(*step.related_model._meta.ordering or ["pk"])
            rows = rows.reverse() if path in newest_first else rows
            prefetched.append(Prefetch(here, _loaded(rows, branch, newest_first, path)))
        else:
            joined.append(here)
            more = _to_load(step.related_model, branch, newest_first, path, f"{here}__")
            joined, prefetched = joined + more[0], prefetched + more[1]
    return joined, prefetched


def _values(record: Any, path: str, raw: bool = False) -> list[Any]:
    """Return the values at the end of a path, in order, with choices and dates as text."""
    if not path:
        return []
    if path == ITSELF:
        return [str(record)]
    name, __, rest = path.partition("__")
    step = relation(type(record), name)
    if step is not None and is_to_many(step):
        rows = getattr(record, step.get_accessor_name() if step.auto_created else name).all()
        return [value for row in rows for value in _values(row, rest, raw)]
    value = getattr(record, name)
    if step is not None:
        hidden = value is None or not getattr(value, "is_published", True)
        return [] if hidden else _values(value, rest, raw)
    if raw:
        return [value]
    label = getattr(record, f"get_{name}_display", None)
    return [str(label() if label else "" if value is None else value)]


# --- what a document depends on -----------------------------------------------------------


def _steps(model: Any, path: str) -> Iterator[tuple[str, str, bool]]:
    """Each relation on a path, with the name that is read of what it leads to, and whether that
    is a field."""
    names = path.split("__")
    for number, name in enumerate(names[:-1], start=1):
        model, read = relation(model, name).related_model, names[number]
        following = relation(model, read)
        if following is not None:
            yield "__".join(names[:number]), getattr(following, "attname", ""), True
        else:
            fields = {field.name for field in model._meta.concrete_fields}
            yield "__".join(names[:number]), read, read in fields


def _end(model: Any, path: str) -> tuple[Any, Any]:
    """Return the model at the end of a path, and the relation that leads there."""
    for name in path.split("__"):
        step = model._meta.get_field(name)
        model = step.related_model
    return model, step


def _add_visibility(start: Any, path: str, found: dict[str, set[str]]) -> None:
    """Note what decides whether the rows at the end of a path are public: they count only then."""
    model = _end(start, path)[0] if path else start
    for through in getattr(model._default_manager.none(), "visible_through", ()):
        at = path
        while at and through:
            came_by = _end(start, at)[1]
            first, __, rest = through.partition("__")
            if not (came_by.auto_created and came_by.field.name == first):
                break
            at, through = at.rpartition("__")[0], rest  # back to where we came from
        if through:
            found.setdefault(f"{at}__{through}".removeprefix("__"), set()).add("publication")


@cache
def indexed() -> dict[str, Indexed]:
    """Return the kinds of record that are searched, in the order of their results."""
    kinds = [Indexed(record_type) for record_type in registry if record_type.search]
    return {kind.kind: kind for kind in sorted(kinds, key=lambda kind: kind.fields.order)}
