"""The list of resolutions, and each one as a page and a PDF."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.models import City, Organization, Relationship
from cities.place_names import city_choices
from cities.records.list_form import ListForm, named
from cities.records.publishing import Publication
from cities.views import made_file
from resolutions.filters import ResolutionFilter
from resolutions.gaps import gaps_of
from resolutions.models import Effect, Member, Resolution, Text
from resolutions.reading import find_resolution
from resolutions.text_comparison import compare
from resolutions.views.versions import corrections, in_force


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Resolutions, newest first, filtered as the reader wants."""
    public: Any = Resolution.objects.public()
    form = ListForm(
        request.GET,
        ResolutionFilter,
        public,
        in_order=ResolutionFilter.in_order,
        complete=_with_course,
        options={
            "organization": _organizations_named,
            "city": _cities_named,
            "member": _members_named,
        },
        hints={
            "q": _("For example: St. Petersburg, or 2018-001."),
            "year": _("For example, 2013."),
            "on": _("For example, 8/1/2013. Leave blank for today."),
        },
        order=["q", "organization", "kind", "year", "status"],
    )
    return render(request, "resolutions/resolution_list.html", {"form": form}, status=form.status)


def _with_course(filters: Any, pks: list[Any]) -> Any:
    rows = Resolution.objects.filter(pk__in=pks).select_related("organization")
    return rows.with_course(filters.day)


def _organizations_named() -> Any:
    """Return the public organizations that have resolutions, as choices."""
    of_it = Resolution.objects.public().filter(organization=OuterRef("pk"))
    return named(Organization.objects.public().filter(Exists(of_it)))


def _members_named() -> Any:
    return Member.objects.public().values_list("slug", "name")


def _cities_named() -> Any:
    """Return the public cities that resolutions are about, also by what these do, as choices.

    Each is asked whether there is one, so that not all of them are read.
    """
    does = Effect.objects.public()
    of_resolution = {
        "resolution__publication": Publication.PUBLISHED,
        "resolution__organization__publication": Publication.PUBLISHED,
    }
    about_them = Resolution.relationships.through.objects.filter(**of_resolution)
    relationships = Relationship.objects.public().filter(
        Exists(about_them.filter(relationship=OuterRef("pk")))
        | Exists(does.filter(relationship=OuterRef("pk")))
    )
    places = Resolution.places.through.objects.filter(**of_resolution)
    return city_choices(
        City.objects.public().filter(
            Exists(places.filter(city=OuterRef("pk")))
            | Exists(does.filter(place=OuterRef("pk")))
            | Q(pk__in=relationships.values("partner"))
        )
    )


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One resolution: what it does, what happened, its full text, and what is missing."""
    resolution = find_resolution(slug)
    today = localdate()
    texts = [text for text in resolution.texts.all() if text.is_published]
    shown, problem = _requested_version(request, texts)
    compared = _compared_versions(request, texts)
    problems = [sentence for sentence in (problem, compared.get("problem")) if sentence]
    return render(
        request,
        "resolutions/resolution_detail.html",
        {
            "resolution": resolution,
            "course": resolution.course_on(today),
            "today": today,
            "places": resolution.about,
            "texts": texts,
            "text": shown,
            "is_in_force": shown is in_force(texts),
            "corrections": corrections(texts),
            "compared": compared,
            "problems": problems,
            "gaps": [gap.missing for gap in gaps_of(resolution)],
            "address": request.build_absolute_uri(resolution.get_absolute_url()),
        },
        status=400 if problems else 200,
    )


def _numbered(texts: list[Text], given: str) -> Text | None:
    return next((text for text in texts if str(text.number) == given), None)


def _requested_version(request: HttpRequest, texts: list[Text]) -> tuple[Text | None, str]:
    """Return the version to show, and what is wrong with the request if anything is."""
    given = request.GET.get("version", "")
    if not given:
        return in_force(texts), ""
    found = _numbered(texts, given)
    if found is None:
        return in_force(texts), gettext("There is no such version. Choose one from the list.")
    return found, ""


def _compared_versions(request: HttpRequest, texts: list[Text]) -> dict[str, Any]:
    """Return the two requested versions with what changed between them, or the problem."""
    if "old" not in request.GET and "new" not in request.GET:
        return {}
    old, new = (_numbered(texts, request.GET.get(name, "")) for name in ("old", "new"))
    if old is None or new is None:
        return {"problem": gettext("Choose two versions from the lists to compare them.")}
    if old is new:
        return {
            "problem": gettext("You chose the same version twice. Choose two different versions.")
        }
    return {"old": old, "new": new, "clauses": compare(old.text, new.text)}


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same as a tagged PDF, with its permanent link and the fingerprint of the text."""
    from resolutions.views import pdf as sheets  # noqa: PLC0415 - typesetting is slow to start

    resolution = find_resolution(slug)
    document = sheets.of_resolution(
        resolution,
        in_force([text for text in resolution.texts.all() if text.is_published]),
        address=request.build_absolute_uri(resolution.get_absolute_url()),
        on=localdate(),
    )
    try:
        response = made_file(sheets.typeset(document), "application/pdf")
    except sheets.TypesettingError as error:
        return render(
            request,
            "resolutions/pdf_failed.html",
            {"resolution": resolution, "detail": str(error)},
            status=503,
        )
    name = content_disposition_header(True, f"{resolution.slug}.pdf")
    response.headers["Content-Disposition"] = name or ""
    return response
