"""The pages to list changes of: one page, or all that a reader follows with a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cities.records.record_types import registry

Pages = Mapping[Any, Q | None]
"""For each model of a record with a page, which of them."""


@dataclass(frozen=True)
class Scope:
    """The pages that `pages` selects for the record of a model with a primary key."""

    pages: Callable[[Any, int], Pages]
    model: Any
    key: int


def of_page(record: Any) -> Scope:
    """Return the scope of the page of one record."""
    return Scope(_page, type(record), record.pk)


def _page(model: Any, key: int) -> Pages:
    return {model: Q(pk=key)}


def followed_with(record: Any) -> Scope:
    """Return the scope of a record’s page and of the pages about it."""
    return Scope(_followed, type(record), record.pk)


def _followed(model: Any, key: int) -> Pages:
    feed = feed_of(model)
    types = [record_type for record_type in registry if feed in record_type.followed_with]
    return {record_type.model: record_type.followed_with[feed](key) for record_type in types}


def feeds() -> dict[str, Any]:
    """Return the models of records with a feed of their own, by the name of the feed."""
    return {record_type.feed: record_type.model for record_type in registry if record_type.feed}


def feed_of(model: Any) -> str:
    """Return the name of the feed of one record; empty for a kind without feeds."""
    record_type = registry.of(model)
    return record_type.feed if record_type else ""


def requested(question: Mapping[str, str]) -> tuple[str, Any]:
    """Return the name of the feed that a request asks for, and its record if it is public."""
    for name, model in feeds().items():
        if slug := question.get(name):
            return name, model.objects.public().filter(slug=slug).first()
    return "", None
