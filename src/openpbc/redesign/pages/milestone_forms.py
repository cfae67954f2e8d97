"""Forms of the milestones: adding one, moving it, and saying on which a case hangs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations.reads import arrangements
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.pages.milestones import milestones_crumb, opened_milestone
from openpbc.redesign.reads import milestones as reads
from openpbc.redesign.reads.milestones import Milestone
from openpbc.redesign.reads.seeing import opened_case
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import REVISION, YES_NO, Field, Form, choice, day_or_month, line
from openpbc.ui.writing import Checked, Writing, write

_WHY = "Everybody who sees the milestone can read it"


def _fields(book: Book) -> tuple[Field, ...]:
    areas = arrangements.subjects(book, arrangements.PRIORITIES)
    return (
        line("name", "What is reached with it", "Say what is reached with it."),
        choice("area", "Area", areas.items(), blank=reads.EVERY_AREA),
        Field("due", "Planned", day_or_month, "As June 2008, or 25 June 2008; empty while no date is known",
              width="10"),
        line("source", "Source", "Name the paper or the minute that says so.", "The paper or minute", longest=300),
    )  # fmt: skip


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Add a milestone."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        code = actions.add_milestone(by=request.viewer.actor, place=place, **values)
        return reverse("redesign:milestone", args=[place, code])

    trail = (crumb(book), milestones_crumb(book))
    return write(request, Writing("Add a milestone", Form(_fields(book)), "Add it", act, book=book, trail=trail))


def move(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Move a milestone, or change what is said of it; what was said before stays readable."""
    book = open_book(place)
    known = opened_milestone(book, code)
    form = Form(
        (
            *_fields(book),
            choice("dropped", "Was it dropped?", YES_NO, "Say yes or no."),
            line("reason", "Why", "Say why.", _WHY, longest=500),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        said = dict(values) | {"dropped": values["dropped"] == "yes"}
        actions.move_milestone(by=request.viewer.actor, place=place, code=code, **said)
        return reverse("redesign:milestone", args=[place, code])

    now = known.now
    first = {"name": now.name, "area": now.area, "due": now.due.name if now.due else "", "source": now.source,
             "dropped": "yes" if now.dropped else "no", "revision": str(now.number)}  # fmt: skip
    trail = (crumb(book), milestones_crumb(book))
    return write(request, Writing("Move or change a milestone", form, "Save", act, book=book, trail=trail, first=first,
                                  lead="What was said of it before stays on its page."))  # fmt: skip


def link(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Say on which milestone a case hangs."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    now = reads.links(place).get(known.id, "")
    offered = [each for each in reads.milestones(book) if not each.now.dropped or each.code == now]
    names = tuple((each.code, _offer(each)) for each in offered)
    form = Form((choice("code", "Milestone", names, blank="None: it hangs on no milestone"), REVISION))

    def act(values: Mapping[str, Any]) -> str:
        actions.link_milestone(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("redesign:case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        chosen = dict(names).get(values.get("code", ""), "None")
        return Checked((("Case", known.title), ("Milestone", chosen)), ("Its lateness is told against it.",))

    writing = Writing(
        "Say on which milestone the case hangs", form, "Save", act, check, book, (crumb(book), case_crumb(known)),
        "The timing of a redesign may follow the review of acute services. A case need not hang on a milestone.",
        {"code": now, "revision": str(known.revision)},
    )  # fmt: skip
    return write(request, writing)


def _offer(known: Milestone) -> str:
    due = known.now.due.name if known.now.due else "no date"
    return f"{known.now.name} ({due}{', dropped' if known.now.dropped else ''})"
