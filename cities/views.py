"""The pages of cities, types of relationship, and the files of sources and cities."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import condition, require_safe

from cities import shared
from cities.change_years import change_years
from cities.current_register import register_of
from cities.figures import figures, status_counts
from cities.filters import PartnerFilter
from cities.models import City, Relationship, Source
from cities.partner_map import map_of, map_of_today
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
    types = shared.relationship_types()
    form = FilterForm(
        request.GET,
        PartnerFilter,
        Relationship.objects.public().for_list(),
        options={
            "country": shared.partner_countries(),
            "type": [(kind.slug, kind.name) for kind in types],
        },
        hints={"on": gettext("For example, 1/1/1990. Leave blank for today.")},
    )
    day, today = form.filters.day, localdate()
    conditions = {
        name: form.filters.data[name] for name in CONDITIONS if form.filters.data.get(name)
    }
    is_of_today = day == today and not conditions
    shown = shared.partners_today(today) if is_of_today else list(form.filters.qs)
    return render(
        request,
        "cities/city_list.html",
        {
            "form": form,
            "day": day,
            "is_today": day == today,
            "change_years": change_years(day, conditions),
            "count": len(shown),
            "statuses": status_counts(shown),
            "figures": figures(shown, types),
            "map": map_of_today(today, True) if is_of_today else map_of(shown, types, day),
            "groups": grouped_by_type(shown, types),
            "data": urlencode({"on": day, **conditions}),
        },
        status=form.status,
    )


@require_safe
def relationship_types(request: HttpRequest) -> HttpResponse:
    """What each type of relationship means, which there are, and who decides."""
    types = shared.relationship_types()
    alive = [
        relationship
        for relationship in shared.partners_today(localdate())
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
            "authorities": shared.authorities(),
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
    return picture_of(request, find_public(City.objects.public(), Q(slug=slug)))


def no_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let browsers run nothing of a file, and ask each time whether it is still the same."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any) -> HttpResponseBase:
        response = view(request, *args)
        response.headers["Content-Security-Policy"] = NOT_A_PAGE
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    return wrapped


def _picture_changed(request: HttpRequest, record: Any) -> datetime:
    if not record.picture:
        raise Http404
    try:
        return record.picture.storage.get_modified_time(record.picture.name)
    except FileNotFoundError:
        raise Http404 from None


@no_page
@condition(lambda request, record: key_of(record.picture), _picture_changed)
def picture_of(request: HttpRequest, record: Any) -> HttpResponseBase:
    """Return a record’s picture. Raise `Http404` without one."""
    return FileResponse(
        record.picture.open(), content_type="image/webp", filename=f"{record.slug}.webp"
    )


@require_safe
def city_postmark(request: HttpRequest, slug: str) -> HttpResponse:
    """The postmark of a place as of today."""
    place = find_public(City.objects.public().prefetch_related("names"), Q(slug=slug))
    relationships = Relationship.objects.public().filter(partner=place).with_standing(localdate())
    relationship = relationships.home_first(register_of(request).home_if_known).first()
    drawing = drawing_of(postmark_of(place, relationship.standing if relationship else None))
    return made_file(drawing, "image/svg+xml")


def drawing_of(postmark: Postmark) -> str:
    """Return the postmark as an SVG file that needs no page around it."""
    color = TONES.get(postmark.type, INK)
    return render_to_string("cities/postmark.svg", {"postmark": postmark, "tone": color})


def made_file(content: str | bytes, content_type: str) -> HttpResponse:
    """Return a file made from data; browsers run nothing of it."""
    headers = {"Content-Security-Policy": NOT_A_PAGE}
    return HttpResponse(content, content_type=content_type, headers=headers)
