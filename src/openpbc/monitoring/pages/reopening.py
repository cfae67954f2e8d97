"""Closing a month and reopening it, from the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.activity import reads as activity
from openpbc.governance import reads as governance
from openpbc.kernel.periods import Month, moment_text
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions, reads
from openpbc.monitoring.pages.months import month_href
from openpbc.monitoring.reads import MonthState
from openpbc.monitoring.reads.decisions import matter
from openpbc.monitoring.reads.two_closers import close_by_two, takes_two, waiting_closes
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.second import Asked
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Figure
from openpbc.ui.forms import (
    AREA,
    HIDDEN,
    INCOMPLETE,
    LONGEST_TEXT,
    Field,
    Form,
    choice,
    lines,
    whole_number,
)  # fmt: skip
from openpbc.ui.pages import Crumb, capital
from openpbc.ui.writing import Checked, Writing, write

AS_RECEIVED = "now"
POINTS = (
    ("flex", "At flex: with the files as they stood at the end of flex"),
    ("freeze", "At freeze: with what counts now; what comes later waits for a decision"),
    (AS_RECEIVED, "At neither: with what counts now"),
)


def matter_page(address: str) -> str:
    """Give the page of the month at the address by which a decision names it."""
    _, place, month = (*address.split("/"), "", "")[:3]
    return reverse("monitoring:month", kwargs={"place": place, "month": month}) if place and month else ""


def _state(place: str, month: Month) -> MonthState:
    found = next((each for each in reads.months(place) if each.month == month), None)
    if found is None:
        raise UserError(f"{month.name} is no month of the place's year", where=place, do="Choose one from its months.")
    return found


def _trail(book: Book, month: Month) -> tuple[Crumb, ...]:
    return (
        Crumb("Months", reverse("monitoring:months", kwargs={"place": book.place.id})),
        Crumb(month.name, month_href(book, month)),
    )


def close(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Close a month at a point of the calendar; what it will take in is shown first."""
    book, asked = organisations.book(place), Month.parse(month)
    state, waits = _state(place, asked), waiting_closes(place).get(asked)

    def act(values: Mapping[str, Any]) -> str:
        chosen = values["point"]
        point = "" if chosen == AS_RECEIVED else chosen
        closed = actions.close(by=request.viewer.actor, place=place, month=asked, point=point)
        return request.path if closed.waits else month_href(book, asked)

    field = choice("point", "Point", POINTS, "Choose a point.")
    writing = Writing(
        title=f"Close {asked.name}",
        form=Form((field,)),
        submit="Close the month",
        act=act,
        check=lambda values: _closing(place, asked, state, values),
        book=book,
        trail=_trail(book, asked),
        lead="Every record is checked, attributed and priced, and the month's figures are published when all adds up.",
        first={"point": (waits.facts["point"] if waits else state.point) or AS_RECEIVED},
        notes=_second(book, request.viewer, waits),
    )
    return write(request, writing)


def _second(book: Book, viewer: Viewer, waits: Asked | None) -> tuple[str, ...]:
    """Say that closing takes two people, who came first, and that what comes out otherwise is put up anew."""
    setting = close_by_two(book)
    if isinstance(setting, NotSet):
        return (f"One person closes a month: whether it takes two is not set ({setting.path}).",)
    if not takes_two(book):
        return ()
    if waits is None:
        return ("It takes two people: it is published once somebody else closes the month and comes to the same.",)
    at = moment_text(localtime(waits.at))
    if waits.put_up_by(viewer.actor):
        return (f"You closed it on {at}. Somebody else closes it as well before anything is published.",)
    return (
        f"{waits.by} closed it on {at}. If you come to the same at the same point, it is published; if not, what you "
        "come to waits for somebody else.",
    )


def _closing(place: str, month: Month, state: MonthState, values: Mapping[str, Any]) -> Checked:
    current = sum(not each.superseded for each in activity.submitted(place, month))
    waiting = len(activity.waiting(place, month))
    warnings = (
        (f"{waiting} files came after the freeze and wait for a decision; they are left out.",) if waiting else ()
    )
    return Checked(
        rows=(
            ("Month", month.name),
            ("Point", dict(POINTS)[values["point"]]),
            ("State now", state.state + (f", closed at {state.point}" if state.point else "")),
            ("Current files", Figure(current)),
        ),
        consequences=("It may take a minute. The figures that are shown now stay until the new ones are complete.",),
        warnings=warnings,
    )


def reopen(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """Reopen a published month by a recorded decision of a body that may."""
    book, asked = organisations.book(place), Month.parse(month)
    state, found = _state(place, asked), reads.reopenings(place, asked)
    names = governance.bodies(book)
    choices = tuple(
        (f"{each.id}", f"{each.id}: {capital(names[each.body])}, {each.when.name}, minute {each.minute}")
        for each in found
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.reopen(
            by=request.viewer.actor, place=place, month=asked,
            reason=values["reason"], decision=int(values["decision"]), seen=values["seen"],
        )  # fmt: skip
        return month_href(book, asked)

    fields = (
        choice("decision", "By which decision", choices,
               "Choose the decision. Without a recorded one a published month stays as it is."),
        Field("reason", "Why", lines, required="Say why.", kind=AREA, longest=LONGEST_TEXT),
        Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )  # fmt: skip
    writing = Writing(
        title=f"Reopen {asked.name}",
        form=Form(fields),
        submit="Reopen the month",
        act=act,
        check=lambda values: _reopening(asked, state, dict(choices), values),
        book=book,
        trail=_trail(book, asked),
        lead="Its figures stay until it is closed again; then the signed difference is shown, line by line.",
        first={"seen": f"{state.version}"},
        notes=_notes(book, bool(found)),
        ways=_ways(request, book, asked),
    )
    return write(request, writing)


def _notes(book: Book, decided: bool) -> tuple[str, ...]:
    may = ", ".join(reads.reopening_bodies(book).values()) or "none is set in the rulebook"
    lacking = () if decided else ("No decision on this month is recorded that has not been used.",)
    return (*lacking, f"Bodies that may decide to reopen a month: {may}.")


def _ways(request: HttpRequest, book: Book, month: Month) -> tuple[tuple[str, str], ...]:
    if not request.may("governance:record", method="POST", place=book.place.id):
        return ()
    query = urlencode({"matter": matter(book.place.id, month), "title": f"Reopen {month.name}"})
    return (("Record a decision on it", f"{reverse('governance:record', args=[book.place.id])}?{query}"),)


def _reopening(month: Month, state: MonthState, known: Mapping[str, str], values: Mapping[str, Any]) -> Checked:
    return Checked(
        rows=(
            ("Month", month.name),
            ("Run that is shown", state.run_id),
            ("Decision", known[values["decision"]]),
            ("Why", values["reason"]),
        ),
        consequences=(
            "The month is marked as reopened, with your name, until somebody closes it again.",
            "The decision cannot reopen another month.",
        ),
    )
