"""A body's meetings for calendar programs: one entry a meeting, whatever is moved; what is withheld stays blank."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.governance.pages.meeting_parts import at, body_name, meeting_name
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import seats
from openpbc.governance.reads.meetings import CANCELLED, Meeting
from openpbc.governance.reads.sitting import barred
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.calendars import CALENDAR_TYPE, Dated, calendar_bytes


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
