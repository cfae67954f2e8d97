"""The planning calendar: every date, no more exact than it is known; what became of it; and a feed for one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions, reads
from openpbc.finance.reads import CalendarEntry
from openpbc.finance.reads.planning_calendar import owners
from openpbc.finance.rules.planning_calendar import KINDS, PRECISIONS, State
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.calendars import CALENDAR_TYPE, Dated, calendar_bytes
from openpbc.ui.feeds import Feed, feed_page
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import REVISION, Field, Form, choice, day, whole_number, words
from openpbc.ui.pages import Crumb, Page, attachment, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

STATES = {State.COMING: "blue", State.NOW: "yellow", State.PAST: "grey", State.DONE: "green"}
SOON = "open"
FEED = Feed(
    title="Calendar feed",
    route="finance:calendar-feed",
    page="finance:calendar-feed-address",
    has=reads.has_feed,
    start=actions.open_calendar_feed,
    end=actions.close_calendar_feed,
)
_KINDS = tuple((kind, kind) for kind in KINDS)
_PRECISIONS = tuple(PRECISIONS.items())
_REMIND = "How many days before the last day it should come up as work; empty for never"

ADD = Form(
    (
        Field("event", "What happens", words, required="Say what happens.", width="30", longest=300),
        Field("owner", "Who acts", words, required="Say who acts.", width="20", longest=200),
        choice("kind", "Kind", _KINDS, "Choose a kind."),
        Field("sort_date", "Date", day, "Such as 27 March 2008; any day of it if only a month or year is known",
              required="Give a date.", width="20"),
        choice("precision", "How exactly the date is known", _PRECISIONS, "Say how exactly the date is known."),
        Field("ends", "Last day of a period", day, "Only for a period", width="20"),
        Field("remind_days", "Remind", whole_number, _REMIND),
    )
)  # fmt: skip
OUTCOME = Form(
    (
        Field("happened_on", "When it happened", day, "Such as 27 March 2008; empty takes an earlier record back",
              width="20"),
        Field("evidence", "What shows it", words, "A minute, a paper, a letter", width="30", longest=500),
        REVISION,
    )
)  # fmt: skip
REMINDER = Form(
    (
        Field("owner", "Who acts", words, required="Say who acts.", width="20", longest=200),
        Field("remind_days", "Remind", whole_number, _REMIND),
        REVISION,
    )
)


def calendar(request: HttpRequest, place: str) -> HttpResponse:
    """Every entry by date (``?owner= &source= &kind= &show=open``), counted to or past a day (``?on=``; today)."""
    book, on = open_book(place), _on(request)
    entries = reads.calendar(book)
    shown = _chosen(entries, request, on)
    page = Page(
        template="finance/planning_calendar.jinja",
        title="Planning calendar",
        book=book,
        tables=(entries_table(book, shown, on),),
        facts=(("Days are counted from", f"{on.day} {on:%B %Y}"),),
        rests_on=(book.table(reads.CALENDAR),),
        context={
            "count": len(entries),
            "shown": len(shown),
            "owners": owners(entries),
            "sources": sorted({_document(each) for each in entries}),
            "kinds": KINDS,
            "asked": {name: request.GET.get(name, "") for name in ("owner", "source", "kind", "show")},
            "has_feed": reads.has_feed(place, request.viewer.actor.id),
        },
    )
    return respond(request, page)


def _on(request: HttpRequest) -> date:
    return day(request.GET["on"]) if request.GET.get("on") else organisations.today()


def _document(each: CalendarEntry) -> str:
    return "added here" if each.own else each.source.partition(",")[0]


def _chosen(entries: tuple[CalendarEntry, ...], request: HttpRequest, on: date) -> list[CalendarEntry]:
    owner, source, kind = (request.GET.get(name, "") for name in ("owner", "source", "kind"))
    only_open = request.GET.get("show") == SOON
    return [
        each
        for each in entries
        if (not owner or owner in each.owners)
        and (not source or source == _document(each))
        and (not kind or kind == each.kind)
        and (not only_open or each.standing(on).state in (State.COMING, State.NOW))
    ]


def entries_table(book: Book, entries: list[CalendarEntry], on: date) -> Table:
    """The entries as a table; a date that is known to the month is shown as a month."""
    columns = [
        tables.text("When"),
        tables.text("What"),
        tables.text("Who acts"),
        tables.text("Kind"),
        tables.text("Standing"),
        tables.text("Happened on"),
        tables.text("Source"),
    ]
    rows = [_row(book, each, on) for each in entries]
    return tables.table("calendar", "Dates", columns, rows, cards=True, empty="No date fits what you chose.")


def _row(book: Book, each: CalendarEntry, on: date) -> list[Cell]:
    standing = each.standing(on)
    return [
        each.shown,
        Link(each.event, reverse("finance:calendar-entry", args=[book.place.id, each.code])),
        each.owner,
        each.kind,
        Tag(standing.text, STATES[standing.state]),
        f"{each.happened_on.day} {each.happened_on:%B %Y}" if each.happened_on else "",
        each.source,
    ]


def entry(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One entry: what is known of it, and what somebody recorded."""
    book = open_book(place)
    found = reads.calendar_entry(book, code)
    page = Page(
        template="finance/calendar_entry.jinja",
        title=found.event,
        book=book,
        trail=(_listing(book),),
        rests_on=() if found.own else (book.table(reads.CALENDAR),),
        context={
            "entry": found,
            "standing": found.standing(_on(request)),
            "precision": PRECISIONS[found.precision],
        },
    )
    return respond(request, page)


def _listing(book: Book) -> Crumb:
    return Crumb("Planning calendar", reverse("finance:calendar", args=[book.place.id]))


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Add an entry of one's own."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"ends": None, "remind_days": None} | dict(values)
        return _address(book, actions.add_calendar_entry(by=request.viewer.actor, place=place, **facts))

    return write(request, Writing("Add a date", ADD, "Add the date", act, book=book, trail=(_listing(book),)))


def outcome(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Record when an entry happened, and what shows it."""
    book = open_book(place)
    found = reads.calendar_entry(book, code)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"happened_on": values.get("happened_on"), "evidence": values.get("evidence", "")}
        actions.record_calendar_outcome(
            by=request.viewer.actor, place=place, code=code, revision=values.get("revision", 0), **facts
        )
        return _address(book, code)

    first = {
        "happened_on": str(found.happened_on or ""),
        "evidence": found.evidence,
        "revision": str(found.revision),
    }
    trail = (_listing(book), Crumb(found.event, _address(book, code)))
    return write(request, Writing("What became of it", OUTCOME, "Record", act, book=book, trail=trail, first=first))


def reminder(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Say who acts and when to be reminded."""
    book = open_book(place)
    found = reads.calendar_entry(book, code)

    def act(values: Mapping[str, Any]) -> str:
        actions.set_calendar_reminder(
            by=request.viewer.actor,
            place=place,
            code=code,
            revision=values.get("revision", 0),
            owner=values["owner"],
            remind_days=values.get("remind_days"),
        )
        return _address(book, code)

    days = "" if found.remind_days is None else str(found.remind_days)
    first = {"owner": found.owner, "remind_days": days, "revision": str(found.revision)}
    trail = (_listing(book), Crumb(found.event, _address(book, code)))
    return write(request, Writing("Who acts, and when to remind", REMINDER, "Save", act, book=book, trail=trail,
                                  first=first))  # fmt: skip


def _address(book: Book, code: str) -> str:
    return reverse("finance:calendar-entry", args=[book.place.id, code])


def download(request: HttpRequest, place: str) -> HttpResponse:
    """The whole calendar as an iCalendar file, once."""
    return _calendar_file(request, open_book(place))


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar under a private address, for calendar programs, which cannot sign in.

    It ends with the person's role: whoever may no longer open the calendar gets nothing.
    """
    found = reads.feed_of(token)
    reader = organisations.viewer_by_sign_in(found[1]) if found else None
    if found is None or reader is None or not request.may_as(reader)("finance:calendar", place=found[0]):
        if found is not None:  # for good: a role given again later opens no address that was left lying about
            actions.end_calendar_feed(by=SYSTEM, place=found[0], person=found[1])
        raise Http404("There is no such feed.")
    return _calendar_file(request, open_book(found[0]))


def _calendar_file(request: HttpRequest, book: Book) -> HttpResponse:
    entries = [
        dated(book, each, request.build_absolute_uri(_address(book, each.code))) for each in reads.calendar(book)
    ]
    body = calendar_bytes(f"{book.place.title} planning calendar", entries)
    return attachment(body, CALENDAR_TYPE, f"{book.place.id}_planning_calendar.ics")


def dated(book: Book, each: CalendarEntry, href: str = "") -> Dated:
    """An entry as a calendar program reads it."""
    exactly = f"Known {PRECISIONS[each.precision]}: {each.shown}."
    done = f" Happened on {each.happened_on}: {each.evidence}." if each.happened_on else ""
    return Dated(
        id=f"calendar-{book.place.id}-{each.code}",
        summary=f"{each.event} ({each.shown})",
        description=f"{exactly} Who acts: {each.owner}. {each.kind.capitalize()}. Source: {each.source}.{done}",
        first=each.days.first,
        last=each.days.last,
        changed_at=each.changed_at,
        revision=each.revision,
        remind_days=None if each.happened_on else each.remind_days,
        href=href,
    )


def feed_address(request: HttpRequest, place: str) -> HttpResponse:
    """Make or end one's private address; a new one is shown once."""
    book = open_book(place)
    return feed_page(request, book, FEED, "the planning calendar", _listing(book))
