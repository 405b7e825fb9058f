"""Pages that show more than one app, and the site's own."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from cities import gaps as unknown
from cities.models import (
    Authority,
    Citation,
    City,
    Entry,
    Relationship,
    RelationshipType,
    Source,
)
from cities.models.citations import CitationRole
from cities.publishing import Publication, find_public
from cities.standing import Status
from cities.views import size_of
from cities.words import grouped_by_type
from exchanges import gaps as exchanges_unknown
from exchanges.calendars import calendar_address
from exchanges.models import Exchange, Programme
from exchanges.sections import in_sections, with_editions
from exchanges.states import Phase
from lrscc import years
from lrscc.citing import citations_of_actions, uses_of
from lrscc.voices import newest_asked, voices
from resolutions import gaps as bodies_unknown
from resolutions.models import Action, ActionCitation


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The register at a glance: who we are tied to today, and the newest lines."""
    today = localdate()
    ties = Relationship.objects.public().for_list().with_standing(today)
    over_or_not_begun = (None, Status.ENDED, Status.PROPOSED)
    alive = [tie for tie in ties if tie.standing.status not in over_or_not_begun]
    groups = grouped_by_type(alive, RelationshipType.objects.all())
    lines = Entry.objects.public().for_reading().counting().filter(on_earliest__lte=today)
    citations = Prefetch("citations", ActionCitation.objects.public(), "public_citations")
    actions = (
        Action.objects.public()
        .filter(on_earliest__lte=today)
        .select_related("resolution", "organization")
        .prefetch_related("ballots", citations)
    )
    return render(
        request,
        "home.html",
        {
            "groups": groups,
            "country_count": len({tie.partner.country for tie in alive}),
            "first": min((tie.standing.began for tie in alive), key=_first_day, default=None),
            "lines": lines.order_by("-on_earliest", "-line")[:5],
            "actions": actions.order_by("-on_earliest", "-resolution", "-line")[:3],
            "open": in_sections(_open(today), today)[:5],
        },
    )


def _open(today: date) -> Any:
    """Exchanges that take applications."""
    exchanges: Any = Exchange.objects.public().for_list().with_phase(today)
    return exchanges.filter(phase=Phase.OPEN)


def _first_day(mark: object) -> date:
    return mark.on.earliest if mark else date.max  # type: ignore[attr-defined]


def _supporting(line: Any) -> Source | None:
    """The first public source that supports a line; needs `for_reading`."""
    supporting = (c.source for c in line.public_citations if c.role == CitationRole.SUPPORTS)
    return next(supporting, None)


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """One place: how the tie stands and why, its ledger, other accounts, what is not known."""
    places = City.objects.public().select_related(
        "part_of", "geography_source", "population_source"
    )
    place = find_public(places.prefetch_related("names__source"), Q(slug=slug))
    today = localdate()
    tie = unknown.with_ledger(Relationship.objects.public().filter(partner=place)).first()
    standing = tie.standing_on(today) if tie else None
    lines = tie.entries.all() if tie else []
    heard = voices(place, tie, today)
    return render(
        request,
        "city.html",
        {
            "place": place,
            "tie": tie,
            "standing": standing,
            "source": _supporting(standing.since) if standing and standing.since else None,
            "ledger": [line for line in lines if not line.is_claimed or line.is_withdrawn],
            "claims": [line for line in lines if line.is_claimed and line.is_published],
            "gaps": list(unknown.gaps_of(tie, today)) if tie else [],
            "became": place.became.between_public_places(),
            "came_from": place.came_from.between_public_places(),
            "parts": place.parts.public(),
            "goes_on": Entry.objects.public()
            .for_reading()
            .filter(partner=place)
            .exclude(relationship__partner=place),
            "authorities": Authority.objects.public().filter(place=place),
            "today": today,
            "voices": heard,
            "asked": newest_asked(heard),
            "deciders": _deciders(tie.home, today) if tie else [],
            "programmes": list(_programmes(tie, today)) if tie else [],
            "calendar": calendar_address(place.slug),
        },
    )


def _deciders(home: City, today: date) -> list[str]:
    """The names of who decides on the ties of the home place today."""
    over_it = Authority.objects.public().over(home, today, today)
    return [authority.organization.name for authority in over_it]


def _programmes(tie: Relationship, today: date) -> Any:
    """What is done together under a tie: programmes about it, or with an exchange about it."""
    exchanges = Exchange.objects.public().filter(relationships=tie)
    about = Q(relationships=tie) | Q(pk__in=exchanges.values("programme"))
    found = Programme.objects.filter(about).values("pk")
    return with_editions(Programme.objects.public().filter(pk__in=found).for_list(), today)


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it is, how near it stands, and all that it is cited for."""
    record = find_public(Source.objects.public(), Q(slug=slug))
    citations = (
        Citation.objects.filter(source=record, entry__in=Entry.objects.public())
        .select_related("entry__relationship__partner", "entry__type")
        .order_by("entry__relationship__partner__name", "entry__on_earliest", "entry__line")
    )
    of_actions, are_more = citations_of_actions(record)
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


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What we do not know, and how to send a document."""
    today = localdate()
    ties = unknown.with_ledger(Relationship.objects.public())
    about_ties = [(tie.partner, list(unknown.gaps_of(tie, today))) for tie in ties]
    lacking = bodies_unknown.lacking()
    newest = bodies_unknown.with_record(lacking.for_list())[: bodies_unknown.MOST]
    about_resolutions = [(it, list(bodies_unknown.gaps_of(it, today))) for it in newest]
    exchanges = exchanges_unknown.for_public(Exchange.objects.public()).select_related("programme")
    about_exchanges = [(it, exchanges_unknown.missing_in(it, today)) for it in exchanges]
    reports = [(exchange, missing) for exchange, missing in about_exchanges if missing]
    return render(
        request,
        "gaps.html",
        {
            "about_exchanges": reports[: exchanges_unknown.MOST],
            "more_exchanges": max(len(reports) - exchanges_unknown.MOST, 0),
            "about_ties": [(partner, found) for partner, found in about_ties if found],
            "about_resolutions": about_resolutions,
            "more_resolutions": lacking.count() - len(about_resolutions),
            "about_bodies": list(bodies_unknown.gaps_of_bodies(today)),
            "about_authority": list(unknown.gaps_of_authority()),
            "about_sources": list(unknown.gaps_of_sources()),
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this register is, who decides, and how a statement gets into it."""
    return render(request, "about.html", {"authorities": Authority.objects.public()})


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in words, made from the same description that programs read."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    resources = [
        (path, operation)
        for path, operations in schema["paths"].items()
        for operation in operations.values()
    ]
    return render(request, "api_docs.html", {"info": schema["info"], "resources": resources})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; nothing is asked of the database."""
    return JsonResponse({"status": "ok"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /api/\n", content_type="text/plain")


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
