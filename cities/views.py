"""The pages of cities, types of relationship, and the files of sources and cities."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.change_years import change_years
from cities.figures import figures, status_counts
from cities.filters import PartnerFilter
from cities.models import (
    Authority,
    City,
    Relationship,
    RelationshipType,
    Source,
)
from cities.partner_map import map_of
from cities.postmarks import INK, TONES, Postmark, postmark_of
from cities.records.list_form import FilterForm
from cities.records.pictures import key_of
from cities.records.publishing import find_public
from cities.standing import Status
from cities.words import grouped_by_type

NOT_A_PAGE = "default-src 'none'; sandbox"
"""The policy of an answer that is a file: whatever is in it, a browser runs nothing of it."""


CONDITIONS = ("type", "country", "status")
"""What the list of partners is filtered by, beside the day."""


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """The partners as of a day, by type: in figures, on the map and as a list."""
    types = list(RelationshipType.objects.all())
    form = FilterForm(
        request.GET,
        PartnerFilter,
        Relationship.objects.public().for_list(),
        options={
            "country": Relationship.objects.public().countries(),
            "type": [(kind.slug, kind.name) for kind in types],
        },
        hints={"on": _("For example, 1/1/1990. Leave blank for today.")},
    )
    shown = list(form.filters.qs)
    day = form.filters.day
    conditions = {
        name: form.filters.data[name] for name in CONDITIONS if form.filters.data.get(name)
    }
    return render(
        request,
        "cities/city_list.html",
        {
            "form": form,
            "day": day,
            "is_today": day == localdate(),
            "change_years": change_years(day, conditions),
            "count": len(shown),
            "statuses": status_counts(shown),
            "figures": figures(shown, types),
            "map": map_of(shown, types, day),
            "groups": grouped_by_type(shown, types),
            "data": urlencode({"on": day, **conditions}),
        },
        status=form.status,
    )


@require_safe
def relationship_types(request: HttpRequest) -> HttpResponse:
    """What each type of relationship means, which there are, and who decides."""
    types = list(RelationshipType.objects.all())
    relationships = Relationship.objects.public().for_list().with_standing(localdate())
    alive = [
        relationship
        for relationship in relationships
        if relationship.standing.status != Status.ENDED
    ]
    by_type = {
        kind.slug: [
            relationship for relationship in alive if relationship.standing.type == kind.slug
        ]
        for kind in types
    }
    return render(
        request,
        "cities/relationshiptype_list.html",
        {
            "types": [(kind, by_type[kind.slug]) for kind in types],
            "authorities": Authority.objects.public(),
        },
    )


def size_of(document: FieldFile) -> int | None:
    """Bytes of a document; none where there is none, or the disk has lost it."""
    try:
        return document.size if document else None
    except FileNotFoundError:
        return None


@require_safe
def source_document(request: HttpRequest, slug: str) -> FileResponse:
    """The document itself, as a download that no page can run."""
    record = find_public(Source.objects.public(), Q(slug=slug))
    if size_of(record.document) is None:
        raise Http404
    ending = record.document.name.rsplit(".", 1)[-1].lower()
    response = FileResponse(
        record.document.open(), as_attachment=True, filename=f"{record.slug}.{ending}"
    )
    response.headers["Content-Security-Policy"] = NOT_A_PAGE
    return response


@require_safe
def city_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture of a place."""
    return picture_of(find_public(City.objects.public(), Q(slug=slug)), request)


def picture_of(record: Any, request: HttpRequest) -> HttpResponseBase:
    """A record's picture, kept by browsers until it may have changed."""
    if not record.picture:
        raise Http404
    try:
        changed = int(record.picture.storage.get_modified_time(record.picture.name).timestamp())
    except FileNotFoundError:
        raise Http404 from None
    etag = f'"{key_of(record.picture)}"'
    unchanged = get_conditional_response(request, etag=etag, last_modified=changed)
    response = unchanged or FileResponse(
        record.picture.open(), content_type="image/webp", filename=f"{record.slug}.webp"
    )
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(changed)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Content-Security-Policy"] = NOT_A_PAGE
    return response


@require_safe
def city_postmark(request: HttpRequest, slug: str) -> HttpResponse:
    """The postmark of a place as of today."""
    place = find_public(City.objects.public().prefetch_related("names"), Q(slug=slug))
    relationships = Relationship.objects.public().filter(partner=place).with_standing(localdate())
    relationship = relationships.first()
    drawing = drawing_of(postmark_of(place, relationship.standing if relationship else None))
    return made_file(request, drawing, "image/svg+xml", lambda: drawing)


def drawing_of(postmark: Postmark) -> str:
    """Return the postmark as an SVG file that needs no page around it."""
    color = TONES.get(postmark.type, INK)
    return render_to_string("cities/postmark.svg", {"postmark": postmark, "tone": color})


def made_file(
    request: HttpRequest, key: str, content_type: str, make: Callable[[], Any]
) -> HttpResponse:
    """A file made from data: kept by browsers, and made again only when its key changed."""
    etag = f'"{sha256(key.encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(make(), content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Content-Security-Policy"] = NOT_A_PAGE
    return response
