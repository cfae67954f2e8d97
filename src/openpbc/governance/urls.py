"""Addresses of the room's decisions."""

from django.urls import path

from openpbc.governance.pages import decisions

app_name = "governance"
urlpatterns = [
    path("p/<str:place>/decisions", decisions.register, name="decisions"),
    path("p/<str:place>/decisions/new", decisions.record, name="record"),
    path("p/<str:place>/decisions/<int:number>", decisions.decision, name="decision"),
]
