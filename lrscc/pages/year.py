"""The pages of a year in review."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from lrscc.pages import year_review as years


def _year_asked(year: str) -> int:
    """The year, if anything of it may be on record. Raises `Http404`."""
    if int(year) not in years.years_on_record(localdate()):
        raise Http404
    return int(year)


@require_safe
def year(request: HttpRequest, year: str) -> HttpResponse:
    """A year in review: what the exchanges came to, what was adopted, which ties began."""
    asked, today = _year_asked(year), localdate()
    known = years.years_on_record(today)
    return render(
        request,
        "year.html",
        {
            "look": years.look_back(asked, today),
            "before": asked - 1 if asked - 1 in known else None,
            "after": asked + 1 if asked + 1 in known else None,
            "is_going_on": asked == today.year,
        },
    )


@require_safe
def year_report(request: HttpRequest, year: str) -> HttpResponse:
    """The same year as a file for the awards’ form."""
    asked = _year_asked(year)
    return HttpResponse(
        years.as_csv(years.look_back(asked, localdate())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lansing-exchanges-{asked}.csv"'},
    )
