"""The page of what changed in the record, and its feeds."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.records.list_form import requested_page
from cities.records.paging import ListPages
from cities.records.publishing import find_public
from cities.records.record_types import registry
from lrscc.changes import reading as changes
from lrscc.changes.feeds import atom
from lrscc.changes.scopes import Scope, feeds, followed_with, requested

CHANGES_PER_PAGE = 50
"""Changes on one page of the list."""

CHANGES_PER_FEED = 100
"""Changes that a feed goes back."""


class SiteRequest(HttpRequest):
    """A request as the site passes it on: it knows the register whose pages it asks for."""

    register: Any


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every change, newest first, or those of one kind."""
    kind, problem = request.GET.get("kind", ""), ""
    if kind and kind not in changes.KINDS:
        kind, problem = "", gettext("There is no such kind of change. Choose one below.")
    of, record = requested(request.GET)
    if of and record is None:
        of, problem = "", gettext("There is no such record. These are the changes to all records.")
    wanted = followed_with(record) if of else None
    chosen = {of: record.slug} if record else {}
    pages = ListPages(changes.entries(wanted, kind), CHANGES_PER_PAGE)
    page, no_page = requested_page(pages, request.GET)
    problem = no_page or problem
    return render(
        request,
        "changes.html",
        {
            "changes": changes.changes_of(page.object_list),
            "page": page,
            "kind": kind,
            "kinds": [(name, changes.KINDS[name]) for name in changes.kinds_on_record()],
            "kind_label": changes.KINDS.get(kind, ""),
            "of": f"{urlencode(chosen)}&" if chosen else "",
            "record": record,
            "conditions": urlencode(chosen | ({"kind": kind} if kind else {})),
            "problem": problem,
        },
        status=400 if problem else 200,
    )


@require_safe
def feed(request: SiteRequest) -> HttpResponse:
    """Return the feed of all changes."""
    return _feed(request, None, request.register.site_name, reverse("changes"))


@require_safe
def record_feed(request: SiteRequest, feed: str, slug: str) -> HttpResponse:
    """Return the feed of the changes of one record and of what is followed with it."""
    record_type = registry[feeds()[feed]]
    record = find_public(record_type.model.objects.public(), Q(slug=slug))
    page = record_type.address(slug) or f"{reverse('changes')}?{feed}={slug}"
    return _feed(request, followed_with(record), record_type.feed_title(record), page)


def _feed(request: SiteRequest, scope: Scope | None, title: str, page: str) -> HttpResponse:
    register = request.register
    content = atom(
        changes.changes_of(changes.entries(scope)[:CHANGES_PER_FEED]),
        author=register.maintainer_name,
        domain=register.domain,
        title=gettext("%(record)s: changes") % {"record": title},
        page=page,
        feed=request.path,
        address=request.build_absolute_uri,
    )
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
