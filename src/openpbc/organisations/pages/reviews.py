"""What regulators found of providers: on the pages of both, recorded by form, withdrawn where it was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.pages.listing import day, standing
from openpbc.organisations.pages.register import crumb
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.arrangements import STANDINGS, Reviewed
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import AREA, Field, Form, choice, words
from openpbc.ui.forms import day as day_field
from openpbc.ui.pages import Crumb
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write


def reviews_table(request: HttpRequest, place: str, found: list[Reviewed]) -> Table:
    """Reviews of a provider or a commissioner, the newest first."""
    called = bodies.names(place)
    may = request.may("organisations:review-withdraw", "POST", place=place)
    may = may and any(
        request.viewer.roles_in(place) & arrangements.recorders(place, each.provider) for each in found[:1]
    )
    rows: list[list[Cell]] = [
        [
            called.get(each.regulator, each.regulator),
            standing(each),
            day(each.on),
            each.finding,
            f"{each.by}, {day_text(localtime(each.known_from))}",
            Link("Withdraw", reverse("organisations:review-withdraw", args=[place, each.number])) if may else "",
        ]
        for each in found
    ]
    titles = ("Regulator", "Status", "On", "What it found", "Recorded by", "If it is wrong")
    columns = [tables.text(title) for title in titles]
    empty = "Nobody has recorded what a regulator found."
    return tables.table("reviews", "Accreditation and reviews", columns, rows, cards=True, empty=empty)


def accreditation_words(place: str, said: list[Reviewed], on: date) -> list[str]:
    """Say how a provider stands with each regulator on a day, and since when; nobody's word is said to be so."""
    called = bodies.names(place)
    told = [
        f"{called.get(each.regulator, each.regulator)}: {STANDINGS[each.status].lower()} (said on {day(each.on)})"
        for each in said
    ]
    return [f"Accreditation on {day(on)}. {each}." for each in told] or [f"No accreditation is recorded by {day(on)}."]


def reviewed_table(place: str, regulator: str, found: list[Reviewed]) -> Table:
    """What a regulator found of each provider, the newest first."""
    called = bodies.names(place)
    rows: list[list[Cell]] = [
        [
            Link(called.get(each.provider, each.provider), _page(place, each.provider)),
            standing(each),
            day(each.on),
            each.finding,
            f"{each.by}, {day_text(localtime(each.known_from))}",
        ]
        for each in found
    ]
    columns = [tables.text(title) for title in ("Provider", "Status", "On", "What it found", "Recorded by")]
    caption = f"What {called.get(regulator, regulator)} found of providers"
    return tables.table("reviewed", caption, columns, rows, cards=True, empty="Nobody has recorded anything.")


def withdrawn_table(place: str, found: list[Reviewed]) -> Table:
    """Reviews that were recorded by mistake."""
    called = bodies.names(place)
    rows: list[list[Cell]] = [
        [
            called.get(each.regulator, each.regulator),
            STANDINGS[each.status],
            day(each.on),
            f"{each.withdrawn_by}, {day_text(localtime(each.known_to))}" if each.known_to else "",
            each.withdrawn_because,
        ]
        for each in found
    ]
    columns = [tables.text(title) for title in ("Regulator", "Status", "On", "Withdrawn by", "Why")]
    return tables.table("reviews-withdrawn", "Reviews that were withdrawn", columns, rows, cards=True, empty="None.")


def record(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Record what a regulator found of a provider."""
    book = reads.book(place)
    if not arrangements.is_provider(book, code):
        raise Http404("There is no such provider.")
    form = Form(
        (
            choice("regulator", "Regulator", arrangements.regulators(place).items(), "Choose the regulator."),
            choice("status", "What it said", STANDINGS.items(), "Choose what it said."),
            Field(
                "on",
                "On",
                day_field,
                "Such as 18 October 2007",
                required="Give the day on which it said so.",
                width="10",
            ),
            Field("finding", "What it found", words, "In one sentence; everybody can read it", kind=AREA, longest=500),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.record_review(by=request.viewer.actor, place=place, provider=code, **values)
        return _page(place, code)

    title = f"Record a review of {bodies.names(place).get(code, code)}"
    return write(request, Writing(title, form, "Record it", act, book=book, trail=_trail(book, code)))


def outcome(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Record what came of a review of a commissioner by the regional body to which it answers."""
    book, above = reads.book(place), arrangements.overseers(place, code)
    if not above:
        raise Http404("There is no such commissioner, or nobody to whom it answers.")
    day_of = Field("on", "On", day_field, "Such as 18 October 2008", required="Give the day of the review.", width="10")
    said = Field(
        "finding", "What came of it", words, "In one sentence; everybody can read it",
        required="Say what came of it.", kind=AREA, longest=500,
    )  # fmt: skip
    form = Form((choice("regulator", "Reviewed by", above.items(), "Choose who reviewed."), day_of, said))

    def act(values: Mapping[str, Any]) -> str:
        actions.record_outcome(by=request.viewer.actor, place=place, commissioner=code, **values)
        return _page(place, code)

    title = f"Record what came of a review of {bodies.names(place).get(code, code)}"
    return write(request, Writing(title, form, "Record it", act, book=book, trail=_trail(book, code)))


def withdraw(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take back a review that was recorded by mistake; it is shown once more before."""
    book, known = reads.book(place), arrangements.review(place, number)
    if why := arrangements.recording_fault(place, known.provider, request.viewer.roles_in(place)):
        raise UserError(why)
    form = Form((Field("reason", "Why", words, required="Say why it is withdrawn.", kind=AREA, longest=500),))

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Regulator", bodies.names(place).get(known.regulator, known.regulator)),
            ("Status", STANDINGS[known.status]),
            ("On", day(known.on)),
            ("Why it is withdrawn", values["reason"]),
        )
        return Checked(rows, ("It counts no longer, and stays readable with the reason.",))

    def act(values: Mapping[str, Any]) -> str:
        actions.withdraw_review(by=request.viewer.actor, place=place, number=number, reason=values["reason"])
        return _page(place, known.provider)

    writing = Writing(
        "Withdraw a review", form, "Withdraw it", act, check, book=book, trail=_trail(book, known.provider),
        kept=_withdrawn(known),
    )  # fmt: skip
    return write(request, writing)


def _withdrawn(known: Reviewed) -> str:
    """Say of a review that it was withdrawn already; empty while it counts."""
    if known.known_to is None:
        return ""
    when = day_text(localtime(known.known_to))
    return f"{known.withdrawn_by} withdrew this review on {when}, so nothing is left to withdraw."


def _page(place: str, code: str) -> str:
    return reverse("organisations:follow", args=[place, code]) + "#table-reviews"


def _trail(book: Book, code: str) -> tuple[Crumb, ...]:
    name = bodies.names(book.place.id).get(code, code)
    return crumb(book), Crumb(name, reverse("organisations:follow", args=[book.place.id, code]))
