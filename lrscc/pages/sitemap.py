"""What search engines and finders of faults ask for."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from cities.current_register import register_of
from cities.records.kept import keeping
from cities.records.paging import ListPages
from cities.records.record_types import RecordType, registry
from lrscc.changes import reading
from lrscc.pages.year_review import years_on_record

NO_PAGES = ("api/v1/", "healthz/", "readyz/", "search/", settings.ADMIN_PATH)
"""How the paths begin that are no pages to find."""


class _Pages(Sitemap):
    """Pages, each written as XML once: there may be 50,000 in one sitemap."""

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> list[Any]:
        root = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        items = list(self.paginator.page(page).object_list)
        moments = [self.lastmod(item) for item in items]
        known = [moment for moment in moments if moment]
        if known and len(known) == len(items):
            self.latest_lastmod = max(known)
        return [
            _written(root + self.location(item), moment)
            for item, moment in zip(items, moments, strict=True)
        ]

    def lastmod(self, item: str) -> datetime | None:
        return None

    def get_latest_lastmod(self) -> None:
        """None in the index: it would read every record of every kind."""


def _written(address: str, moment: datetime | None) -> SafeString:
    changed = f"<lastmod>{localdate(moment)}</lastmod>" if moment else ""
    return mark_safe(f"<url><loc>{escape(address)}</loc>{changed}</url>")


class SitePages(_Pages):
    """The pages that are there whatever is on record, and a page for each year."""

    def items(self) -> list[str]:
        paths = [f"/{path}" for path in _fixed_paths(get_resolver(), "")]
        years = years_on_record(localdate())
        return paths + [reverse("year", kwargs={"year": year}) for year in years]

    def location(self, item: str) -> str:
        return item


class RecordPages(_Pages):
    """The pages of one kind of record, each with its last change."""

    def __init__(self, record_type: RecordType) -> None:
        self.record_type = record_type
        self.before, self.after = record_type.address("slug-of-it").split("slug-of-it")

    @cached_property
    def changed(self) -> Mapping[str, datetime]:
        return reading.newest_of_pages(self.record_type.model)

    @property
    def paginator(self) -> ListPages:
        """Count the records once for each version of the site: the index counts every kind."""
        items = self.items()
        count = partial(keeping, (RecordPages, self.record_type), items.count)
        return ListPages(items, self.limit, count=count)

    def items(self) -> Any:
        public = self.record_type.model.objects.public()
        return public.order_by("slug").values_list("slug", flat=True)

    def location(self, item: str) -> str:
        return f"{self.before}{item}{self.after}"

    def lastmod(self, item: str) -> datetime | None:
        return self.changed.get(item)


def _sections() -> dict[str, Any]:
    """The sitemaps by what the index calls them."""
    kinds = [record_type for record_type in registry if record_type.route]
    records = {kind.model._meta.model_name: RecordPages(kind) for kind in kinds}
    return {"pages": SitePages(), **records}


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps of the site: one for each kind of record, cut where the protocol says so."""
    return views.index(request, _sections(), sitemap_url_name="sitemap-section")


@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """The pages of one sitemap."""
    return views.sitemap(request, _sections(), section)


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


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers need not go: data and the admin.

    Filtered lists say themselves that they are not to be indexed: a crawler that may not read
    them would never know.
    """
    lines = [
        "User-agent: *",
        "Disallow: /api/v1/",
        f"Disallow: /{settings.ADMIN_PATH}",
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap-index'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a security problem (RFC 9116)."""
    contacts = [
        f"mailto:{office.email}" for office in register_of(request).contacts[:1] if office.email
    ]
    contacts.append(f"{request.build_absolute_uri(reverse('corrections'))}#send")
    expires = (now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {address}" for address in contacts),
        f"Expires: {expires.isoformat()}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
