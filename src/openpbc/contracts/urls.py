"""Addresses of the room's pages."""

from django.urls import path

from openpbc.contracts import pages

app_name = "contracts"
urlpatterns = [
    path("p/<str:place>/contracts", pages.register, name="register"),
]
