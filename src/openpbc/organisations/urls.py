"""Addresses of the room's pages."""

from django.urls import path

from openpbc.organisations import pages

app_name = "organisations"
urlpatterns = [
    path("p/<str:place>/organisations", pages.listing, name="listing"),
]
