"""The start page, and each place's home: my work today, and how the place stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ROLES, Viewer
from openpbc.site import rooms, sealing, shell
from openpbc.site.access import Decision
from openpbc.site.pages.explain import decision
from openpbc.ui.figures import Figure
from openpbc.ui.offers import Headline
from openpbc.ui.pages import Page, respond


def start(request: HttpRequest) -> HttpResponse:
    """Lead the reader to the place in which they hold a role; with several, let them choose."""
    viewer: Viewer = request.viewer
    places = shell.open_places(viewer)
    loaded = {each.id for each in organisations.places()}
    if len(places) == 1:
        return HttpResponseRedirect(reverse("place", kwargs={"place": places[0].id}))
    return respond(request, Page("site/start.jinja", "Choose a place", context={"places": places, "loaded": loaded}))


def place(request: HttpRequest, place: str) -> HttpResponse:
    """My work today with the reason for each item, and the place's position; figures lead to their explanation."""
    viewer: Viewer = request.viewer
    book = organisations.book(place)
    headlines = [each for each in rooms.headlines(book, viewer) if _may_see(viewer, each)]
    work = sealing.open_work(book, viewer)
    page = Page(
        template="site/home.jinja",
        title="My work today",
        book=book,
        is_home=True,
        synthetic=any(each.synthetic for each in headlines),
        context={
            "work": [each for each in work if not each.waits],
            "later": [each for each in work if each.waits],
            "headlines": headlines,
            "roles": ", ".join(sorted(ROLES[role] for role in viewer.roles_in(place))),
        },
    )
    return respond(request, page)


def _may_see(viewer: Viewer, headline: Headline) -> bool:
    """A headline is for those who may see the explanation of its figure; a missing figure is for those who plan."""
    found = headline.figure
    return not isinstance(found, Figure) or decision(viewer, found.address) is Decision.ALLOW
