"""Addresses of the pages that show the ground floor alone."""

from django.urls import path

from cities import views

app_name = "cities"
urlpatterns = [
    path("cities/", views.partners, name="list"),
    path("cities/<slug:slug>/mark.svg", views.city_postmark, name="city-postmark"),
    path("cities/<slug:slug>/picture/", views.city_picture, name="city-picture"),
    path("relationship-types/", views.relationship_types, name="relationship-types"),
    path("sources/<slug:slug>/document/", views.source_document, name="source-document"),
]
