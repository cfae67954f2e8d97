"""A body's news for feed readers: meetings, agendas and decisions for its people, what is public for everybody.

What is withheld from the reader stays blank. No public page shows a body's meetings or decisions, so neither does the
public feed: it holds what the public page of route maps tells that the body signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.pages.meeting_parts import (
    at,
    bodies_crumb,
    body_crumb,
    body_name,
    meeting_name,
    on_day,
    state_tag,
    when,
)
from openpbc.governance.pages.route_maps import TITLE, groups_signed
from openpbc.governance.reads import Decision, feeds, gate, seats
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads import route_maps as maps_read
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.matters import sealed_matters
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.route_maps import RouteMap
from openpbc.governance.reads.seats import Body
from openpbc.governance.reads.sitting import barred_outside
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.feeds import Feed, feed_page
from openpbc.ui.news import Entry, atom
from openpbc.ui.pages import INVENTED

# How far back a feed goes; all that comes is in it.
FEED_DAYS = 366


def address(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Make, renew or end one's private address of a body's news; a new one is shown once."""
    book = open_book(place)
    body = seats.find_body(book, code)
    feed = Feed(
        title=f"{body_name(book, body.code)} in your feed reader",
        route="governance:body-feed",
        page="governance:body-feed-address",
        has=lambda place, sign_in: feeds.has_body_feed(place, body.code, sign_in),
        start=partial(actions.open_body_feed, body=body.code),
        end=partial(actions.close_body_feed, body=body.code),
        program="feed reader",
        of=(body.code,),
    )
    what = f"the meetings, agendas and decisions of the {body.name}"
    return feed_page(request, book, feed, what, bodies_crumb(book), body_crumb(book, body.code))


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The news of a body under a private address, for feed readers, which cannot sign in.

    It ends with the person's role, and holds the last year and all that comes. What an interest withholds from that
    person, and every private item and its decision, is a number and a blank.
    """
    found = feeds.body_feed_of(token)
    reader = organisations.viewer_by_sign_in(found[2]) if found else None
    if found is None or reader is None or not request.may_as(reader)("governance:body", place=found[0]):
        if found is not None:  # for good: a role given again later opens no address that was left lying about
            actions.end_body_feed(by=SYSTEM, place=found[0], body=found[1], person=found[2])
        raise Http404("There is no such feed.")
    book = open_book(found[0])
    body = seats.all_bodies(book).get(found[1])
    if body is None:
        raise Http404("There is no such body any more.")
    page = request.build_absolute_uri(at("body", book.place.id, body.code))
    since = organisations.standing_day(book) - timedelta(days=FEED_DAYS)
    entries = [*_meetings(request, book, body, reader, since), *_decisions(request, book, body, reader, since)]
    about = f"Meetings, agendas and decisions of the {body.name}, as you may read them."
    # The private address stands nowhere in it, so that who is sent a copy cannot read on.
    return atom(_title(book, body), about, page, entries, id=f"{page}#feed", own=None)


def _title(book: Book, body: Body) -> str:
    return f"{book.place.title}: {body_name(book, body.code)}"


def _meetings(request: HttpRequest, book: Book, body: Body, reader: Viewer, since: date) -> list[Entry]:
    place = book.place.id
    found = [each for each in meetings_read.meetings(place, body.code) if each.held_on >= since]
    agendas = items_read.items_of(place, (each.id for each in found))
    sealed = sealed_matters(reader, place)
    closed = {
        item.id for agenda in agendas.values() for item in agenda if barred_outside(reader, item, sealed)
    }  # fmt: skip
    return [_meeting(request, book, each, agendas[each.id], closed) for each in found]


def _meeting(request: HttpRequest, book: Book, meeting: Meeting, agenda: tuple[Item, ...], closed: set[int]) -> Entry:
    """A meeting with its agenda; what is closed to the reader does not move the time of its last change either."""
    shown = [each for each in agenda if each.id not in closed]
    changes = [meeting.changed_at, *(each.changed_at for each in shown)]
    changes += [paper.added_at for each in shown for paper in each.papers]
    changes += [meeting.confirmed_at] if meeting.confirmed_at else []
    page = request.build_absolute_uri(at("meeting", book.place.id, meeting.id))
    lines = [when(meeting), f"{state_tag(meeting).text}.", *_invented(synthetic=meeting.synthetic)]
    lines += [_line(each, closed=each.id in closed) for each in agenda] or ["The agenda is not made yet."]
    title = f"{meeting_name(book, meeting)}: {on_day(meeting.held_on)}"
    return Entry(page, title, "\n".join(lines), max(changes), page)


def _line(item: Item, *, closed: bool) -> str:
    if closed:
        return f"{item.number}."
    papers = ", ".join(each.name for each in item.current_papers)
    return f"{item.number}. {item.title}" + (f" (papers: {papers})" if papers else "")


def _invented(*, synthetic: bool) -> list[str]:
    return [f"{INVENTED}: invented."] if synthetic else []


def _decisions(request: HttpRequest, book: Book, body: Body, reader: Viewer, since: date) -> Iterable[Entry]:
    place = book.place.id
    every = reads.decisions(place, body=body.code)
    found = [each for each in every if each.taken_on >= since]
    closed, by_number = gate.closed_outside(reader, place, found), {each.id: each for each in every}
    for each in found:
        page = request.build_absolute_uri(reverse("governance:decision", args=[place, each.id]))
        if each.id in closed:
            yield Entry(page, f"Decision {each.id}", "", each.recorded_at, page)
            continue
        later = by_number.get(each.replaced_by or 0)
        changed = later.recorded_at if later else each.recorded_at
        yield Entry(page, f"Decision {each.id}: {each.title}", _decided(each), changed, page)


def _decided(taken: Decision) -> str:
    """What was decided in a few words; its text is read on its page, which records who opened it."""
    lines = [f"{reads.OUTCOMES[taken.outcome]}, {taken.when.name}."]
    lines += [f"Minute {taken.minute}."] if taken.minute else []
    lines += [f"Corrected by record {taken.replaced_by}."] if taken.replaced_by else []
    return "\n".join([*lines, *_invented(synthetic=taken.synthetic)])


def public(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """What public pages tell of a body, for everybody: the route maps that it signed."""
    book = open_book(place)
    body = seats.find_body(book, code)
    page = request.build_absolute_uri(at("route-map", place))
    names = {each.code: each.name for each in organisations.units(place)}
    commissioners = maps_read.commissioners_of(book)
    entries = [
        _signed(request, book, each, names, commissioners.get(each.commissioner, each.commissioner))
        for each in maps_read.route_maps(place)
        if each.for_commissioner == body.code
    ]
    own = request.build_absolute_uri(at("body-public-feed", place, body.code))
    about = f"What everybody may read of the {body.name}: the route maps for innovation that it signed."
    return atom(_title(book, body), about, page, entries, id=own, own=own)


def _signed(request: HttpRequest, book: Book, each: RouteMap, names: Mapping[str, str], commissioner: str) -> Entry:
    href = request.build_absolute_uri(at("route-map-file", book.place.id, each.commissioner, each.number))
    lines = [f"Signed on {on_day(each.signed_on)} with {commissioner}.", groups_signed(names, each), each.note]
    lines += _invented(synthetic=each.synthetic)
    title = f"{TITLE}: {commissioner}, version {each.number}"
    return Entry(href, title, "\n".join(line for line in lines if line), each.recorded_at, href)
