"""Addresses of the pages that show programs and exchanges."""

from django.urls import path

from exchanges import views

app_name = "exchanges"
urlpatterns = [
    path("exchanges/", views.listing, name="list"),
    path("exchanges/calendar.ics", views.calendar, name="calendar"),
    path("exchanges/<slug:slug>/", views.exchange, name="exchange"),
    path("exchanges/<slug:slug>/picture/", views.exchange_picture, name="exchange-picture"),
    path("programs/", views.programs, name="programs"),
    path("programs/<slug:slug>/", views.program, name="program"),
]
