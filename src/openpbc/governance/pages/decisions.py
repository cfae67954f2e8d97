"""The register of decisions, one decision, and the form that records one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.reads import Decision, appeals, gate
from openpbc.governance.reads.decisions import people
from openpbc.governance.reads.items import item_of_decision
from openpbc.governance.reads.seats import names
from openpbc.kernel.problems import Withheld
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, day_or_month, lines, whole_number, words
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

COLOURS = {
    reads.APPROVED: "green",
    reads.AGREED: "green",
    reads.URGENT: "yellow",
    reads.REFUSED: "red",
    reads.RETURNED: "orange",
    reads.NOTED: "blue",
    reads.DEFERRED: "orange",
    reads.WITHDRAWN: "grey",
}


def register(request: HttpRequest, place: str) -> HttpResponse:
    """All decisions of a place, ``?matter=`` and ``?body=`` keeping some."""
    book = open_book(place)
    bodies = reads.deciders(book)
    matter, body = request.GET.get("matter", ""), request.GET.get("body", "")
    found = reads.decisions(place, matter, body)
    page = Page(
        template="governance/decisions.jinja",
        title="Decisions",
        book=book,
        tables=(decisions_table(book, found, gate.closed_decisions(request.viewer, place, found)),),
        synthetic=any(each.synthetic for each in found),
        rests_on=(book.table(reads.BODIES),),
        context={
            "bodies": {code: capital(name) for code, name in bodies.items()},
            "body": body,
            "matter": matter,
        },
    )
    return respond(request, page)


def decisions_table(book: Book, found: tuple[Decision, ...], shut: Mapping[int, str]) -> Table:
    """Decisions one a row, with what became of each record; one that is ``shut`` tells that it is there."""
    bodies = reads.deciders(book)
    rows: list[list[Cell]] = [
        _closed_row(each, capital(bodies.get(each.body, each.body)), shut[each.id])
        if each.id in shut
        else [
            Link(f"{each.id}", reverse("governance:decision", args=[book.place.id, each.id])),
            each.when.name,
            capital(bodies.get(each.body, each.body)),
            each.minute,
            each.title,
            outcome_tag(each),
            f"Corrected by {each.replaced_by}" if each.replaced_by else "",
        ]
        for each in found
    ]
    titles = ("Record", "Taken on", "Body", "Minute", "Matter", "Outcome", "Correction")
    columns = [tables.text(title) for title in titles]
    return tables.table("decisions", "Register of decisions", columns, rows, cards=True, empty="None is recorded.")


def _closed_row(each: Decision, body: str, why: str) -> list[Cell]:
    private = why == gate.PRIVATE
    what = "Taken in the private part of a meeting" if private else "A matter in which you have an interest"
    return [f"{each.id}", each.when.name, body, "", what, Tag("withheld from you", "grey"), ""]


def outcome_tag(decision: Decision) -> Tag:
    """What was decided, in a box; a record that was corrected says so."""
    if decision.replaced_by is not None:
        return Tag("corrected", "grey")
    return Tag(decision.outcome, COLOURS[decision.outcome])


def decision(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One decision with who recorded it when, and the records that it corrects or that correct it."""
    book = open_book(place)
    found = reads.decision(number, place)
    if why := gate.barred_decision(request.viewer, found):
        raise Withheld(why)
    if found.matter:  # refused to those from whom it is withheld; for the others it is kept that they opened it
        actions.open_paper(by=request.viewer.actor, place=place, matter=found.matter, what=found.address)
    page = Page(
        template="governance/decision.jinja",
        title=found.title,
        book=book,
        trail=(_register_crumb(book),),
        synthetic=found.synthetic,
        context={
            "decision": found,
            "body": capital(reads.deciders(book).get(found.body, found.body)),
            "tag": outcome_tag(found),
            "outcome": reads.OUTCOMES[found.outcome],
            "may_appeal": may_appeal(request, book, found),
            "people": _people(found),
        },
    )
    return respond(request, page)


def _people(found: Decision) -> list[tuple[str, str]]:
    """Who took part and who left, of a decision that was written into the register, and that it was."""
    known = people(found.id)
    told = (("Took part", known.took_part), ("Left for an interest", known.left))
    return [(title, _listed(some)) for title, some in told if some] + _how(found)


def _how(found: Decision) -> list[tuple[str, str]]:
    if found.outcome == reads.URGENT or item_of_decision(found.id) is not None:
        return []
    return [("How it was recorded", "By hand, as the minutes have it; no quorum and no votes were counted here")]


def _listed(some: Iterable[str]) -> str:
    called = names()
    return ", ".join(called.get(each.strip().lower(), each.strip()) for each in some if each.strip())


def may_appeal(request: HttpRequest, book: Book, found: Decision) -> bool:
    """Whether the reader speaks for a group or practice that may appeal against a decision now."""
    own = appeals.speaks_for(request.viewer, book.place.id)
    allowed = request.may("governance:appeal-new", "POST", place=book.place.id)
    return allowed and any(not appeals.refusal(book, found, code) for code in own)


def _register_crumb(book: Book) -> Crumb:
    return Crumb("Decisions", reverse("governance:decisions", args=[book.place.id]))


def record(request: HttpRequest, place: str) -> HttpResponse:
    """Record a decision for good.

    ``?matter=&title=&body=`` fills in what is decided on, ``?replaces=`` the record that is to be corrected.
    """
    book = open_book(place)
    wrong = _wrong(request, request.POST.get("replaces", "") or request.GET.get("replaces", ""), place)

    def act(values: Mapping[str, Any]) -> str:
        said = {**values, **{name: values.get(name, "").splitlines() for name in ("took_part", "left")}}
        number = actions.record_decision(by=request.viewer.actor, place=place, **said)
        return reverse("governance:decision", args=[place, number])

    writing = Writing(
        title=f"Correct record {wrong.id}" if wrong else "Record a decision",
        form=_form(book, correcting=wrong is not None),
        submit="Record for good",
        act=act,
        check=lambda values: _checked(book, values, wrong),
        book=book,
        trail=(_register_crumb(book),),
        lead=f"Record {wrong.id} stays in the register, marked as corrected by the one that you write now."
        if wrong
        else "Write down what a body decided, as the minutes have it.",
        first=_known(wrong) if wrong else {},
    )
    return write(request, writing)


def _wrong(request: HttpRequest, text: str, place: str) -> Decision | None:
    if not text:
        return None
    found = reads.decision(whole_number(text), place)
    if why := gate.barred_decision(request.viewer, found):
        raise Withheld(why)
    return found


def _known(wrong: Decision) -> dict[str, str]:
    written = {name: str(getattr(wrong, name)) for name in ("matter", "title", "body", "minute", "outcome", "text")}
    known = people(wrong.id)
    named = {"took_part": "\n".join(known.took_part), "left": "\n".join(known.left)}
    return written | named | {"taken_on": wrong.when.name}


def _checked(book: Book, values: Mapping[str, Any], wrong: Decision | None) -> Checked:
    rows: tuple[tuple[str, Cell], ...] = (
        ("Body", capital(reads.deciders(book)[values["body"]])),
        ("Taken on", values["taken_on"].name),
        ("Minute", values["minute"]),
        ("Matter", values["title"]),
        ("Outcome", reads.OUTCOMES[values["outcome"]]),
        ("Decision", values["text"]),
        ("Took part", _listed(values.get("took_part", "").splitlines()) or "Not said"),
        ("Left for an interest", _listed(values.get("left", "").splitlines()) or "Nobody is named"),
    )
    kept = "The record can never be changed or removed; a mistake can only be corrected by a further record."
    corrected = (f"Record {wrong.id} is marked as corrected by this one.",) if wrong else ()
    return Checked(rows, (kept, *corrected))


def _form(book: Book, *, correcting: bool) -> Form:
    bodies = tuple((code, capital(name)) for code, name in reads.deciders(book).items())
    left_out = (reads.URGENT,) if correcting else (reads.URGENT, reads.WITHDRAWN)
    outcomes = tuple((code, text) for code, text in reads.OUTCOMES.items() if code not in left_out)
    on = "As 25 March 2008 or 25/3/2008; as March 2008 where no day is known"
    return Form(
        (
            choice("body", "Body", bodies, "Choose the body that decided."),
            Field("taken_on", "Taken on", day_or_month, on, required="Say on which day it was decided.", width="10"),
            _line("minute", "Minute reference", 60, "Give the reference of the minute."),
            _line("title", "Matter", 200, "Say in a few words what was decided on."),
            choice("outcome", "Outcome", outcomes, "Choose what was decided."),
            Field(
                "text", "Decision", lines, "As the minutes have it", kind=AREA, longest=4000,
                required="Write what was decided.",
            ),
            Field("took_part", "Who took part in it", lines, "One a line, by name or sign-in name", kind=AREA,
                  longest=4000),
            Field("left", "Who left for an interest", lines, "One a line; leave it empty if nobody did", kind=AREA,
                  longest=4000),
            Field("matter", "Matter's address", words, kind=HIDDEN, longest=200),
            Field("replaces", "Record that is corrected", whole_number, kind=HIDDEN),
        )
    )  # fmt: skip


def _line(name: str, label: str, longest: int, required: str) -> Field:
    return Field(name, label, words, required=required, longest=longest, width="20")
