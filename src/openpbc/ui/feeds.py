"""Private addresses under which calendar programs and feed readers, which cannot sign in, read something of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openpbc.rulebook.reader import Book
from openpbc.ui.pages import Crumb, Page, respond


@dataclass(frozen=True)
class Feed:
    """What people read under a private address: ``route`` is what programs open, ``page`` where people make theirs.

    ``has`` tells, for place and sign-in name, whether there is one. ``start`` makes one ``by`` somebody in a ``place``,
    and gives its token; ``end`` ends it. ``program`` is what reads it, ``of`` what of the place it is about.
    """

    title: str
    route: str
    page: str
    has: Callable[[str, str], bool]
    start: Callable[..., str]
    end: Callable[..., None]
    program: str = "calendar program"
    of: tuple[str, ...] = ()


def feed_page(request: HttpRequest, book: Book, feed: Feed, what: str, *trail: Crumb) -> HttpResponse:
    """Make, renew or end one's private address; a new one is shown once."""
    place, actor = book.place.id, request.viewer.actor
    kept = "/".join((feed.route, place, *feed.of))
    if request.method != "POST":
        token = request.session.pop(kept, "")
        address = request.build_absolute_uri(reverse(feed.route, args=[token])) if token else ""
        context = {"address": address, "has_feed": feed.has(place, actor.id), "what": what,
                   "program": feed.program}  # fmt: skip
        return respond(request, Page("openpbc/feed.jinja", feed.title, book, trail, context=context))
    if request.POST.get("change") == "close":
        feed.end(by=actor, place=place)
    else:
        request.session[kept] = feed.start(by=actor, place=place)
    return redirect(feed.page, place, *feed.of)
