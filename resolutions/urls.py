"""Addresses of the pages about councils and commissions and what they decided."""

from django.urls import path

from resolutions.views import meetings, members, resolutions, statements

app_name = "resolutions"
urlpatterns = [
    path("resolutions/", resolutions.listing, name="list"),
    path("resolutions/<slug:slug>/", resolutions.page, name="resolution"),
    path("resolutions/<slug:slug>/pdf/", resolutions.pdf, name="resolution-pdf"),
    path("meetings/", meetings.listing, name="meetings"),
    path("meetings/<slug:slug>/", meetings.page, name="meeting"),
    path("members/", members.listing, name="members"),
    path("members/<slug:slug>/", members.page, name="member"),
    path("statements/", statements.listing, name="statements"),
    path("statements/<slug:slug>/", statements.page, name="statement"),
]
