"""Addresses of the pages that belong to no room."""

from django.urls import path

from openpbc.site.pages import explain, heads, home, rulebook, search

urlpatterns = [
    path("", home.start, name="start"),
    path("p/<str:place>", home.place, name="place"),
    path("p/<str:place>/search", search.search, name="search"),
    path("p/<str:place>/rulebook", rulebook.listing, name="rulebook"),
    path("p/<str:place>/rulebook/<str:id>", rulebook.subject, name="rulebook-subject"),
    path("log/heads", heads.heads, name="log-heads"),
    path("log/heads.atom", heads.feed, name="log-heads-feed"),
    path("log/stamps/<int:sequence>.tsr", heads.stamp, name="log-stamp"),
    path("explain/<path:address>", explain.explain, name="explain"),
]
