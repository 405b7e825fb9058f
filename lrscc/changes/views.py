"""What changed in the register: the page, and the feeds to follow."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import City, Organization
from cities.records.list_form import requested_page
from cities.records.publishing import find_public
from lrscc.changes import history as changes
from lrscc.changes.feeds import atom
from resolutions.gaps import members_address
from resolutions.models import Member, Resolution

AT_ONCE = 50
"""Versions on one page; what was saved at once is told as one change."""

IN_FEED = 100
"""Versions that a feed goes back."""


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every change, newest first, or those of one kind."""
    kind, problem = request.GET.get("kind", ""), ""
    if kind and kind not in changes.KINDS:
        kind, problem = "", _("There is no such kind of change. Choose one below.")
    of, record = changes.asked(request.GET)
    if of and record is None:
        of, problem = "", _("There is no such record. This is what changed in all of them.")
    wanted = changes.SCOPES[of][1](record) if of else None
    asked = {of: record.slug} if record else {}
    pages = Paginator(changes.versions(wanted, kind), AT_ONCE)
    page, no_page = requested_page(pages, request.GET)
    problem = no_page or problem
    return render(
        request,
        "changes.html",
        {
            "changes": changes.told(page.object_list),
            "page": page,
            "kind": kind,
            "kinds": changes.KINDS.items(),
            "kind_label": changes.KINDS.get(kind, ""),
            "of": f"{urlencode(asked)}&" if asked else "",
            "record": record,
            "conditions": urlencode(asked | ({"kind": kind} if kind else {})),
            "problem": problem,
        },
        status=400 if problem else 200,
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The changes of the whole register."""
    return _feed(request, None, _("Lansing’s sister cities: changes"), reverse("changes"))


@require_safe
def city_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed about a place: its page, and what was asked, said and done about it."""
    place = find_public(City.objects.public(), Q(slug=slug))
    return _feed(request, changes.of_place(place), place.name, place.get_absolute_url())


@require_safe
def resolution_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a resolution."""
    found = find_public(Resolution.objects.public(), Q(slug=slug))
    return _feed(request, changes.of_page(found), str(found), found.get_absolute_url())


@require_safe
def member_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed about a member, and in what the member put forward or voted on."""
    member = find_public(Member.objects.public(), Q(slug=slug))
    return _feed(request, changes.of_member(member), member.name, member.get_absolute_url())


@require_safe
def organization_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed about a body, its meetings and its resolutions."""
    body = find_public(Organization.objects.public(), Q(slug=slug))
    return _feed(request, changes.of_organization(body), body.name, members_address(body))


def _feed(
    request: HttpRequest, scope: changes.Scope | None, title: str, page: str
) -> HttpResponse:
    content = atom(
        changes.told(changes.versions(scope)[:IN_FEED]),
        title=_("%(record)s: changes") % {"record": title} if scope else title,
        page=page,
        feed=request.path,
        address=request.build_absolute_uri,
    )
    # No Last-Modified: what was withdrawn takes its moment along. The middleware makes the ETag.
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
