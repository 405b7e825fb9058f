"""Check the paths of the search fields when Django starts."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import Error
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from cities.records.record_types import RecordType, registry
from cities.records.search_fields import ITSELF
from lrscc.search.documents import api_name, relation


def check_search_fields(kinds: Iterable[RecordType] = registry, **_: Any) -> list[Error]:
    """Return an error for each declared path that does not exist."""
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


def check_search_addresses(kinds: Iterable[RecordType] = registry, **_: Any) -> list[Error]:
    """Return an error for each kind that is found by words but has no address in the API."""
    return [
        Error(
            f"{record_type.model.__name__} is found by words, but the API has no “{name}”.",
            hint="Register its view set under that name in the router of its app.",
            id="search.E002",
        )
        for record_type in kinds
        if record_type.search and not _is_in_api(name := api_name(record_type.search.kind))
    ]


def _is_in_api(name: str) -> bool:
    try:
        reverse(f"api:{name}", args=["any"])
    except NoReverseMatch:
        return False
    return True


def _missing(model: type[Model], path: str) -> str:
    """Return the first step of a path that does not exist; empty if all do."""
    if path == ITSELF:
        return ""
    *names, last = path.split("__")
    for name in names:
        step = relation(model, name)
        if step is None:
            return name
        model = step.related_model
    fields = {field.name for field in model._meta.get_fields() if not field.is_relation}
    is_there = last in fields or (hasattr(model, last) and relation(model, last) is None)
    return "" if is_there else last  # a relation has no words of its own
