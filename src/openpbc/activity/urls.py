"""Addresses of the room's pages."""

from django.urls import path

from openpbc.activity import pages

app_name = "activity"
urlpatterns = [
    path("p/<str:place>/submissions", pages.submissions, name="submissions"),
    path("p/<str:place>/submissions/<str:sha>", pages.submission, name="submission"),
]
