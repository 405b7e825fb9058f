"""The page of a year in review, and the same as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities.current_register import register_of
from lrscc.pages.year_review import as_csv, review_of, years_on_record


def _requested_year(year: str) -> int:
    """Return the year, if it is one of those on record. Raises `Http404`."""
    if int(year) not in years_on_record(localdate()):
        raise Http404
    return int(year)


@require_safe
def year(request: HttpRequest, year: str) -> HttpResponse:
    """A year in review: its exchanges, the resolutions adopted, and new relationships."""
    number, today = _requested_year(year), localdate()
    years = years_on_record(today)
    return render(
        request,
        "year.html",
        {
            "review": review_of(number, today),
            "before": number - 1 if number - 1 in years else None,
            "after": number + 1 if number + 1 in years else None,
            "is_current": number == today.year,
        },
    )


@require_safe
def year_report(request: HttpRequest, year: str) -> HttpResponse:
    """The same year as a CSV file for the awards."""
    number = _requested_year(year)
    city = register_of(request).slug
    return HttpResponse(
        as_csv(review_of(number, localdate())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{city}-exchanges-{number}.csv"'},
    )
