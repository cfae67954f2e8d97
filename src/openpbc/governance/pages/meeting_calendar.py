"""A body's meetings for calendar programs: one entry a meeting, whatever is moved; what is withheld stays blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import time, timedelta
from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import at, body_name, meeting_name, meetings_crumb
from openpbc.governance.reads import feeds, seats
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.matters import sealed_matters
from openpbc.governance.reads.meetings import CANCELLED, Meeting
from openpbc.governance.reads.sitting import barred, barred_outside
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.calendars import CALENDAR_TYPE, Dated, calendar_bytes
from openpbc.ui.feeds import Feed, feed_page
from openpbc.ui.pages import attachment

# How far back a feed goes; all that comes is in it.
FEED_DAYS = 366
FEED = Feed(
    title="Meetings in your calendar",
    route="governance:meeting-feed",
    page="governance:meeting-feed-address",
    has=feeds.has_feed,
    start=actions.open_meeting_feed,
    end=actions.close_meeting_feed,
)


def body_calendar(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """All meetings of a body as an iCalendar file for one reader."""
    book = open_book(place)
    body = seats.find_body(book, code)
    found = sorted(_to_show(reads.meetings(place, body.code)), key=lambda each: each.number)
    agendas = _agendas(place, found, partial(barred, request.viewer, sealed=sealed_matters(request.viewer, place)))
    none = f"The agenda of the {body_name(book, body.code)} is not made yet."
    entries = [dated(book, each, request, agendas[each.id] or none) for each in found]
    content = calendar_bytes(f"{book.place.title}: {body.name}", entries)
    return attachment(content, CALENDAR_TYPE, f"{place}_{body.code}_meetings.ics")


def _to_show(found: Iterable[Meeting]) -> list[Meeting]:
    return [each for each in found if each.state != CANCELLED]


def dated(book: Book, meeting: Meeting, request: HttpRequest, agenda: str) -> Dated:
    """A meeting as a calendar program reads it, with its agenda in words."""
    where = ", ".join(part for part in (meeting.starts_at, meeting.venue) if part)
    told = f"{where}\n" if where else ""
    return Dated(
        id=f"meeting-{book.place.id}-{meeting.id}",
        summary=meeting_name(book, meeting),
        description=told + agenda,
        first=meeting.held_on,
        last=meeting.held_on,
        changed_at=meeting.changed_at,
        revision=meeting.revision,
        href=request.build_absolute_uri(at("meeting", book.place.id, meeting.id)),
    )


def _agendas(place: str, found: list[Meeting], closed: Callable[[Item], str]) -> dict[int, str]:
    """The agendas of meetings in words, by number; an item that is closed to the reader is its number and a blank."""
    return {
        number: "\n".join(f"{each.number}. {'' if closed(each) else each.title}".rstrip() for each in agenda)
        for number, agenda in items_read.items_of(place, (each.id for each in found)).items()
    }


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings of a place under a private address, for calendar programs, which cannot sign in.

    It ends with the person's role, and holds the meetings of the last year and all to come. The agenda in it is what
    may leave the site for that person: what an interest withholds, and every private item, is its number and a blank.
    """
    found = feeds.feed_of(token)
    reader = organisations.viewer_by_sign_in(found[1]) if found else None
    if found is None or reader is None or not request.may_as(reader)("governance:meetings", place=found[0]):
        if found is not None:  # for good: a role given again later opens no address that was left lying about
            actions.end_meeting_feed(by=SYSTEM, place=found[0], person=found[1])
        raise Http404("There is no such feed.")
    book = open_book(found[0])
    since = organisations.standing_day(book) - timedelta(days=FEED_DAYS)
    known = [each for each in _to_show(reads.meetings(book.place.id)) if each.held_on >= since]
    closed = partial(barred_outside, reader, sealed=sealed_matters(reader, book.place.id))
    agendas = _agendas(book.place.id, known, closed)
    known.sort(key=lambda each: (each.held_on, each.id))
    entries = [_timed(book, each, request, agendas[each.id]) for each in known]
    content = calendar_bytes(f"{book.place.title}: meetings", entries)
    return attachment(content, CALENDAR_TYPE, f"{book.place.id}_meetings.ics")


def _timed(book: Book, meeting: Meeting, request: HttpRequest, agenda: str) -> Dated:
    told = "\n".join(part for part in (meeting.venue, agenda) if part)
    starts = time.fromisoformat(meeting.starts_at) if meeting.starts_at else None
    shown = dated(book, meeting, request, agenda)
    return replace(shown, description=told, starts=starts, zone=settings.TIME_ZONE)


def feed_address(request: HttpRequest, place: str) -> HttpResponse:
    """Make, renew or end one's private address; a new one is shown once."""
    book = open_book(place)
    return feed_page(request, book, FEED, f"the meetings of {book.place.title}", meetings_crumb(book))
