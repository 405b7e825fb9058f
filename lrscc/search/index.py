"""The search index: a document of each public record, derived from the words on its paths."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import transaction

from cities.records.dependencies import in_batches
from cities.records.derived import Derivation
from lrscc.models import SearchDocument
from lrscc.search.documents import Indexed, indexed

_WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in ("id", "kind", "object_id")
]


class SearchOf(Derivation):
    """The search documents of one kind of record: none for a record that is not public."""

    def __init__(self, found: Indexed) -> None:
        self._found = found
        self.name = f"search of {found.kind.replace('_', ' ')}"
        self.order = 100 + found.fields.order
        self.model = found.model
        self.dependencies = found.dependencies

    def derive(self, pks: Collection[int]) -> None:
        documents = list(self._documents(pks))
        gone = set(pks) - {document.object_id for document in documents}
        if gone:
            self.stored().filter(object_id__in=gone).delete()
        SearchDocument.objects.bulk_create(
            documents,
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=_WRITTEN,
        )

    def stored(self) -> Any:
        return SearchDocument.objects.filter(kind=self._found.kind)

    def _documents(self, pks: Collection[int]) -> Iterator[SearchDocument]:
        for record in self._found.records().filter(pk__in=pks).order_by("pk"):
            yield self._found.document(record)


def searches() -> list[SearchOf]:
    """Return the derivations of the index, one for each kind of record that is searched."""
    return [SearchOf(found) for found in indexed().values()]


def rebuild(progress: Callable[[str, int], None]) -> int:
    """Make the whole index again, in one transaction. Return the number of documents.

    `progress` is called with each kind and the number of its documents.
    """
    total = 0
    with transaction.atomic():
        SearchDocument.objects.all().delete()
        for search in searches():
            pks = search.model._base_manager.values_list("pk", flat=True)
            for some in in_batches(pks, search.owners_per_batch):
                search.derive(some)
            count = search.stored().count()
            progress(search._found.kind, count)
            total += count
    return total
