"""The list of statements, and the page of each."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.models import City, Relationship
from cities.place_names import city_choices
from cities.records.list_form import ListForm
from cities.records.publishing import find_public
from resolutions.filters import StatementFilter
from resolutions.models import Statement
from resolutions.reading import cities_about


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Statements, newest first."""
    public = Statement.objects.public()
    relationships = Relationship.objects.public().filter(
        pk__in=public.exclude(relationships=None).values("relationships")
    )
    named_places = public.exclude(places=None).values("places")
    about_it = Q(pk__in=named_places) | Q(pk__in=relationships.values("partner"))
    form = ListForm(
        request.GET,
        StatementFilter,
        public.select_related("source"),
        options={"city": city_choices(City.objects.public().filter(about_it))},
    )
    return render(request, "resolutions/statement_list.html", {"form": form}, status=form.status)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement made in office: a summary, the cities it is about, and its source."""
    statements = Statement.objects.public().select_related("organization", "source")
    statement = find_public(statements, Q(slug=slug))
    return render(
        request,
        "resolutions/statement_detail.html",
        {"statement": statement, "places": cities_about(statement)},
    )
