"""The page of all that is on record, in order of time."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from lrscc import timeline as record

AT_ONCE = 50


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """The commission since its first tie: ties, decisions and exchanges, year by year."""
    today = localdate()
    every = record.events(today)
    pages = Paginator(every, AT_ONCE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404 from None
    first_of = {event.decade: n for n, event in reversed(list(enumerate(every)))}
    return render(
        request,
        "timeline.html",
        {
            "page": page,
            "decades": record.decades(page.object_list, today),
            "anchors": [(decade, n // AT_ONCE + 1) for decade, n in sorted(first_of.items())],
        },
    )
