"""What search engines and finders of faults ask for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from cities.records.record_types import registry
from lrscc.changes import history as changes
from lrscc.pages import year_review as years

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NO_PAGES = ("api/v1/", "healthz/", "search/", settings.ADMIN_PATH)
"""How the paths begin that are no pages to find."""
MOST = 50_000
"""Addresses in one sitemap, by its protocol."""


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page there is, those of records with their last change."""
    urls = ElementTree.Element("urlset", xmlns=NAMESPACE)
    for path, changed in [*_site_pages(), *_record_pages()][:MOST]:
        url = ElementTree.SubElement(urls, "url")
        ElementTree.SubElement(url, "loc").text = request.build_absolute_uri(path)
        if changed is not None:
            ElementTree.SubElement(url, "lastmod").text = changed.isoformat(timespec="seconds")
    content = ElementTree.tostring(urls, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


def _site_pages() -> Iterator[tuple[str, None]]:
    """The pages that are there whatever is on record, and a page for each year."""
    for path in _fixed_paths(get_resolver(), ""):
        yield f"/{path}", None
    for year in years.years_on_record(localdate()):
        yield reverse("year", kwargs={"year": year}), None


def _fixed_paths(resolver: Any, before: str) -> Iterator[str]:
    """The paths of routes without parameters that end as pages do."""
    for part in resolver.url_patterns:
        path = before + str(part.pattern)
        if path and path.startswith(NO_PAGES):
            continue
        if not isinstance(part, URLPattern):
            yield from _fixed_paths(part, path)
        elif "<" not in path and (not path or path.endswith("/")):
            yield path


def _record_pages() -> Iterator[tuple[str, datetime | None]]:
    changed = changes.newest_of_pages()
    for record_type in registry:
        if record_type.route:
            public = record_type.model.objects.public().order_by("slug")
            for slug in public.values_list("slug", flat=True):
                yield record_type.address(slug), changed.get((record_type.model, slug))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers need not go: data, the admin, and lists by every condition."""
    lines = [
        "User-agent: *",
        "Disallow: /api/v1/",
        f"Disallow: /{settings.ADMIN_PATH}",
        "Disallow: /*?",
        "Allow: /*?page=",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole in the site (RFC 9116); 404 while no contact is set."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    expires = (now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires.isoformat()}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
