"""The heads of the log by day, and their time stamps, for everybody: what was kept outside shows a log that was cut."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.audit import stamps
from openpbc.audit.reads import DayHead
from openpbc.audit.stamps import Found, Stamped
from openpbc.kernel.periods import day_text, moment_cell
from openpbc.kernel.problems import UserError
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.news import Entry, atom
from openpbc.ui.pages import Page, attachment, capital, respond
from openpbc.ui.paging import pager

TITLE = "Heads of the log"
REPLY_TYPE = "application/timestamp-reply"
# Each stamp that is shown is checked. A download holds the newest of them; the shell writes and checks all.
STAMPS_ON_A_PAGE, STAMPS_IN_A_DOWNLOAD = 50, 1000


def heads(request: HttpRequest) -> HttpResponse:
    """The head of the log at the end of each of the last days, and where programs read the same; then its stamps."""
    columns = [tables.text("Day (UTC)"), tables.number("Events", additive=False), tables.text("Head")]
    rows: list[list[Cell]] = [[_named(each.day), each.head.sequence, str(each.head)] for each in _finished_days()]
    shown = tables.table(
        "heads", "Head at the end of each day", columns, rows, cards=True, empty="No day with events is over yet."
    )
    standing = stamps.standing(datetime.now(UTC))
    whole = "download" in request.GET
    paged = pager(request.GET, standing.count, STAMPS_IN_A_DOWNLOAD if whole else STAMPS_ON_A_PAGE)
    stamped, trouble = _stamps(stamps.newest(paged.size, max(0, paged.first - 1)))
    context = {"standing": standing, "pager": paged, "trouble": trouble, "checked": bool(settings.TSA_CERTIFICATES)}
    told = ((TITLE, reverse("log-heads-feed")),)
    return respond(request, Page("site/heads.jinja", TITLE, tables=(shown, stamped), context=context, feeds=told))


def stamp(request: HttpRequest, sequence: int) -> HttpResponse:
    """The authority's answer about one head, as it came: a file for any program that checks time stamps."""
    held = stamps.answer(sequence)
    if not held:
        raise Http404
    return attachment(held, REPLY_TYPE, f"{sequence}.tsr")


def _stamps(shown: tuple[Stamped, ...]) -> tuple[tables.Table, str]:
    """The table of stamps, and what kept them from being checked."""
    try:
        found, trouble = stamps.check([each.head.sequence for each in shown]), ""
    except UserError as problem:
        found, trouble = None, capital(problem.what)
    columns = [
        tables.text("Stamped"), tables.text("By"), tables.text("Head"), tables.text("File"), tables.text("Check"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            f"{timezone.localtime(each.at):%-d %B %Y, %H:%M:%S}",
            each.authority,
            str(each.head),
            Link(f"{each.head.sequence}.tsr", reverse("log-stamp", args=[each.head.sequence])),
            _verdict(each, found),
        ]
        for each in shown
    ]
    notes = [_gap(gap) for gap in found.gaps] if found else []
    return tables.table(
        "stamps", "Time stamps", columns, rows, cards=True, empty="No head was stamped yet.", notes=notes
    ), trouble


def _verdict(each: Stamped, found: Found | None) -> Cell:
    why = [problem for sequence, problem in found.problems if sequence == each.head.sequence] if found else []
    if why:
        return Tag(f"does not hold: {why[0]}", "red")
    return Tag("holds", "green") if found and found.signatures else Tag("not checked")


def _gap(gap: stamps.Gap) -> str:
    return (
        f"No stamp for {stamps.in_words(gap.length)} after {moment_cell(timezone.localtime(gap.after.at))}: "
        "what was cut in that time, stamps do not show."
    )


def feed(request: HttpRequest) -> HttpResponse:
    """The same heads as an Atom feed: one entry a day, which never changes."""
    page = request.build_absolute_uri(reverse("log-heads"))
    entries = [
        Entry(
            id=f"{page}#{each.day.isoformat()}",
            title=f"Head of the log at the end of {_named(each.day)} (UTC)",
            text=str(each.head),
            updated_at=datetime.combine(each.day, time.max, UTC).replace(microsecond=0),
            href=page,
        )
        for each in _finished_days()
    ]
    about = "The hash that stands for every event of the log, at the end of each day."
    return atom(TITLE, about, page, entries, id=page, own=request.build_absolute_uri(reverse("log-heads-feed")))


def _finished_days() -> tuple[DayHead, ...]:
    return audit.daily_heads(datetime.now(UTC).date(), audit.DAYS)


def _named(day: date) -> str:
    return day_text(day)
