"""Refuses a path of the search that leads nowhere, when Django starts."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import Error
from django.db.models import Model

from cities.records.record_types import RecordType, registry
from cities.records.search_fields import ITSELF
from lrscc.search.documents import relation


def check_search_fields(kinds: Iterable[RecordType] = registry, **_: Any) -> list[Error]:
    """An error for each declared path whose steps or end are not there."""
    return [
        Error(
            f"“{path}” leads nowhere from {record_type.model.__name__}: there is no “{missing}”.",
            hint="Correct the path in the search fields of its app.",
            id="search.E001",
        )
        for record_type in kinds
        if record_type.search
        for path in record_type.search.paths
        if (missing := _missing(record_type.model, path))
    ]


def _missing(model: type[Model], path: str) -> str:
    """The first step of a path that is not there; empty if all are."""
    if path == ITSELF:
        return ""
    for name in path.split("__"):
        step = relation(model, name)
        if step is None:
            fields = {field.name for field in model._meta.get_fields()}
            # What follows a property is not declared, and is proved when documents are made.
            return "" if name in fields or hasattr(model, name) else name
        model = step.related_model
    return name  # a relation has no words of its own
