"""Which places a request sees: those in which whoever asks holds a role, and no more than the page needs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from openpbc.kernel.sight import EVERY_PLACE, see, within
from openpbc.organisations import reads
from openpbc.organisations.reads import Viewer
from openpbc.site import rooms
from openpbc.site.access import rule_for

# Pages that name no place and are about all of them: signing in and out, when nobody is known yet, and the
# administrators' pages of people. On every other page without a place, one sees the places of one's own roles.
OF_THE_SITE = frozenset(
    {
        "account:sign-in",
        "account:invitation",
        "people:listing",
        "people:invite",
        "people:person",
        "people:role-give",
        "people:role-end",
    }
)


class Within:
    """Says which places are seen; a page is read in one transaction, which is told once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, seeing nothing until it is known who asks for what."""
        with within(()), _reading(request):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Open the places of the reader's roles, and that of a page which is for everybody."""
        see(places_of(request, getattr(request, "viewer", reads.PUBLIC), str(kwargs.get("place", ""))))


def places_of(request: HttpRequest, viewer: Viewer, place: str) -> frozenset[str]:
    """Give the places that a request sees; a page for everybody opens the place that its address names."""
    match, rule = request.resolver_match, rule_for(request)
    if match and match.view_name in OF_THE_SITE:
        return frozenset({EVERY_PLACE})
    public = rule is not None and "public" in rule.allow and place in {each.id for each in rooms.places()}
    return viewer.places | ({place} if public else frozenset())


def _reading(request: HttpRequest) -> AbstractContextManager[Any]:
    """One transaction for what only reads; a form opens its own. Where there is no wall, nothing changes."""
    reads_only = connection.vendor == "postgresql" and request.method in ("GET", "HEAD")
    return transaction.atomic() if reads_only else nullcontext()
