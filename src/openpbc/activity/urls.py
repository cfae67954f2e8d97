"""Addresses of the room's pages."""

from django.urls import path

from openpbc.activity.pages import submissions

app_name = "activity"
urlpatterns = [
    path("p/<str:place>/submissions", submissions.submissions, name="submissions"),
    path("p/<str:place>/submissions/<str:sha>", submissions.submission, name="submission"),
]
