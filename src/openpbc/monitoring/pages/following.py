"""Forms beside a position: notes on a variance by those who own it, actions, and locking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import Month, day_text
from openpbc.monitoring import actions, reads
from openpbc.monitoring.pages.in_year import lead, unit_of
from openpbc.monitoring.pages.in_year_links import position_href
from openpbc.monitoring.reads.holders import PCT, Holder
from openpbc.monitoring.reads.lines import ALL_LINES
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ROLES
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import (
    AREA,
    HIDDEN,
    INCOMPLETE,
    LONGEST_TEXT,
    Field,
    Form,
    choice,
    day,
    lines,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

WORKERS = ("group_manager", "gp_lead", "finance_manager", "contract_manager", "analyst")
ENDS = (("done", "Done"), ("dropped", "Dropped"))


def note(request: HttpRequest, place: str, month: str, unit: str = "") -> HttpResponse:
    """Say why a line stands where it stands: a group's manager for the group, finance for the rest."""
    book, asked = organisations.book(place), Month.parse(month)
    own = unit_of(place, unit).budget_line if unit else ""

    def act(values: Mapping[str, Any]) -> str:
        actions.note_variance(
            by=request.viewer.actor,
            place=place,
            month=asked,
            unit=own,
            service_line=values["service_line"],
            text=values["text"],
            seen=values["seen"],
        )
        return there(book, asked, unit)

    wanted = request.GET.get("service_line", ALL_LINES)
    choices = _lines(book)
    fields = (
        choice("service_line", "Service line", choices, "Choose the line."),
        Field(
            "text",
            "Why it stands where it stands",
            lines,
            required="Say it in a sentence or two.",
            kind=AREA,
            longest=LONGEST_TEXT,
        ),
        Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    seen = {each.service_line: each.number for each in reads.notes(place, asked, own)}
    writing = Writing(
        title=f"Note on {asked.name}",
        form=Form(fields),
        submit="Keep the note",
        act=act,
        book=book,
        trail=_trail(book, asked, unit),
        lead="The note stands beside the figure for everybody who sees it, with your name and the day.",
        first={"service_line": wanted, "seen": str(seen.get(wanted, 0))},
    )
    return write(request, writing)


def _lines(book: Book) -> tuple[tuple[str, str], ...]:
    return ((ALL_LINES, "All service lines"), *((line.code, line.title) for line in reads.service_lines(book)))


def there(book: Book, month: Month, unit: str) -> str:
    """The position to which a form belongs."""
    if not unit:
        return position_href(book, month)
    return reverse("monitoring:unit-position", kwargs={"place": book.place.id, "unit": unit, "month": str(month)})


def _trail(book: Book, month: Month, unit: str) -> tuple[Crumb, ...]:
    return (
        Crumb("Months", reverse("monitoring:months", kwargs={"place": book.place.id})),
        Crumb(f"Position, {month.name}", there(book, month, unit)),
    )


def task(request: HttpRequest, place: str, month: str, unit: str = "") -> HttpResponse:
    """Agree an action on a position; it then waits in the work of the role that does it."""
    book, asked = organisations.book(place), Month.parse(month)
    own = unit_of(place, unit).budget_line if unit else ""

    def act(values: Mapping[str, Any]) -> str:
        line = values["service_line"]
        actions.set_task(
            by=request.viewer.actor,
            place=place,
            month=asked,
            unit=own,
            service_line="" if line == ALL_LINES else line,
            text=values["text"],
            role=values["role"],
            due=values["due"],
        )
        return there(book, asked, unit)

    roles = tuple((role, ROLES[role]) for role in WORKERS)
    choices = _lines(book)
    fields = (
        Field("text", "What is to be done", words, required="Say what is to be done.", width="20", longest=300),
        choice("role", "Who does it", roles, "Choose who does it."),
        Field("due", "By when", day, hint="Such as 31 January 2009", required="Give a day.", width="10"),
        choice("service_line", "For which line", choices, "Choose the line."),
    )
    writing = Writing(
        title=f"Action on {asked.name}",
        form=Form(fields),
        submit="Agree the action",
        act=act,
        book=book,
        trail=_trail(book, asked, unit),
        first={"service_line": request.GET.get("service_line", ALL_LINES)},
    )
    return write(request, writing)


def end_task(request: HttpRequest, place: str, task: int, unit: str = "") -> HttpResponse:
    """Say that an action is done or dropped, and what came of it."""
    book, found = organisations.book(place), reads.task(place, task)
    own = unit_of(place, unit).budget_line if unit else ""
    month = Month.parse(found.month)
    if found.unit != own:
        raise reads.no_task(place, task)

    def act(values: Mapping[str, Any]) -> str:
        actions.close_task(
            by=request.viewer.actor,
            place=place,
            task=task,
            state=values["state"],
            outcome=values["outcome"],
            revision=values["revision"],
        )
        return there(book, month, unit)

    fields = (
        choice("state", "How it ended", ENDS, "Choose one."),
        Field("outcome", "What came of it", words, required="Say what came of it.", width="20", longest=300),
        Field("revision", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    writing = Writing(
        title=f"Action: {found.text}",
        form=Form(fields),
        submit="Record",
        act=act,
        book=book,
        trail=_trail(book, month, unit),
        lead=f"Agreed by {found.by}; due {day_text(found.due)}.",
        first={"revision": str(found.revision), "state": "done"},
    )
    return write(request, writing)


def lock(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Lock a month's position, after showing what it says and what is missing in it."""
    book, asked = organisations.book(place), Month.parse(month)
    period = reads.period(place, str(book.place.year))

    def act(values: Mapping[str, Any]) -> str:
        actions.lock_position(by=request.viewer.actor, place=place, month=asked, revision=values["revision"])
        return position_href(book, asked)

    def check(values: Mapping[str, Any]) -> Checked:
        found = reads.in_year(place, asked, Holder(PCT))
        return Checked(
            rows=(("Month", asked.name), ("Position", lead(found))),
            consequences=(
                f"Entries for {asked.name} and all earlier months are refused from now on.",
                "The figures stay as they are now, whatever is closed, entered or posted later.",
                "Finance can reopen the last locked month, with a reason; both locks are then kept and compared.",
            ),
            warnings=found.gaps,
        )

    writing = Writing(
        title=f"Lock the position of {asked.name}",
        form=Form((Field("revision", "", whole_number, kind=HIDDEN, required=INCOMPLETE),)),
        submit="Lock",
        act=act,
        check=check,
        book=book,
        trail=_trail(book, asked, ""),
        lead="A locked position can be sent out: it will say the same next week.",
        first={"revision": str(period.revision)},
    )
    return write(request, writing)


def unlock(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Reopen the last locked position, for a reason that is kept."""
    book, asked = organisations.book(place), Month.parse(month)
    period = reads.period(place, str(book.place.year))

    def act(values: Mapping[str, Any]) -> str:
        actions.reopen_position(
            by=request.viewer.actor, place=place, month=asked, reason=values["reason"], revision=values["revision"]
        )
        return position_href(book, asked)

    fields = (
        Field("reason", "Reason", words, required="Say why it is reopened.", width="20", longest=300),
        Field("revision", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    writing = Writing(
        title=f"Reopen the position of {asked.name}",
        form=Form(fields),
        submit="Reopen",
        act=act,
        book=book,
        trail=_trail(book, asked, ""),
        lead="Entries are taken again. When it is locked anew, both locks are compared figure by figure.",
        first={"revision": str(period.revision)},
    )
    return write(request, writing)
