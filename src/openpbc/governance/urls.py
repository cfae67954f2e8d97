"""Addresses of the room's pages."""

from django.urls import path

from openpbc.governance import pages

app_name = "governance"
urlpatterns = [
    path("p/<str:place>/decisions", pages.register, name="decisions"),
    path("p/<str:place>/decisions/new", pages.record, name="record"),
    path("p/<str:place>/decisions/<int:number>", pages.decision, name="decision"),
]
