"""The page of what is missing, and how to send it."""

from datetime import date

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities import gaps as cities_gaps
from cities.models import Relationship
from exchanges import gaps as exchanges_gaps
from exchanges.models import Exchange
from resolutions import gaps as resolutions_gaps
from resolutions.models import Resolution


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What we are still looking for, and how to send a document."""
    today = localdate()
    relationships = cities_gaps.with_entries(Relationship.objects.public())
    about_relationships = [
        (relationship.partner, list(cities_gaps.gaps_of(relationship, today)))
        for relationship in relationships
    ]
    newest, incomplete = _newest_with_gaps(today)
    about_resolutions = [
        (resolution, list(resolutions_gaps.gaps_of(resolution))) for resolution in newest
    ]
    exchanges = exchanges_gaps.for_public(Exchange.objects.public()).select_related("program")
    about_exchanges = [
        (exchange, exchanges_gaps.missing_in(exchange, today)) for exchange in exchanges
    ]
    reports = [(exchange, missing) for exchange, missing in about_exchanges if missing]
    return render(
        request,
        "gaps.html",
        {
            "about_exchanges": reports[: exchanges_gaps.EXCHANGES_LISTED],
            "more_exchanges": max(len(reports) - exchanges_gaps.EXCHANGES_LISTED, 0),
            "about_relationships": [
                (partner, found) for partner, found in about_relationships if found
            ],
            "about_resolutions": about_resolutions,
            "more_resolutions": incomplete - len(about_resolutions),
            "about_organizations": list(resolutions_gaps.gaps_of_members(today)),
            "about_authority": list(cities_gaps.gaps_of_authority()),
            "about_sources": list(cities_gaps.gaps_of_sources()),
        },
    )


def _newest_with_gaps(today: date) -> tuple[list[Resolution], int]:
    """Return the newest resolutions with something missing, and how many there are in all."""
    found = resolutions_gaps.resolutions_with_gaps().newest_first(today)
    rows = found.annotate(total=Window(Count("*"))).values_list("pk", "total")
    first = list(rows[: resolutions_gaps.RESOLUTIONS_LISTED])
    pks = [pk for pk, __ in first]
    records = resolutions_gaps.with_parts(Resolution.objects.filter(pk__in=pks)).in_bulk()
    return [records[pk] for pk in pks], first[0][1] if first else 0
