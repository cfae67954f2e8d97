"""Addresses of the room's pages."""

from django.urls import path

from openpbc.finance.pages import checks, compare, need, plan, shares

app_name = "finance"
urlpatterns = [
    path("p/<str:place>/plan", plan.plan, name="plan"),
    path("p/<str:place>/plan/checks", checks.checks, name="checks"),
    path("p/<str:place>/fair-shares", shares.shares, name="fair-shares"),
    path("p/<str:place>/fair-shares/compare", compare.compare, name="compare"),
    path("p/<str:place>/fair-shares/need", need.need_shares, name="need-shares"),
]
