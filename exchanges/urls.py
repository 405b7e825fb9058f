"""Addresses of the pages that show programmes and exchanges."""

from django.urls import path

from exchanges import views

app_name = "exchanges"
urlpatterns = [
    path("exchanges/<slug:slug>/", views.exchange, name="exchange"),
    path("exchanges/<slug:slug>/picture/", views.exchange_picture, name="exchange-picture"),
    path("programmes/<slug:slug>/", views.programme, name="programme"),
]
