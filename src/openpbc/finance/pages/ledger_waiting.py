"""Journals that wait for a second person: all that were put up, and agreeing to one or turning it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance import actions, reads
from openpbc.finance.pages.ledger import address_of, ledger_crumb, pence, year_of
from openpbc.finance.pages.ledger_writing import before_and_after
from openpbc.finance.reads import JOURNAL_KINDS, waiting
from openpbc.finance.reads.waiting import Waiting
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text, moment_cell, moment_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing
from openpbc.ui.forms import AREA, HIDDEN, LONGEST_TEXT, Field, Form, choice, lines, whole_number
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

TITLE = "Journals for a second person"
_AGREE, _TURN_DOWN = "agree", "turn-down"
_ANSWERS = ((_AGREE, "Agree, and post it"), (_TURN_DOWN, "Turn it down, or take it back"))


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every journal that was put up for a second person, the newest first, and from which sum journals are."""
    book = open_book(place)
    year, limit = year_of(request, book), waiting.second_person_from(book)
    found = waiting.put_up_journals(place)
    page = Page(
        template="finance/ledger_waiting.jinja",
        title=TITLE,
        book=book,
        trail=(ledger_crumb(book, year),),
        tables=(_table(book, found),),
        facts=(("Waiting", str(sum(each.asked.agreed is None for each in found))),),
        rests_on=(limit,),
        context={"limit": Missing(limit.path) if isinstance(limit, NotSet) else pence(limit.pence)},
    )
    return respond(request, page)


def _table(book: Book, found: tuple[Waiting, ...]) -> Table:
    rows: list[list[Cell]] = [
        [
            f"Number {each.asked.number}"
            if each.asked.agreed is not None
            else Link(f"Number {each.asked.number}", _address(book, each.asked.number)),
            JOURNAL_KINDS[each.draft.kind].title,
            each.draft.reason,
            pence(each.pence),
            each.asked.by,
            moment_cell(localtime(each.asked.at)),
            _state(book, each),
        ]
        for each in found
    ]
    columns = [
        *(tables.text(title) for title in ("Put up", "Kind", "Why")),
        tables.number("Sum", "£", additive=False),
        *(tables.text(title) for title in ("Put up by", "Put up at", "Now")),
    ]
    empty = "Nothing was put up for a second person."
    return tables.table("waiting", "Put up for a second person", columns, rows, cards=True, empty=empty)


def _state(book: Book, each: Waiting) -> Cell:
    if each.asked.agreed is None:
        return "Waits for somebody else"
    if each.asked.agreed:
        address = address_of("finance:ledger-journal", book, each.year, each.journal)
        return Link(f"Journal {each.journal}, agreed by {each.asked.answered_by}", address)
    return f"Turned down by {each.asked.answered_by}: {each.asked.reason}"


def _address(book: Book, number: int) -> str:
    return reverse("finance:ledger-agree", args=[book.place.id, number])


def agree(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Agree to a journal that somebody else put up, which posts it as it is; or turn it down with a reason."""
    book = open_book(place)
    found = waiting.waiting_journal(place, number)

    def act(values: Mapping[str, Any]) -> str:
        common: dict[str, Any] = {"by": request.viewer.actor, "place": place, "number": number}
        if values["answer"] == _TURN_DOWN:
            actions.turn_down_journal(reason=values.get("reason") or "", **common)
            return reverse("finance:ledger-waiting", args=[place])
        codes = [each.account for each in found.draft.entries]
        seen = reads.seen_at(place, found.year, values["seen"], codes)
        posted = actions.agree_journal(sha256=values["sha256"], seen=seen, **common)
        return address_of("finance:ledger-journal", book, found.year, posted.number)

    newest = next((each.number for each in reads.journals(place, found.year, limit=1)), 0)
    mine = found.asked.put_up_by(request.viewer.actor)
    tables_shown, trouble = _shown(found)
    writing = Writing(
        title=f"Journal for a second person: number {number}",
        form=_form(),
        submit="Send the answer",
        act=act,
        check=lambda values: _checked(found, values),
        book=book,
        trail=(ledger_crumb(book, found.year), Crumb(TITLE, reverse("finance:ledger-waiting", args=[place]))),
        lead=f"{found.asked.by} put this up on {moment_text(localtime(found.asked.at))}: {found.draft.reason}",
        first={"seen": str(newest), "sha256": found.asked.sha256},
        notes=(*_notes(found, mine), *((trouble,) if trouble else ())),
        tables=tables_shown,
    )
    return write(request, writing)


def _shown(found: Waiting) -> tuple[tuple[Table, ...], str]:
    """What it would do now, or why it could not be posted any more: it can be turned down all the same."""
    if found.asked.agreed is not None:
        return (), ""
    try:
        return (before_and_after(found.asked.place, found.year, found.draft.entries),), ""
    except UserError as problem:
        return (), f"As things stand it cannot be posted: {problem.sentence}"


def _form() -> Form:
    return Form(
        (
            choice("answer", "Your answer", _ANSWERS, "Choose an answer."),
            Field("reason", "Why", lines, "Needed to turn it down", kind=AREA, longest=LONGEST_TEXT),
            Field("seen", "Seen", whole_number, kind=HIDDEN, required="Open the page again."),
            Field("sha256", "What you saw", str, kind=HIDDEN, required="Open the page again.", longest=64),
        )
    )


def _notes(found: Waiting, mine: bool) -> tuple[str, ...]:
    if found.asked.agreed is not None:
        how = "agreed to it" if found.asked.agreed else "turned it down"
        return (f"{found.asked.answered_by} {how} already.",)
    if mine:
        return ("You put this up, so somebody else agrees to it. You can take it back.",)
    return ("It is posted exactly as it is, or not at all. Who wants it otherwise turns it down and puts up another.",)


def _checked(found: Waiting, values: Mapping[str, Any]) -> Checked:
    if values["answer"] == _TURN_DOWN and not values.get("reason"):
        raise UserError("it is not said why", "reason", "Say why it is turned down.")
    rows: tuple[tuple[str, Cell], ...] = (
        ("Kind", JOURNAL_KINDS[found.draft.kind].title),
        ("Sum", pounds(found.pence)),
        ("Dated", day_text(found.draft.on)),
        ("Why", found.draft.reason),
        ("Put up by", found.asked.by),
        ("Your answer", dict(_ANSWERS)[values["answer"]]),
    )
    posted = "The journal is posted under your name, beside that of who put it up. It cannot be edited, only reversed."
    turned = "It is not posted. Who still wants it puts it up anew."
    return Checked(rows, consequences=(posted if values["answer"] == _AGREE else turned,))
