"""The search page, and its suggestions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.records.dates import RecordDate
from cities.records.folding import MAX_WORDS, terms
from cities.records.list_form import ListForm
from lrscc.models import SearchDocument
from lrscc.search.documents import indexed
from lrscc.search.extracts import Part, Wanted, extract, highlighted
from lrscc.search.matching import having
from lrscc.search.query import SearchFilter, best_of_each, suggestions, with_text
from lrscc.search.spelling import nearest

RESULTS_PER_KIND = 5
"""Results shown of each kind where several kinds are."""

WORDS_ALONE = 5
"""Words of a question that found nothing which are tried by themselves."""


@dataclass(frozen=True)
class Result:
    """One row of the results."""

    url: str
    title: list[Part]
    also: list[tuple[str, list[Part]]]
    """Other names that were looked for, each with its language."""
    on: RecordDate | None
    standing: str
    """How a partner city stands today."""
    extract: list[Part]


@dataclass(frozen=True)
class Group:
    """The results of one kind, and the address of all of them."""

    kind: str
    title: str
    count: int
    results: list[Result]
    address: str

    @property
    def has_more(self) -> bool:
        return self.count > len(self.results)


def _result(document: SearchDocument, wanted: Wanted) -> Result:
    title = highlighted(_title(document), wanted)
    names = [(language, highlighted(name, wanted)) for name, language in document.also]
    return Result(
        document.url,
        title,
        [(language, parts) for language, parts in names if any(part.is_found for part in parts)],
        RecordDate.parse(document.dated) if document.dated else None,
        _standing(document),
        extract(document.text, wanted),
    )


def _title(document: SearchDocument) -> str:
    """Return the title as it stands alone: of a city, distinguished from its namesakes."""
    return indexed()[document.kind].fields.alone(document.object_id, document.title)


def _standing(document: SearchDocument) -> str:
    __, words = indexed()[document.kind].fields.standing(document.slug, localdate())
    return words


def kind_label(kind: str) -> str:
    """Return the name of a kind of record for readers."""
    return str(indexed()[kind].record_type.plural)


def cities() -> Any:
    """Return the cities to search by, as choices."""
    documents = SearchDocument.objects.filter(kind="city").order_by("title", "slug")
    rows = documents.values_list("object_id", "slug", "title")
    alone = indexed()["city"].fields.alone
    return [(slug, alone(pk, title)) for pk, slug, title in rows]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what the record has about some words: by kind, or one kind page by page."""
    form = ListForm(
        request.GET,
        SearchFilter,
        SearchDocument.objects.all(),
        options={"place": cities()},
        hints={
            "q": gettext("For example: Otsu, 大津, severed ties, or 2018-001."),
            "since": gettext("For example, 2013."),
        },
        order=["q", "kind", "place", "since", "until"],
        page_size=20,
    )
    question = request.GET.get("q", "").strip()
    found: Any = form.page.paginator.object_list
    wanted = Wanted(question)
    context: dict[str, Any] = {"form": form, "question": question, "most": MAX_WORDS}
    context["has_too_many"] = len(terms(question, MAX_WORDS + 1)) > MAX_WORDS
    if not form.count:
        context |= _help(question) if question else {}
    elif request.GET.get("kind") and "kind" not in form.problems:
        context["results"] = [_result(document, wanted) for document in with_text(form.page)]
    else:
        context["groups"] = _groups(found, request.GET, wanted)
    return render(request, "search.html", context, status=form.status)


def _groups(found: QuerySet, question: QueryDict, wanted: Wanted) -> list[Group]:
    """Return the best of each kind; the kind with the best match comes first."""
    return [
        Group(
            kind,
            kind_label(kind),
            count,
            [_result(document, wanted) for document in documents],
            _with(question, kind=kind),
        )
        for kind, (count, documents) in best_of_each(found, RESULTS_PER_KIND).items()
    ]


def _with(question: QueryDict, **more: str) -> str:
    """Return the address of the search with other filters."""
    parameters = question.copy()
    parameters.pop("page", None)
    for name, value in more.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"


def _help(question: str) -> dict[str, Any]:
    """Return what to try after a search without results."""
    words = terms(question)
    alone = words[:WORDS_ALONE] if len(words) > 1 else []
    found = [word for word in alone if SearchDocument.objects.filter(having([word])).exists()]
    return {"spellings": nearest(question), "alone": found}


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Return records by the beginning of a name, as suggestions for the search field."""
    beginning = request.GET.get("q", "")
    names = [
        {
            "title": _title(document),
            "kind": kind_label(document.kind),
            "standing": _standing(document),
            "url": document.url,
        }
        for document in suggestions(beginning)
    ]
    return JsonResponse({"suggestions": names})
