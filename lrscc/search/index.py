"""The search index: a document of each public record, derived from the words on its paths."""

from collections.abc import Collection, Iterator
from typing import Any

from cities.records.derived_rows import DerivedRows
from lrscc.models import SearchDocument
from lrscc.search.documents import Indexed, indexed


class SearchOf(DerivedRows):
    """The search documents of one kind of record: none for a record that is not public."""

    table = SearchDocument
    owner = "object_id"
    unique_fields = ("kind", "object_id")
    version = 2

    def __init__(self, found: Indexed) -> None:
        self._found = found
        self.name = f"search of {found.kind.replace('_', ' ')}"
        self.order = 100 + found.fields.order
        self.model = found.model
        self.dependencies = found.dependencies

    def stored(self) -> Any:
        return SearchDocument.objects.filter(kind=self._found.kind)

    def rows(self, pks: Collection[int]) -> Iterator[SearchDocument]:
        return map(self._found.document, self._found.records().filter(pk__in=pks).order_by("pk"))


def searches() -> list[SearchOf]:
    """Return the derivations of the index, one for each kind of record that is searched."""
    return [SearchOf(found) for found in indexed().values()]
