"""Queries of the index: which documents have the words, and in which order.

The order is the same on both databases: first a match of the number or the whole name, then
documents with every word in their names and cities whose names are so but for a mistake in
spelling, then the rest; in each by kind, newest first.
"""

from collections.abc import Iterable
from typing import Any

import django_filters as filters
from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from cities.records.filters import YearFilter, choice_filter
from cities.records.folding import MAX_LENGTH, plain, terms
from lrscc.models import SearchDocument
from lrscc.search.documents import indexed
from lrscc.search.matching import DIALECTS, having
from lrscc.search.spelling import cities_spelled_like

NUMBER_OR_NAME, IN_NAMES, ANYWHERE = 0, 1, 2
"""How a document was found, best first."""


class Bytewise(Func):
    """Text in the order of its bytes, whatever language the database sorts by."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        order = DIALECTS[connection.vendor].bytewise
        template = f"(%(expressions)s) COLLATE {order}"
        return super().as_sql(compiler, connection, template=template, **context)


def _numbered(question: str) -> Q:
    """Return the records whose number the search is, in any spelling."""
    found = Q(pk__in=[])
    for kind in indexed().values():
        records = kind.fields.numbered(question) if kind.fields.numbered else None
        if records is not None:
            found |= Q(kind=kind.kind, object_id__in=records.values("pk"))
    return found


def find(documents: QuerySet, question: str, *, last_begins: bool = False) -> QuerySet:
    """Return the documents that match a search, with the `rank` of each, in order.

    Quotes, signs and operators of a database are not part of a word, so they have no effect.
    """
    question = question[:MAX_LENGTH]
    words, name = terms(question), plain(question)
    if not words:
        return documents.none()
    number = _numbered(question)
    misspelled = cities_spelled_like(words)
    is_the_name = Case(
        When(names__contains=f"|{name}|", then=NUMBER_OR_NAME),
        default=IN_NAMES,
        output_field=IntegerField(),
    )
    rank = Case(
        When(number, then=NUMBER_OR_NAME),
        When(having(words, in_names=True, last_begins=last_begins), then=is_the_name),
        *([When(misspelled, then=IN_NAMES)] if misspelled else []),
        default=ANYWHERE,
        output_field=IntegerField(),
    )
    wanted = number | having(words, last_begins=last_begins)
    found = documents.filter(wanted | misspelled if misspelled else wanted)
    # A database that sorts whole rows would move every word of them.
    return found.annotate(rank=rank).order_by(*_order()).defer("head", "body", "names", "text")


_IN_KIND: tuple[Any, ...] = (
    F("rank"),
    F("day").desc(nulls_last=True),
    Bytewise(F("title")),
    Bytewise(F("url")),
)


def _order() -> tuple[Any, ...]:
    """Return the order: best rank first, then by kind, newest first."""
    kinds = [When(kind=kind, then=Value(at)) for at, kind in enumerate(indexed())]
    return (_IN_KIND[0], Case(*kinds, output_field=IntegerField()), *_IN_KIND[1:])


def best_of_each(found: QuerySet, most: int) -> dict[str, tuple[int, list[SearchDocument]]]:
    """Return how many documents of each kind match, and the first `most` of them.

    The kind with the best match comes first.
    """
    of_kind = [F("kind")]
    numbered = found.annotate(
        nth=Window(RowNumber(), partition_by=of_kind, order_by=list(_IN_KIND)),
        of=Window(Count("pk"), partition_by=of_kind),
    )
    rows = numbered.filter(nth__lte=most).order_by().values_list("rank", "kind", "nth", "pk", "of")
    kinds = list(indexed())
    best = sorted(rows, key=lambda row: (row[0], kinds.index(row[1]), row[2]))
    documents = found.model.objects.in_bulk([pk for *__, pk, __ in best])
    groups: dict[str, tuple[int, list[SearchDocument]]] = {}
    for __, kind, __, pk, count in best:
        groups.setdefault(kind, (count, []))[1].append(documents[pk])
    return groups


def with_text(page: Iterable[SearchDocument]) -> list[SearchDocument]:
    """Return the documents of a page, whole, in the same order."""
    pks = [document.pk for document in page]
    whole = SearchDocument.objects.in_bulk(pks)
    return [whole[pk] for pk in pks]


def suggestions(beginning: str, count: int = 8) -> QuerySet:
    """Return documents by their names, as a person types: the last word may be incomplete."""
    words = terms(beginning)
    if not words:
        return SearchDocument.objects.none()
    by_name = having(words, in_names=True, last_begins=True) | _numbered(beginning)
    if misspelled := cities_spelled_like(words):
        by_name |= misspelled
    return find(SearchDocument.objects.all(), beginning, last_begins=True).filter(by_name)[:count]


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of record that are searched, with their names for readers."""
    return [(kind, found.record_type.plural) for kind, found in indexed().items()]


class SearchFilter(filters.FilterSet):
    """The record by words, kind of record, city and years."""

    q = filters.CharFilter(label=_("Search for"), method="about")
    kind = choice_filter(_("Type"), kind_choices())
    place = filters.CharFilter(label=_("City"), method="about_place")
    since = YearFilter(label=_("From year"), method="from_year")
    until = YearFilter(label=_("To year"), method="to_year")

    class Meta:
        model = SearchDocument
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return no records until a search has words or a filter."""
        found: QuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("q") else found.none()

    def about(self, queryset: Any, name: str, question: str) -> Any:
        return find(queryset, question)

    def about_place(self, queryset: Any, name: str, slug: str) -> Any:
        return queryset.filter(places__contains=f"|{slug}|")

    def from_year(self, queryset: Any, name: str, year: Any) -> Any:
        return queryset.filter(day__year__gte=int(year))

    def to_year(self, queryset: Any, name: str, year: Any) -> Any:
        return queryset.filter(day__year__lte=int(year))
