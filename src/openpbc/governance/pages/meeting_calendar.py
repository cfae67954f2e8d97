"""A body's meetings for calendar programs: one entry a meeting, whatever is moved; what is withheld stays blank."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import at, body_name, meeting_name, meetings_crumb
from openpbc.governance.reads import feeds, seats
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads.meetings import CANCELLED, Meeting
from openpbc.governance.reads.sitting import barred, barred_outside
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.calendars import CALENDAR_TYPE, Dated, calendar_bytes
from openpbc.ui.pages import Page, respond


def body_calendar(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """All meetings of a body as an iCalendar file for one reader."""
    book = open_book(place)
    body = seats.find_body(book, code)
    found = [each for each in reads.meetings(place, body.code) if each.state != CANCELLED]
    entries = [dated(book, each, request) for each in sorted(found, key=lambda each: each.number)]
    content = calendar_bytes(f"{book.place.title}: {body.name}", entries)
    name = f'attachment; filename="{place}_{body.code}_meetings.ics"'
    return HttpResponse(content, content_type=CALENDAR_TYPE, headers={"Content-Disposition": name})


def dated(book: Book, meeting: Meeting, request: HttpRequest) -> Dated:
    """A meeting as a calendar program reads it, with the agenda as far as the reader may see it."""
    where = ", ".join(part for part in (meeting.starts_at, meeting.venue) if part)
    told = f"{where}\n" if where else ""
    return Dated(
        id=f"meeting-{book.place.id}-{meeting.id}",
        summary=meeting_name(book, meeting),
        description=told + agenda_lines(book, meeting, request.viewer),
        first=meeting.held_on,
        last=meeting.held_on,
        changed_at=meeting.changed_at,
        revision=meeting.revision,
        href=request.build_absolute_uri(at("meeting", book.place.id, meeting.id)),
    )


def agenda_lines(book: Book, meeting: Meeting, viewer: Viewer) -> str:
    """The agenda in words; an item that the reader may not see is its number and a blank."""
    lines = [
        f"{each.number}. {'' if barred(viewer, each) else each.title}".rstrip()
        for each in items_read.items(book.place.id, meeting.id)
    ]
    return "\n".join(lines) or f"The agenda of the {body_name(book, meeting.body)} is not made yet."


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings of a place under a private address, for calendar programs, which cannot sign in.

    It ends with the person's role. The agenda in it is what may leave the site for that person: what an interest
    withholds, and every private item, is its number and a blank.
    """
    found = feeds.feed_of(token)
    reader = organisations.viewer_by_sign_in(found[1]) if found else None
    if found is None or reader is None or not request.may_as(reader)("governance:meetings", place=found[0]):
        raise Http404("There is no such feed.")
    book = open_book(found[0])
    meetings = sorted(reads.meetings(book.place.id), key=lambda each: (each.held_on, each.id))
    entries = [_timed(book, each, request, reader) for each in meetings if each.state != CANCELLED]
    content = calendar_bytes(f"{book.place.title}: meetings", entries)
    name = f'attachment; filename="{book.place.id}_meetings.ics"'
    return HttpResponse(content, content_type=CALENDAR_TYPE, headers={"Content-Disposition": name})


def _timed(book: Book, meeting: Meeting, request: HttpRequest, reader: Viewer) -> Dated:
    agenda = "\n".join(
        f"{each.number}. {'' if barred_outside(reader, each) else each.title}".rstrip()
        for each in items_read.items(book.place.id, meeting.id)
    )
    told = "\n".join(part for part in (meeting.venue, agenda) if part)
    starts = time.fromisoformat(meeting.starts_at) if meeting.starts_at else None
    shown = dated(book, meeting, request)
    return replace(shown, description=told, starts=starts, zone=settings.TIME_ZONE)


def feed_address(request: HttpRequest, place: str) -> HttpResponse:
    """Make, renew or end one's private address; a new one is shown once."""
    actor = request.viewer.actor
    if request.method != "POST":
        token = request.session.pop("meeting_feed", "")
        address = request.build_absolute_uri(reverse("governance:meeting-feed", args=[token])) if token else ""
        book = open_book(place)
        what = f"the meetings of {book.place.title}"
        context = {"address": address, "has_feed": feeds.has_feed(place, actor.id), "what": what}
        page = Page("openpbc/feed.jinja", "Meetings in your calendar", book, (meetings_crumb(book),), context=context)
        return respond(request, page)
    if request.POST.get("change") == "close":
        actions.close_meeting_feed(by=actor, place=place)
    else:
        request.session["meeting_feed"] = actions.open_meeting_feed(by=actor, place=place)
    return redirect("governance:meeting-feed-address", place)
