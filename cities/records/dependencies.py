"""Which records depend on a row: paths of relations lead from the records to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

ROWS_PER_QUERY = 500
"""Rows that one query looks for the owners of."""


@dataclass(frozen=True)
class Dependency:
    """How records depend on the rows of a model: `path` leads from the records to the rows.

    A change of any other column than `fields` does not matter; None is all of them. `link` is
    the column by which a row names what it is a part of, one step nearer to the record.
    """

    path: str
    fields: frozenset[str] | None
    link: str = ""

    def is_touched_by(self, names: set[str]) -> bool:
        """Return whether a change of these columns matters."""
        return bool(names) and (
            self.fields is None or not self.fields.isdisjoint(names) or self.link in names
        )

    @property
    def begins_with_the_row(self) -> bool:
        """Return whether a new row is depended on at once; a record has yet to name any other."""
        return bool(self.link) or not self.path

    def start(self, row: models.Model) -> tuple[str, int | None]:
        """Return the path and the key by which the records that depend on a row are found.

        They can be looked up later, also when the row is gone by then.
        """
        if self.link:
            return self.path.rpartition("__")[0], getattr(row, self.link)
        return self.path, row.pk


@dataclass(frozen=True)
class LinkDependency:
    """How records depend on a table of links to many: `path` leads to the rows of `near`, and
    their relation `step` to the others."""

    near: type[models.Model]
    path: str
    step: str


def owners(model: Any, path: str, pks: Collection[int]) -> set[int]:
    """Return the records of a model from which a path leads to rows with these keys."""
    if not path:
        return set(pks)
    found: set[int] = set()
    for some in in_batches(pks, ROWS_PER_QUERY):
        rows = model._base_manager.filter(**{f"{path}__in": some})
        found.update(rows.order_by().values_list("pk", flat=True).distinct())
    return found


def in_batches(pks: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield keys in order, some at a time."""
    ordered = sorted(pks)
    return (ordered[at : at + size] for at in range(0, len(ordered), size))


def dependencies_of(
    model: Any, paths: Mapping[str, Collection[str]]
) -> Iterator[tuple[Any, Dependency]]:
    """Yield how records of a model depend on rows at the end of paths, and of what lies between.

    A path has the fields that matter there; none named is all of them.
    """
    fields = {path: frozenset(names) if names else None for path, names in paths.items()}
    for path in paths:
        steps = path.split("__") if path else []
        for number, step in enumerate(steps):
            before = "__".join(steps[:number])
            column = getattr(model_at(model, before)._meta.get_field(step), "attname", None)
            known = fields.setdefault(before, frozenset())
            if known is not None and column:
                fields[before] = known | {column}
    for path, names in fields.items():
        at, last = _end(model, path)
        link = last.field.attname if last is not None and last.one_to_many else ""
        yield at, Dependency(path, names, link)


def model_at(model: Any, path: str) -> Any:
    """Return the model at the end of a path."""
    return _end(model, path)[0]


def _end(model: Any, path: str) -> tuple[Any, Any]:
    """Return the model at the end of a path, and the relation that leads there."""
    field = None
    for step in filter(None, path.split("__")):
        field = model._meta.get_field(step)
        model = field.related_model
    return model, field


def links_on(model: Any, path: str) -> Iterator[tuple[Any, LinkDependency]]:
    """Yield the tables of links to many on a path, each with how records depend on it."""
    steps = path.split("__") if path else []
    for number, step in enumerate(steps):
        near, field = model, model._meta.get_field(step)
        model = field.related_model
        if field.many_to_many:
            through = field.through if field.auto_created else field.remote_field.through
            yield through, LinkDependency(near, "__".join(steps[:number]), step)


def linked_to(through: Any, instance: models.Model, near: type[models.Model]) -> list[int]:
    """Return the rows of `near` that a table of links joins to the instance."""
    columns = {field.related_model: field for field in through._meta.fields if field.is_relation}
    joined = through.objects.filter(**{columns[type(instance)].name: instance.pk})
    return list(joined.values_list(columns[near].attname, flat=True))
