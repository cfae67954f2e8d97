"""Addresses of the room's pages."""

from django.urls import path

from openpbc.monitoring.pages import in_year, months, units

app_name = "monitoring"
urlpatterns = [
    path("p/<str:place>/months", months.months, name="months"),
    path("p/<str:place>/months/<str:month>", months.month, name="month"),
    path("p/<str:place>/units/<str:unit>", units.unit, name="unit"),
    path("p/<str:place>/practices/<str:practice>", units.practice, name="practice"),
    path("p/<str:place>/position/<str:month>", in_year.whole, name="position"),
    path("p/<str:place>/units/<str:unit>/position/<str:month>", in_year.group, name="unit-position"),
    path("p/<str:place>/practices/<str:practice>/position/<str:month>", in_year.practice, name="practice-position"),
]
