"""Forms of joint work: an item, a milestone, and letting unfinished work run on into the next year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.joint import crumb
from openpbc.finance.reads import joint as reads
from openpbc.finance.reads.joint import JointItem
from openpbc.finance.rules.joint import KINDS, PROPOSED, STATES, TARGETS
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads.partners import own_commissioners, partners
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import (
    HIDDEN,
    INCOMPLETE,
    REVISION,
    YES_NO,
    Field,
    Form,
    choice,
    day,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

_TARGET = (
    choice("target", "Which target it serves", tuple(TARGETS.items()), hint="New investment serves one", blank="None"),
    Field("target_name", "Name of the target", words, "Where it serves one", width="30", longest=200),
)
_REST = (
    Field("pence", "Money in the year", pounds_and_pence, "Empty while not costed", prefix="£", width="10"),
    choice("may_run_on", "May it run on into the next year?", YES_NO, "Say whether it may run on."),
    choice("state", "How it stands", tuple((each, each.capitalize()) for each in STATES), "Choose a state."),
    Field("due", "By", day, "Such as 31 March 2009; empty while no day is set", width="10"),
    Field("legal_basis", "Legal basis", words, "For a transfer: the law that allows it", width="30", longest=300),
    Field("pooled_funds", "Pooled funds", words, "For a transfer: what becomes of them", width="30", longest=500),
    REVISION,
)
MILESTONE = Form(
    (
        Field("what", "What is reached", words, required="Say what is reached.", width="30", longest=300),
        Field("due", "By", day, required="Give the day.", width="10"),
        Field("done_on", "Reached on", day, "Empty until it is", width="10"),
        REVISION,
    )
)


def item_form(book: Book, before: str = "") -> Form:
    """The form of an item. ``before`` is a partner whom somebody typed before partners came from the register."""
    listed = partners(book)
    offered = [(each.code, each.text) for each in listed]
    offered += [(before, f"{before} (not in the register)")] if before else []
    councils = [(each.code, each.text) for each in listed if each.is_council]
    hint = "Where it serves a local target, such as the local area agreement"
    nobody = "Nobody yet"
    return Form(
        (
            choice("kind", "Kind", tuple(KINDS.items()), "Choose a kind."),
            Field("title", "What it is", words, required="Say what it is.", width="30", longest=200),
            choice("partner", "With whom", offered, "Choose with whom.", "From the register of organisations"),
            *_TARGET,
            choice("council", "Council that has the target", councils, hint=hint, blank=nobody),
            choice(
                "commissioner",
                "Commissioner that has the target",
                own_commissioners(book).items(),
                hint=hint,
                blank=nobody,
            ),
            *_REST,
        )
    )


def _here(book: Book, code: str) -> str:
    return reverse("finance:joint-item", args=[book.place.id, code])


def _trail(book: Book, found: JointItem) -> tuple[Crumb, ...]:
    return crumb(book), Crumb(f"{found.code} {found.title}", _here(book, found.code))


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Add an item."""
    book = open_book(place)
    first = {"state": PROPOSED, "may_run_on": "no", "revision": "0"}
    return _write(request, book, "Add joint work", first, (crumb(book),))


def change(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Change an item."""
    book = open_book(place)
    found = reads.joint_item(book, code)
    names = (
        "kind", "title", "target", "target_name", "council", "commissioner", "state", "legal_basis", "pooled_funds",
        "revision",
    )  # fmt: skip
    first = {name: str(getattr(found, name)) for name in names}
    first["partner"] = found.partner_code or found.partner
    first |= {"may_run_on": "yes" if found.may_run_on else "no", "due": day_text(found.due) if found.due else ""}
    if found.pence is not None:
        first["pence"] = pounds(found.pence).removeprefix("£")
    before = "" if found.partner_code else found.partner
    return _write(request, book, f"Change {code}: {found.title}", first, _trail(book, found), code, before)


def _write(
    request: HttpRequest,
    book: Book,
    title: str,
    first: Mapping[str, str],
    trail: tuple[Crumb, ...],
    code: str = "",
    before: str = "",
) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values) | {"may_run_on": values["may_run_on"] == "yes"}
        done = actions.write_joint_item(by=request.viewer.actor, place=book.place.id, code=code, **facts)
        return _here(book, done)

    return write(request, Writing(title, item_form(book, before), "Save", act, book=book, trail=trail, first=first))


def add_milestone(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Add a milestone to an item."""
    book = open_book(place)
    found = reads.joint_item(book, code)
    return _write_milestone(request, book, found, f"Add a milestone to {code}", {})


def change_milestone(request: HttpRequest, place: str, code: str, number: int) -> HttpResponse:
    """Say that a milestone was reached, or put it right."""
    book = open_book(place)
    found = reads.joint_item(book, code)
    known = reads.milestone(found, number)
    first = {"what": known.what, "due": day_text(known.due)}
    first |= {"done_on": day_text(known.done_on)} if known.done_on else {}
    return _write_milestone(request, book, found, f"Milestone {number} of {code}", first, number)


def _write_milestone(
    request: HttpRequest, book: Book, found: JointItem, title: str, first: Mapping[str, str], number: int = 0
) -> HttpResponse:
    def act(values: Mapping[str, Any]) -> str:
        actions.write_joint_milestone(
            by=request.viewer.actor, place=book.place.id, code=found.code, number=number, **values
        )
        return _here(book, found.code)

    seen = dict(first) | {"revision": str(found.revision)}
    return write(request, Writing(title, MILESTONE, "Save", act, book=book, trail=_trail(book, found), first=seen))


def run_on(request: HttpRequest, place: str) -> HttpResponse:
    """Let what was begun and is unfinished run on into the next year; shown before it is done."""
    book = open_book(place)
    found, year = reads.running_on(book), book.place.year
    form = Form((Field("seen", "State looked at", whole_number, kind=HIDDEN, required=INCOMPLETE),))
    said = (
        f"{len(found)} items move from {year.label} into {year.next.label}; what they were stays in their history.",
        "What each costs there is not set until somebody says it.",
    )

    def check(values: Mapping[str, Any]) -> Checked:
        return Checked(tuple((each.code, f"{each.title}, {each.state}") for each in found), said)

    def act(values: Mapping[str, Any]) -> str:
        actions.run_joint_items_on(by=request.viewer.actor, place=place, seen=values["seen"])
        return reverse("finance:joint", args=[place])

    lead = "Work that was begun, is not finished and may run on goes into the next year; all else stays in this one."
    notes = () if found else ("Nothing would run on now.",)
    writing = Writing(f"Let work run on into {year.next.label}", form, "Continue", act, check, book, (crumb(book),),
                      lead, {"seen": str(reads.seen(book))}, notes)  # fmt: skip
    return write(request, writing)
