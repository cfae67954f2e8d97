"""Forms of the register of agreements: add and change, record what was found, make a draft active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.contracts import actions
from openpbc.contracts.pages.agreements import crumb, held_by
from openpbc.contracts.reads import agreement_register as reads
from openpbc.contracts.reads.agreement_register import Agreement
from openpbc.contracts.rules.agreements import COMPACT, JOINT, OWN, RECORDS, SECTORS, VOLUNTARY
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads.partners import Partner, partners
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import (
    REVISION,
    Field,
    Form,
    choice,
    day,
    pounds_and_pence,
    words,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

_OTHER = "A body that the register does not hold"
VERDICTS = (("yes", "In order"), ("no", "Not in order"))
_DATED = "Such as 1 April 2008; empty while nobody has said"


def _form(book: Book, code: str = "", held_with: str = "") -> Form:
    listed = partners(book)
    offered = [(each.code, each.text) for each in listed]
    own = book.word("commissioner_short")
    others = tuple(
        (each.code, f"{each.code} {each.title}") for each in reads.agreements(book) if each.code != code
    )  # fmt: skip
    following = (
        choice("replaced_by", "Replaced by", others, hint="The agreement that takes its place", blank="None yet"),
    )
    return Form(
        (
            Field("title", "What it is for", words, required="Say what it is for.", width="30", longest=200),
            choice("listed", "With whom", offered, hint="From the register of organisations", blank=_OTHER),
            Field(
                "partner",
                "Name of that body",
                words,
                "Only for a body that the register does not hold",
                width="30",
                longest=200,
            ),
            choice("sector", "Kind of partner", tuple(SECTORS.items()), "Choose a kind."),
            choice("holder", "Held by", ((OWN, f"{own} alone"), (JOINT, f"{own} jointly")), "Choose who holds it."),
            choice(
                "held_with",
                "Held jointly with",
                _holders(listed, held_with),
                hint="Only for a joint one",
                blank="Nobody",
            ),
            Field("starts", "From", day, _DATED, width="10"),
            Field("ends", "To", day, width="10"),
            Field("pence_a_year", "Sum a year", pounds_and_pence, "Empty while not agreed", prefix="£", width="10"),
            Field("term_reason", "Reason for a short term", words, _short(book), width="30", longest=500),
            *(following if others else ()),
            REVISION,
        )
    )


def _holders(listed: Sequence[Partner], held_with: str) -> list[tuple[str, str]]:
    """With whom an agreement may be held jointly; whoever was typed before is offered still."""
    names = [(each.name, each.text) for each in listed]
    before = held_with and held_with not in dict(names)
    return [*names, (held_with, f"{held_with} (not in the register)")] if before else names


def _short(book: Book) -> str:
    least = reads.least_months(book)
    return f"For a term of less than {least} months" if least else "No shortest term is set"


def _here(book: Book, code: str) -> str:
    return reverse("contracts:agreement", args=[book.place.id, code])


def _trail(book: Book, found: Agreement) -> tuple[Crumb, ...]:
    return crumb(book), Crumb(f"{found.code} {found.title}", _here(book, found.code))


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Put an agreement on the register, as a draft."""
    book = open_book(place)
    return _write(request, book, "Add an agreement", {"revision": "0"}, (crumb(book),))


def change(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Change what the register says of an agreement."""
    book = open_book(place)
    found = reads.agreement(book, code)
    names = ("title", "partner", "sector", "holder", "held_with", "term_reason", "replaced_by", "revision")
    first = {name: str(getattr(found, name)) for name in names} | {"listed": found.partner_code}
    first |= {"partner": ""} if found.partner_code else {}
    first |= {name: day_text(value) for name in ("starts", "ends") if (value := getattr(found, name))}
    if found.pence_a_year is not None:
        first["pence_a_year"] = pounds(found.pence_a_year).removeprefix("£")
    return _write(request, book, f"Change {code}: {found.title}", first, _trail(book, found), code, found.held_with)


def _write(
    request: HttpRequest,
    book: Book,
    title: str,
    first: Mapping[str, str],
    trail: tuple[Crumb, ...],
    code: str = "",
    held_with: str = "",
) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values)
        listed, named = facts.pop("listed", ""), facts.get("partner", "")
        if listed and named:
            raise UserError("two partners are named", "partner", "Choose one, or write one name.")
        facts["partner"] = listed or named
        done = actions.write_agreement(by=request.viewer.actor, place=book.place.id, code=code, **facts)
        return _here(book, done)

    lead = "" if code else "It starts as a draft. Once it was checked against the Compact it can be made active."
    writing = Writing(title, _form(book, code, held_with), "Save", act, book=book, trail=trail, lead=lead, first=first)
    return write(request, writing)


def record(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Record a review, a monitoring meeting or a Compact check; it stays as it is recorded."""
    book = open_book(place)
    found = reads.agreement(book, code)
    kinds = tuple((kind, name) for kind, name in RECORDS.items() if kind != COMPACT or found.sector == VOLUNTARY)
    form = Form(
        (
            choice("kind", "What took place", kinds, "Choose what took place."),
            Field("on", "Day", day, required="Give the day.", width="10"),
            choice("in_order", "What was found", VERDICTS, "Say what was found."),
            Field("note", "Note", words, required="Say in a few words what was found.", width="30", longest=500),
        )
    )

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("What", RECORDS[values["kind"]]), ("Day", day_text(values['on'])),
                ("Found", dict(VERDICTS)[values["in_order"]]), ("Note", values["note"]))  # fmt: skip
        return Checked(rows, ("The record stays as it is; a later one says what has become of it.",))

    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values) | {"in_order": values["in_order"] == "yes"}
        actions.record_of_agreement(by=request.viewer.actor, place=place, code=code, **facts)
        return _here(book, code)

    writing = Writing(f"Record for {code}: {found.title}", form, "Continue", act, check, book, _trail(book, found))
    return write(request, writing)


def activate(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Make a draft active, or say what keeps it back."""
    book = open_book(place)
    found = reads.agreement(book, code)
    rows = (
        ("Agreement", f"{found.code} {found.title}"),
        ("With", found.partner),
        ("Held by", held_by(book, found)),
        ("Runs", f"{day_text(found.starts)} to {day_text(found.ends)}" if found.starts and found.ends else "not set"),
    )
    against = reads.agreement_terms(found)

    def check(values: Mapping[str, Any]) -> Checked:
        said = ("It cannot become a draft again; its terms may still be changed while they stay fit.",)
        return Checked(rows, said, tuple(each.sentence for each in against))

    def act(values: Mapping[str, Any]) -> str:
        actions.activate_agreement(by=request.viewer.actor, place=place, code=code, revision=values["revision"])
        return _here(book, code)

    lead = (
        " ".join(("Not yet.", *(each.sentence for each in against))) if against else "It is then in force for its term."
    )
    steps = (("Record a Compact check", "contracts:agreement-record"), ("Change it", "contracts:agreement-change"))
    ways = tuple((text, reverse(route, args=[place, code])) for text, route in steps) if against else ()
    writing = Writing(
        f"Make {code} active", Form((REVISION,)), "Continue", act, check, book, _trail(book, found),
        lead, {"revision": str(found.revision)}, ways=ways,
    )  # fmt: skip
    return write(request, writing)
