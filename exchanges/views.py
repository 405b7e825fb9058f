"""Pages that show programs and exchanges, and their calendar."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.current_register import register_of
from cities.models import City, Relationship
from cities.place_names import city_choices
from cities.records.list_form import ListForm
from cities.records.publishing import find_public
from cities.views import made_file, picture_of
from exchanges import calendars
from exchanges.filters import ExchangeFilter, ProgramFilter
from exchanges.gaps import for_public, missing_in, missing_in_program
from exchanges.models import Exchange, Program
from exchanges.schema_org import event
from exchanges.sections import in_sections, with_editions
from exchanges.states import has_exact_days


def partners_with(records: Any) -> Any:
    """Return the cities with which public programs or exchanges are, for a select."""
    relationships = Relationship.objects.public().filter(pk__in=records.values("relationships"))
    return city_choices(City.objects.filter(pk__in=relationships.values("partner")))


class InSections(ExchangeFilter):
    """The same filters, with the exchanges in the order of the page."""

    def filter_queryset(self, queryset: Any) -> Any:
        return in_sections(super().filter_queryset(queryset), self.day)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Exchanges: those open for applications first, then coming up, happening now and past."""
    public = Exchange.objects.public()
    programs = Program.objects.public().filter(pk__in=public.values("program"))
    partners = list(partners_with(public))
    form = ListForm(
        request.GET,
        InSections,
        public.for_list(),
        options={
            "city": partners,
            "program": programs.order_by("title", "slug").values_list("slug", "title"),
        },
        hints={
            "year": gettext("For example, 2025."),
            "on": gettext("For example, 8/1/2025. Leave blank for today."),
        },
    )
    place = request.GET.get("city", "")
    return render(
        request,
        "exchanges/exchange_list.html",
        {
            "form": form,
            "day": InSections(request.GET, public).day,
            "this_year": localdate().year,
            "partner": dict(partners).get(place),
            "calendar": calendars.calendar_address(place if place in dict(partners) else ""),
        },
        status=form.status,
    )


@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The calendar to subscribe to, of all exchanges or with `?city=` of one partner."""
    register = register_of(request)
    parts = {"home": register.home_name}
    today = localdate()
    exchanges, name = Exchange.objects.public(), gettext("%(home)s’s exchanges") % parts
    relationships = Relationship.objects.public().filter(home=register.home_if_known)
    if slug := request.GET.get("city"):
        place = find_public(City.objects.public(), Q(slug=slug))
        exchanges = exchanges.with_partner(place)
        relationships = relationships.filter(partner=place)
        parts["place"] = place.name
        name = gettext("%(home)s’s exchanges with %(place)s") % parts
    content = calendars.calendar(
        calendars.for_calendar(exchanges),
        register,
        relationships=calendars.with_anniversaries(relationships, today),
        today=today,
        name=name,
        source=request.build_absolute_uri(),
        address=request.build_absolute_uri,
    )
    return made_file(content, "text/calendar; charset=utf-8")


@require_safe
def exchange(request: HttpRequest, slug: str) -> HttpResponse:
    """One exchange: who can take part, when, where, the cost, how to apply, the results."""
    today = localdate()
    exchanges = for_public(Exchange.objects.public().for_page())
    found = find_public(exchanges, Q(slug=slug))
    others = Exchange.objects.public().filter(program=found.program).exclude(pk=found.pk)
    return render(
        request,
        "exchanges/exchange_detail.html",
        {
            "exchange": found,
            "phase": found.phase_on(today),
            "others": others.for_list(),
            "missing": missing_in(found, today),
            "is_exact": has_exact_days(found),
            "event": event(found, request.build_absolute_uri, today),
            "today": today,
        },
    )


@require_safe
def exchange_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture of an exchange."""
    return picture_of(request, find_public(Exchange.objects.public(), Q(slug=slug)))


@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """Programs, by name, each with its editions."""
    public = Program.objects.public()
    form = ListForm(
        request.GET,
        ProgramFilter,
        with_editions(public.for_list()),
        options={"city": partners_with(public)},
    )
    return render(request, "exchanges/program_list.html", {"form": form}, status=form.status)


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """One program: what it is, who can take part, how to apply, and its exchanges."""
    editions = Exchange.objects.public().for_list()
    public = with_editions(Program.objects.public().for_page(), editions)
    found = find_public(public, Q(slug=slug))
    return render(
        request,
        "exchanges/program_detail.html",
        {"program": found, "missing": missing_in_program(found), "today": localdate()},
    )
