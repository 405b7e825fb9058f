"""The list of resolutions, the page of each, and the same as a PDF."""

import hashlib
from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import City, Organization, Relationship
from cities.records.languages import sorting_key
from cities.records.list_form import ListForm, named
from cities.records.publishing import find_public
from cities.views import NOT_A_PAGE
from resolutions.filters import ResolutionFilter
from resolutions.gaps import gaps_of, with_record
from resolutions.models import Member, Resolution, Text
from resolutions.text_comparison import compare
from resolutions.views.versions import corrections, in_force


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Resolutions, newest first, by what a reader asks."""
    public = Resolution.objects.public()
    relationships = Relationship.objects.public().filter(pk__in=public.values("relationships"))
    about = Q(pk__in=public.values("places")) | Q(pk__in=relationships.values("partner"))
    asked = ListForm(
        request.GET,
        ResolutionFilter,
        public.for_list(),
        options={
            "body": named(
                Organization.objects.public().filter(pk__in=public.values("organization"))
            ),
            "city": named(City.objects.public().filter(about)),
            "member": Member.objects.public().values_list("slug", "name"),
        },
        hints={
            "q": _("Like: severed ties, or 2018-001."),
            "year": _("Four digits, like 2013."),
            "on": _("Like 2013-08-01. Empty is today."),
        },
        order=["q", "body", "kind", "year", "status"],
    )
    return render(
        request, "resolutions/resolution_list.html", {"asked": asked}, status=asked.status
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One resolution: what it does, how it was decided, its words, what came of it."""
    resolution = find_public(with_record(Resolution.objects.public()), Q(slug=slug))
    today = localdate()
    texts = [text for text in resolution.texts.all() if text.is_published]
    shown, wrong = _version_asked(request, texts)
    compared = _versions_compared(request, texts)
    problems = [problem for problem in (wrong, compared.get("problem")) if problem]
    return render(
        request,
        "resolutions/resolution_detail.html",
        {
            "resolution": resolution,
            "course": resolution.course_on(today),
            "today": today,
            "places": about(resolution),
            "texts": texts,
            "text": shown,
            "is_in_force": shown is in_force(texts),
            "corrections": corrections(texts),
            "compared": compared,
            "problems": problems,
            "gaps": list(gaps_of(resolution, today)),
            "address": request.build_absolute_uri(resolution.get_absolute_url()),
        },
        status=400 if problems else 200,
    )


def about(record: Any) -> list[City]:
    """The public places that a record with prefetched places and relationships is about."""
    places = {place.pk: place for place in record.places.all()}
    places |= {
        relationship.partner.pk: relationship.partner
        for relationship in record.relationships.all()
    }
    return sorted(places.values(), key=lambda place: sorting_key(place.name))


def _number(texts: list[Text], given: str) -> Text | None:
    return next((text for text in texts if str(text.number) == given), None)


def _version_asked(request: HttpRequest, texts: list[Text]) -> tuple[Text | None, str]:
    """The version to read, and what was wrong with the question."""
    given = request.GET.get("version", "")
    if not given:
        return in_force(texts), ""
    found = _number(texts, given)
    if found is None:
        return in_force(texts), _("There is no such version. Choose one from the list.")
    return found, ""


def _versions_compared(request: HttpRequest, texts: list[Text]) -> dict[str, Any]:
    """Two versions with what changed between them; nothing where nobody asked."""
    if "old" not in request.GET and "new" not in request.GET:
        return {}
    old, new = (_number(texts, request.GET.get(name, "")) for name in ("old", "new"))
    if old is None or new is None:
        return {"problem": _("Choose two versions from the lists to compare them.")}
    if old is new:
        return {"problem": _("Choose two versions that differ: that is the same one twice.")}
    return {"old": old, "new": new, "clauses": compare(old.text, new.text)}


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same as a file to keep: tagged, with its permanent address and hash."""
    from resolutions.views import pdf as sheets  # noqa: PLC0415 - typesetting is slow to start

    resolution = find_public(with_record(Resolution.objects.public()), Q(slug=slug))
    document = sheets.of_resolution(
        resolution,
        in_force([text for text in resolution.texts.all() if text.is_published]),
        address=request.build_absolute_uri(resolution.get_absolute_url()),
        on=localdate(),
    )
    etag = f'"{hashlib.sha256(repr(asdict(document)).encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(sheets.typeset(document), content_type="application/pdf")
        except sheets.TypesettingError as error:
            return render(
                request,
                "resolutions/pdf_failed.html",
                {"resolution": resolution, "detail": str(error)},
                status=503,
            )
        name = content_disposition_header(True, f"{resolution.slug}.pdf")
        response.headers["Content-Disposition"] = name or ""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Content-Security-Policy"] = NOT_A_PAGE
    return response
