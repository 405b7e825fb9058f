"""The page of one statement."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.models import City, Relationship
from cities.records.publishing import find_public
from resolutions.models import Statement
from resolutions.views.resolutions import about


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement made in office: a summary, the cities it is about, and its source."""
    statements = Statement.objects.public().select_related("organization", "source")
    relationships = Relationship.objects.public().select_related("partner")
    statement = find_public(
        statements.prefetch_related(
            Prefetch("places", City.objects.public()), Prefetch("relationships", relationships)
        ),
        Q(slug=slug),
    )
    return render(
        request,
        "resolutions/statement_detail.html",
        {"statement": statement, "places": about(statement)},
    )
