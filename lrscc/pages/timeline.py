"""The page of everything on record, in order of time."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities.records.list_form import requested_page
from lrscc.pages import timeline_events as record

EVENTS_PER_PAGE = 50


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Relationships, decisions and exchanges since the first relationship, year by year."""
    today = localdate()
    order: Any = record.order(today)
    page, problem = requested_page(Paginator(order, EVENTS_PER_PAGE), request.GET)
    return render(
        request,
        "timeline.html",
        {
            "page": page,
            "decades": record.decades(page.object_list, today),
            "anchors": [
                (decade, n // EVENTS_PER_PAGE + 1) for decade, n in sorted(order.first_of.items())
            ],
            "problem": problem,
        },
        status=400 if problem else 200,
    )
