"""Queries of the index: which documents have the words, and in which order.

The order is the same on both databases: first a match of the number or the whole name, then
documents with every word in their names, then the rest; in each by kind, newest first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import django_filters as filters
from django.db import connection
from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from cities.records.filters import YearFilter, choice_filter
from cities.records.folding import MAX_LENGTH, WORD, fold, plain, stem, terms
from lrscc.models import SearchDocument
from lrscc.search.documents import indexed

NUMBER_OR_NAME, IN_NAMES, ANYWHERE = 0, 1, 2
"""How a document was found, best first."""

MAX_SPELLINGS = 2000
"""Names that are compared with a question that found nothing."""


@dataclass(frozen=True)
class Dialect:
    """How one database finds documents that have words."""

    anywhere: str
    in_names: str
    all_of: str
    word: str
    beginning: str
    only_names: str
    bytewise: str


_SQLITE = "SELECT rowid FROM lrscc_searchdocument_words WHERE lrscc_searchdocument_words MATCH %s"
_POSTGRESQL = "SELECT id FROM lrscc_searchdocument WHERE {} @@ %s::tsquery"
DIALECTS = {
    "sqlite": Dialect(
        anywhere=_SQLITE,
        in_names=_SQLITE,
        all_of=" AND ",
        word='"{}"',
        beginning='"{}"*',
        only_names="{{head}} : ({})",
        bytewise="BINARY",
    ),
    # A cast reads the words as they are; `to_tsquery` would cut them again.
    "postgresql": Dialect(
        anywhere=_POSTGRESQL.format("in_all"),
        in_names=_POSTGRESQL.format("in_head"),
        all_of=" & ",
        word="'{}'",
        beginning="'{}':*",
        only_names="{}",
        bytewise='"C"',
    ),
}


class Bytewise(Func):
    """Text in the order of its bytes, whatever language the database sorts by."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        order = DIALECTS[connection.vendor].bytewise
        template = f"(%(expressions)s) COLLATE {order}"
        return super().as_sql(compiler, connection, template=template, **context)


def having(words: list[str], *, in_names: bool = False, last_begins: bool = False) -> Q:
    """Return documents that have all of the words, which are `terms`, at least one.

    With `last_begins` the last one may be the beginning of a word.
    """
    dialect = DIALECTS[connection.vendor]
    *exact, last = words
    wanted = [dialect.word.format(stem(word)) for word in exact]
    wanted.append(
        dialect.beginning.format(last) if last_begins else dialect.word.format(stem(last))
    )
    expression = dialect.all_of.join(wanted)
    if in_names:
        return Q(pk__in=RawSQL(dialect.in_names, [dialect.only_names.format(expression)]))
    return Q(pk__in=RawSQL(dialect.anywhere, [expression]))


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
    is_the_name = Case(
        When(names__contains=f"|{name}|", then=NUMBER_OR_NAME),
        default=IN_NAMES,
        output_field=IntegerField(),
    )
    rank = Case(
        When(number, then=NUMBER_OR_NAME),
        When(having(words, in_names=True, last_begins=last_begins), then=is_the_name),
        default=ANYWHERE,
        output_field=IntegerField(),
    )
    found = documents.filter(number | having(words, last_begins=last_begins))
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
    return find(SearchDocument.objects.all(), beginning, last_begins=True).filter(by_name)[:count]


def nearest(question: str, count: int = 3) -> list[str]:
    """Return words of names on record that are spelled like those of the search."""
    proposed = [kind for kind, found in indexed().items() if found.fields.proposed]
    rows = SearchDocument.objects.filter(kind__in=proposed).order_by("kind", "url")
    known: dict[str, str] = {}
    for title, also in rows.values_list("title", "also")[:MAX_SPELLINGS]:
        for name in [title, *(text for text, __ in also)]:
            known.setdefault(fold(name), name)
            for word in WORD.findall(name):
                known.setdefault(fold(word), word)
    typed = [fold(question[:80]), *terms(question)]
    near = [like for word in typed for like in get_close_matches(word, known, n=count, cutoff=0.7)]
    return list(dict.fromkeys(known[like] for like in near if like not in typed))[:count]


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
