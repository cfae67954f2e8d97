"""Addresses of the room's pages."""

from django.urls import path

from openpbc.activity.pages import prices, submissions

app_name = "activity"
urlpatterns = [
    path("p/<str:place>/prices", prices.prices, name="prices"),
    path("p/<str:place>/submissions", submissions.submissions, name="submissions"),
    path("p/<str:place>/submissions/<str:sha>", submissions.submission, name="submission"),
]
