"""Which records a list of changes is about: all, those on one page, or those followed together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cities.records.log import LoggedRecord
from cities.records.record_types import RecordType, registry


@dataclass(frozen=True)
class Scope:
    """The pages of records: for each model that has pages, the keys of its records."""

    pages: Mapping[Any, Any]

    def records(self) -> Any:
        """Return what the log knows of the records on these pages.

        Each kind is asked for by itself, so that an index finds it.
        """
        kinds = []
        for model, pages in self.pages.items():
            kinds.append(_logged(page__kind=model._meta.label_lower, page__object_id__in=pages))
            kinds += [_on_any(record_type, pages) for record_type in shown_on_several(model)]
        first, *others = kinds
        return first.union(*others) if others else first


def shown_on_several(model: Any) -> list[RecordType]:
    """Return the kinds of record that each of several pages of a model shows."""
    return [
        record_type
        for record_type in registry
        if record_type.changes and record_type.is_on_any_page and record_type.page_model is model
    ]


def _on_any(record_type: RecordType, pages: Any) -> Any:
    shown = record_type.model._base_manager.filter(record_type.on_pages(pages)).order_by()
    return _logged(kind=record_type.label, object_id__in=shown.values("pk"))


def _logged(**wanted: Any) -> Any:
    return LoggedRecord.objects.filter(**wanted).order_by().values("pk")


def of_page(record: Any) -> Scope:
    """Return the scope of the page of one record."""
    return Scope({type(record): [record.pk]})


def followed_with(record: Any) -> Scope:
    """Return the scope of a record’s page and of the pages about it."""
    feed = feed_of(type(record))
    types = [record_type for record_type in registry if feed in record_type.followed_with]
    return Scope(
        {
            kind.model: kind.model._base_manager.filter(kind.followed_with[feed](record.pk))
            .order_by()
            .values("pk")
            for kind in types
        }
    )


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
