"""Moving money between budgets, and undoing a journal: both shown before they are posted for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from openpbc.finance import actions, reads
from openpbc.finance.pages.ledger import (
    address_of,
    balances_by_code,
    entries_table,
    journal_or_waiting,
    ledger_crumb,
    pence,
    year_of,
)
from openpbc.finance.reads import JOURNAL_KINDS, Balance, Entry, Journal
from openpbc.finance.reads import year_end as ends
from openpbc.finance.reads.year_end import Ended
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import FinancialYear, day_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import today
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.forms import (
    AREA,
    HIDDEN,
    LONGEST_TEXT,
    Answer,
    Field,
    Form,
    choice,
    day,
    line,
    lines,
    pounds_and_pence,
    whole_number,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

MOVABLE = JOURNAL_KINDS["virement"].touches
DATED = Field(
    "on",
    "Dated",
    day,
    hint="A day of the year, such as 27 June 2008",
    required="Give the day of the change",
    width="10",
)
Choices = tuple[tuple[str, str], ...]
SHORT = 20  # budgets that can be looked through in a list; more are shortened by words first
NARROW = Form(
    (
        line("giving", "Budgets that give: words of the title", hint="Such as the group and the service", longest=60),
        line("taking", "Budgets that take: words of the title", hint="Empty for every budget", longest=60),
        Field("year", "Year", str, kind=HIDDEN),
    )
)
WHY = Field(
    "reason",
    "Why",
    lines,
    hint="Everybody who looks at either budget reads this",
    required="Say why the money moves",
    kind=AREA,
    longest=LONGEST_TEXT,
)


def virement(request: HttpRequest, place: str) -> HttpResponse:
    """Move money from one budget to another: never more than it holds, and never unseen."""
    book = open_book(place)
    year = year_of(request, book)
    standing = {code: each for code, each in balances_by_code(place, year).items() if each.account.kind in MOVABLE}
    narrow = NARROW.read(request.GET)

    def act(values: Mapping[str, Any]) -> str:
        asked = _asked(place, year, values, _newest(place, year))
        posted = actions.virement(by=request.viewer.actor, place=place, year=year, **asked)
        return journal_or_waiting(book, year, posted)

    writing = Writing(
        title="Move money between budgets",
        form=_virement_form(standing, narrow),
        submit="Post the virement",
        act=act,
        check=lambda values: _checked(place, year, standing, _asked(place, year, values, _newest(place, year))),
        book=book,
        trail=(ledger_crumb(book, year),),
        lead="A virement takes from one budget what it gives to another. It is posted for good; a mistake is reversed.",
        first={"seen": str(_newest(place, year)), "on": day_text(day_of(book))},
        notes=() if standing else ("No budget is posted yet, so there is nothing to move.",),
        narrow=narrow if len(standing) > SHORT else None,
    )
    return write(request, writing)


def day_of(book: Book) -> date:
    """Today where it lies in the year, else the year's nearest day."""
    return min(max(today(), book.place.year.first), book.place.year.last)


def _newest(place: str, year: str) -> int:
    """The number of the newest journal: what somebody who opens a form now has seen."""
    return next((each.number for each in reads.journals(place, year, limit=1)), 0)


def _virement_form(standing: Mapping[str, Balance], narrow: Answer) -> Form:
    offered = tuple((code, f"{each.account.title}: {pounds(each.pence)}") for code, each in standing.items())
    full = tuple((code, text) for code, text in offered if standing[code].pence > 0)
    sources, targets = _fitting(full, narrow.raw["giving"]), _fitting(offered, narrow.raw["taking"])
    return Form(
        (
            choice("source", "From", sources, "Choose where the money comes from", _count(sources, full)),
            choice("target", "To", targets, "Choose where the money goes", _count(targets, offered)),
            Field(
                "pence",
                "Sum",
                pounds_and_pence,
                hint="In pounds, such as 12,500 or 12,500.50",
                prefix="£",
                required="Give the sum",
                width="10",
            ),
            DATED,
            WHY,
            Field("seen", "Seen", whole_number, kind=HIDDEN, required="Open the page again."),
        )
    )


def _fitting(offered: Choices, words: str) -> Choices:
    """The choices of which the title holds every word that was written."""
    wanted = words.casefold().split()
    return tuple((code, text) for code, text in offered if all(word in text.casefold() for word in wanted))


def _count(shown: Choices, offered: Choices) -> str:
    """How many of the budgets a shortened list holds."""
    if len(shown) == len(offered):
        return ""
    return f"{len(shown)} of {len(offered)} budgets" + ("" if shown else ": shorten the list by other words")


def _asked(place: str, year: str, values: Mapping[str, Any], newest: int) -> dict[str, Any]:
    """What the action takes: the journal that the person last saw becomes the last line of each of the two accounts."""
    if values["seen"] > newest:
        raise Stale(f"Journal {values['seen']} is not posted yet, and you had seen it", do="Look again.")
    check_day(FinancialYear.parse(year), values["on"])
    asked = {name: value for name, value in values.items() if name != "seen"}
    if asked["pence"] <= 0:
        raise UserError("a virement moves more than nought", "pence", "Give the sum in pounds.")
    if asked["source"] == asked["target"]:
        raise UserError("a virement goes to another budget than it comes from", "target", "Choose another budget.")
    return asked | {"seen": reads.seen_at(place, year, values["seen"], [asked["source"], asked["target"]])}


def check_day(year: FinancialYear, on: date) -> None:
    """Refuse a day outside of the ledger's year already where it is written."""
    if not year.first <= on <= year.last:
        do = f"Give a day from {day_text(year.first)} to {day_text(year.last)}."
        raise UserError(f"{day_text(on)} is no day for the ledger of {year.label}", "on", do)


def _checked(place: str, year: str, standing: Mapping[str, Balance], asked: Mapping[str, Any]) -> Checked:
    """Both budgets before and after; more than the source holds is told already here."""
    source, target = (standing[asked[side]].account.title for side in ("source", "target"))
    entries = reads.virement_entries(asked["source"], asked["target"], asked["pence"])
    rows: tuple[tuple[str, Cell], ...] = (
        ("From", source),
        ("To", target),
        ("Sum", pounds(asked["pence"])),
        ("Dated", day_text(asked["on"])),
        ("Why", asked["reason"]),
    )
    return Checked(
        rows,
        consequences=("A journal is posted under your name. It cannot be edited, only reversed by another journal.",),
        tables=(before_and_after(place, year, entries),),
    )


def before_and_after(place: str, year: str, entries: Sequence[Entry]) -> Table:
    """Every account of a journal that is not posted yet: as it stands, and as it would."""
    rows: list[list[Cell]] = [
        [
            each.balance.account.title,
            pence(each.balance.pence, each.balance.address),
            pence(each.change),
            pence(each.after),
        ]
        for each in reads.preview(place, year, entries)
    ]
    columns = [tables.text("Budget"), *(tables.number(title, "£") for title in ("Now", "Change", "After"))]
    return tables.table("before-and-after", "Before and after", columns, rows, cards=True)


def reverse_journal(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Undo a journal by posting its exact opposite."""
    book = open_book(place)
    year = year_of(request, book)
    found = reads.journal(place, year, number)
    ends_of = ends.year_end_of(found)
    ended = ends.year_ended(place, ends_of) if ends_of else None

    def act(values: Mapping[str, Any]) -> str:
        posted = actions.reverse(by=request.viewer.actor, place=place, number=number, year=year, **values)
        return journal_or_waiting(book, year, posted)

    writing = Writing(
        title=f"Reverse journal {number}",
        form=Form(
            (
                Field(
                    "on", "Dated", day, "A day of the year, such as 27 June 2008", required="Give the day", width="10"
                ),
                Field("reason", "Why", lines, required="Say what was wrong", kind=AREA, longest=LONGEST_TEXT),
            )
        ),
        submit="Post the reversal",
        act=act,
        check=lambda values: Checked(
            (
                ("Journal", f"{number}: {found.reason}"),
                ("Dated", day_text(values["on"])),
                ("Why", values["reason"]),
            ),
            consequences=_undoing(number, ended),
            tables=_both_sides(found, ended),
        ),
        book=book,
        trail=(
            ledger_crumb(book, year),
            Crumb(f"Journal {number}", address_of("finance:ledger-journal", book, year, number)),
        ),
        lead=f"Journal {number} was posted by {found.by_name}: {found.reason}" + _with_all(ended),
        first={"on": day_text(day_of(book))},
        tables=(entries_table(book, found),),
    )
    return write(request, writing)


def _with_all(ended: Ended | None) -> str:
    """Say which other journals of a year's end go with one of them."""
    if ended is None:
        return ""
    return f". It is a part of the end of {ended.year.label}, which is undone as a whole: {ended.told}."


def _undoing(number: int, ended: Ended | None) -> tuple[str, ...]:
    once = "A journal is reversed only once, and a reversal is not reversed: post the money again instead."
    if ended is None:
        opposite = f"A journal with the opposite of journal {number} is posted under your name"
        return f"{opposite}; both stay in the ledger.", once
    return (
        f"Every journal of the end of {ended.year.label} is reversed under your name, in the ledgers of both years.",
        f"The ledger of {ended.year.label} takes journals again, and the year can be ended once more.",
    )


def _both_sides(one: Journal, ended: Ended | None) -> tuple[Table, ...]:
    """What undoing some journals moves, a table for each ledger."""
    if ended is not None:
        ends.check_unused(ended)
    sides = ended.sides if ended else ((FinancialYear.parse(one.year), (one,)),)
    made = [(year, before_and_after(one.place, str(year), ends.undoing(found))) for year, found in sides if found]
    if len(made) == 1:
        return (made[0][1],)
    return tuple(
        replace(table, id=f"{table.id}-{year}", caption=f"{table.caption}, ledger of {year.label}")
        for year, table in made
    )
