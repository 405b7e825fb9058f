"""The addresses, which are those of our site."""

from django.contrib import admin
from django.contrib.sitemaps import GenericSitemap
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from tests.benchmark.twin import models, views
from tests.benchmark.twin.api import router

SITEMAPS = {
    "city": GenericSitemap({"queryset": models.City.objects.all()}),
    "resolution": GenericSitemap({"queryset": models.Resolution.objects.all()}),
}

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("cities/", views.CityListView.as_view(), name="cities"),
    path("cities/<slug:slug>/", views.CityView.as_view(), name="city"),
    path("resolutions/", views.ResolutionListView.as_view(), name="resolutions"),
    path("resolutions/<slug:slug>/", views.ResolutionView.as_view(), name="resolution"),
    path("search/", views.search, name="search"),
    path("changes/", views.ChangeListView.as_view(), name="changes"),
    path("changes/feed.atom", views.ChangeFeed(), name="changes-feed"),
    path("timeline/", views.timeline, name="timeline"),
    path("gaps/", views.gaps, name="gaps"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("api/v1/", include((router.urls, "api"))),
    path("admin/", admin.site.urls),
]
