"""Every address: those of the rooms, which each keeps in its ``urls.py``, and those that belong to no room."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from openpbc.site.pages import account, people, roles

PACKAGE = Path(settings.PACKAGE)

account_urls = [
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("invitation/<str:token>", account.invitation, name="invitation"),
    path("account", account.password, name="password"),
    path("account/digest", account.digest, name="digest"),
    path("account/changed", account.password_changed, name="password-changed"),
]
people_urls = [
    path("people", people.listing, name="listing"),
    path("people/invite", people.invite, name="invite"),
    path("people/invited", people.invited, name="invited"),
    path("people/<int:user_id>", people.person, name="person"),
    path("people/<int:user_id>/roles/give", roles.give, name="role-give"),
    path("people/<int:user_id>/roles/end", roles.end, name="role-end"),
]


def room_urls() -> list[URLResolver | URLPattern]:
    """Include the addresses of every room that has some."""
    rooms = sorted(file.parent.name for file in PACKAGE.glob("*/urls.py") if file.parent.name != "site")
    return [path("", include(import_module(f"openpbc.{room}.urls"))) for room in rooms]


urlpatterns = [
    path("", include((account_urls, "account"))),
    path("", include((people_urls, "people"))),
    path("", include("openpbc.site.pages.urls")),
    *room_urls(),
]

handler400 = "openpbc.site.problems.bad_request"
handler403 = "openpbc.site.problems.forbidden"
handler404 = "openpbc.site.problems.not_found"
handler500 = "openpbc.site.problems.server_error"
