"""The site map."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView

from lrscc.api import router
from lrscc.changes import views as changes
from lrscc.pages import cards, city, gaps, health, home, site, sitemap, source, timeline, year
from lrscc.search import views as search

RENAMED = {
    "programmes/": "programs/",
    "bodies/": "organizations/",
    "api/v1/programmes/": "api/v1/programs/",
}
"""Addresses that were renamed: the old ones answer 301 for ever."""


FEEDS = {
    "cities": "city",
    "resolutions": "resolution",
    "members": "member",
    "organizations": "organization",
}
"""Kinds of record that have feeds of their own, by where those are."""


def moved_to(address: str) -> Any:
    """Redirect an address, and everything below it, to another one for good."""
    return RedirectView.as_view(
        url=f"/{address}%(rest)s",
        permanent=True,
        query_string=True,
        http_method_names=["get", "head"],
    )


urlpatterns = [
    path("", home.home, name="home"),
    path("cities/<slug:slug>/", city.city, name="city"),
    path("cities/<slug:slug>/card.png", cards.city_card, name="city-card"),
    path("card.png", cards.site_card, name="site-card"),
    path("sources/<slug:slug>/", source.source, name="source"),
    path("changes/", changes.listing, name="changes"),
    path("changes/feed.atom", changes.feed, name="changes-feed"),
    *(
        path(
            f"{folder}/<slug:slug>/feed.atom", changes.record_feed, {"feed": feed}, f"{feed}-feed"
        )
        for folder, feed in FEEDS.items()
    ),
    path("", include("cities.urls")),
    path("", include("resolutions.urls")),
    path("", include("exchanges.urls")),
    re_path(r"^exchanges/year/(?P<year>[0-9]{4})/$", year.year, name="year"),
    re_path(
        r"^exchanges/year/(?P<year>[0-9]{4})/report\.csv$", year.year_report, name="year-report"
    ),
    path("timeline/", timeline.timeline, name="timeline"),
    path("search/", search.search, name="search"),
    path("search/suggest", search.suggest, name="search-suggest"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("about/", site.about, name="about"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("corrections/", site.corrections, name="corrections"),
    path("data/", site.data, name="data"),
    path("privacy/", site.privacy, name="privacy"),
    path("api/docs/", site.api_docs, name="api-docs"),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("api/v1/", include((router.urls, "api"))),
    path("healthz/", health.healthz, name="healthz"),
    path("readyz/", health.readyz, name="readyz"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap-index"),
    path("sitemap-<str:section>.xml", sitemap.sitemap, name="sitemap-section"),
    path(".well-known/security.txt", sitemap.security, name="security"),
    path(settings.ADMIN_PATH, include("lrscc.accounts.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    *(re_path(rf"^{old}(?P<rest>.*)$", moved_to(new)) for old, new in RENAMED.items()),
]
handler400 = "lrscc.errors.bad_request"
handler403 = "lrscc.errors.permission_denied"
handler404 = "lrscc.errors.not_found"
handler500 = "lrscc.errors.server_error"
