"""The page of what is not known yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from cities import gaps as unknown
from cities.models import Relationship
from exchanges import gaps as exchanges_unknown
from exchanges.models import Exchange
from resolutions import gaps as bodies_unknown


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What we do not know, and how to send a document."""
    today = localdate()
    relationships = unknown.with_entries(Relationship.objects.public())
    about_relationships = [
        (relationship.partner, list(unknown.gaps_of(relationship, today)))
        for relationship in relationships
    ]
    lacking = bodies_unknown.lacking()
    newest = bodies_unknown.with_record(lacking.for_list())[: bodies_unknown.MOST]
    about_resolutions = [(it, list(bodies_unknown.gaps_of(it, today))) for it in newest]
    exchanges = exchanges_unknown.for_public(Exchange.objects.public()).select_related("program")
    about_exchanges = [(it, exchanges_unknown.missing_in(it, today)) for it in exchanges]
    reports = [(exchange, missing) for exchange, missing in about_exchanges if missing]
    return render(
        request,
        "gaps.html",
        {
            "about_exchanges": reports[: exchanges_unknown.MOST],
            "more_exchanges": max(len(reports) - exchanges_unknown.MOST, 0),
            "about_relationships": [
                (partner, found) for partner, found in about_relationships if found
            ],
            "about_resolutions": about_resolutions,
            "more_resolutions": lacking.count() - len(about_resolutions),
            "about_bodies": list(bodies_unknown.gaps_of_bodies(today)),
            "about_authority": list(unknown.gaps_of_authority()),
            "about_sources": list(unknown.gaps_of_sources()),
        },
    )
