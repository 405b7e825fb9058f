"""The page of a source, with all that cites it."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.models import Citation, Entry, Source
from cities.records.publishing import Publication, find_public
from cities.views import size_of
from lrscc.pages.cited_by import first_of, uses_of
from resolutions.models import Action, ActionCitation


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it is, how reliable it is, and all that cites it."""
    record = find_public(Source.objects.public(), Q(slug=slug))
    citations = (
        Citation.objects.filter(source=record, entry__in=Entry.objects.public())
        .select_related("entry__relationship__partner", "entry__type")
        .order_by("entry__relationship__partner__name", "entry__on_earliest", "entry__number")
    )
    of_actions, are_more = first_of(
        ActionCitation.objects.filter(source=record, action__in=Action.objects.public())
        .select_related("action__resolution")
        .order_by("action__on_earliest", "action__resolution", "action__number")
    )
    names = record.names.filter(city__publication=Publication.PUBLISHED).select_related("city")
    return render(
        request,
        "source.html",
        {
            "source": record,
            "document_size": size_of(record.document),
            "citations": citations,
            "of_actions": of_actions,
            "are_more_actions": are_more,
            "uses": uses_of(record),
            "names": names,
        },
    )
