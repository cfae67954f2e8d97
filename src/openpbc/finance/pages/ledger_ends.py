"""The two ends of a ledger's year: opening balances brought in, and what carries into the next year or lapses."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions, reads
from openpbc.finance.pages.ledger import address_of, ledger_crumb, pence
from openpbc.finance.pages.ledger_writing import DATED, WHY
from openpbc.finance.reads import ACCOUNT_KINDS
from openpbc.finance.reads import year_end as ends
from openpbc.finance.rules.year_end import YearEnd
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, lines, whole_number
from openpbc.ui.tables import Row, Table
from openpbc.ui.writing import Checked, Writing, write

LONGEST_PASTED = 200_000
HEADER = ("account", "amount")
NAMED = "the form"
PASTED = "rows"
# What may be decided of a kind of account that the rulebook leaves open, and how its question is named in the form.
KIND, YES, NO = "carries-", "yes", "no"
CARRIES = ((YES, "It is carried into the next year"), (NO, "It lapses"))
OPEN = "Of some money the rulebook does not say what becomes of it: decide it here, with the reason."


def opening(request: HttpRequest, place: str) -> HttpResponse:
    """Bring in the balances with which the ledger begins: all rows or none."""
    book = open_book(place)
    year = str(book.place.year)

    def act(values: Mapping[str, Any]) -> str:
        done = actions.import_opening(by=request.viewer.actor, place=place, content=values[PASTED], name=NAMED)
        return address_of("finance:ledger-journal", book, year, done.posted.number)

    hint = "Two columns: account, and sum in pounds. Copy them from a workbook, or type one row a line with a comma."
    pasted = Field(
        PASTED, "Balances", as_csv, hint, kind=AREA, required="Give at least two rows", longest=LONGEST_PASTED
    )  # fmt: skip
    writing = Writing(
        title="Bring in opening balances",
        form=Form((pasted,)),
        submit="Post the opening balances",
        act=act,
        check=lambda values: _opening_check(book, values[PASTED]),
        book=book,
        trail=(ledger_crumb(book, year),),
        lead="All rows together add up to nought: the account “allocation” takes the other side of all money.",
        notes=(
            "Accounts are written as allocation, held/contingency, group/UNIT/in-scope or practice/CODE/in-scope.",
            f"The shell takes a file: openpbc finance ledger import --place {place} FILE.",
        ),
    )
    return write(request, writing)


def as_csv(text: str) -> bytes:
    """Read what was pasted: columns parted by tabs, as a workbook gives them, or by commas; the header may lack."""
    rows = [line for line in text.splitlines() if line.strip()]
    try:
        cut = list(csv.reader(rows, delimiter="\t" if any("\t" in line for line in rows) else ",", strict=True))
    except csv.Error as error:
        raise UserError(f"the rows are no table ({error})", do="Give two columns a row.") from error
    if [cell.strip().casefold() for cell in cut[0]][:2] != list(HEADER):
        cut.insert(0, list(HEADER))
    written = io.StringIO()
    csv.writer(written).writerows(cut)
    return written.getvalue().encode()


def _opening_check(book: Book, content: bytes) -> Checked:
    found = reads.read_opening(book, content, NAMED)
    if found.findings:
        problem = found.problem
        raise UserError(problem.what, PASTED, problem.do)
    rows = [Row((row.name, pence(row.pence))) for row in found.accepted]
    total = Row(("Together", pence(0)), total=True)
    columns = [tables.code("Account"), tables.number("Opening balance", "£")]
    return Checked(
        (("Rows", f"{found.rows:,}"),),
        consequences=(
            "One journal is posted under your name. It cannot be edited; a mistake is reversed as a whole.",
            "Other opening balances are refused until this journal is reversed.",
        ),
        tables=(tables.table("opening", "Opening balances", columns, [*rows, total], cards=True),),
    )


def year_end(request: HttpRequest, place: str) -> HttpResponse:
    """Carry forward what the rulebook lets carry, and decide of what it leaves open; the ledger is closed then."""
    book = open_book(place)
    year = book.place.year
    found, left_open = _ending(book), ends.open_kinds(book)
    brought = f"What carries is brought into the ledger of {year.next.label}; what does not is given back and lapses."

    def act(values: Mapping[str, Any]) -> str:
        own = {name: values[name] for name in ("on", "reason", "seen")}
        told = {"decided": _decided(values), "why": values.get("why", "")}
        done = actions.roll_over(by=request.viewer.actor, place=place, **own, **told)
        if not done.closing:
            raise UserError("nothing stands on any account, so there is nothing to carry", "reason")
        return reverse("finance:ledger", args=[place]) + f"?year={year}"

    writing = Writing(
        title=f"Carry the ledger of {year.label} forward",
        form=Form((DATED, WHY, *_decisions(left_open), Field("seen", "Seen", whole_number, kind=HIDDEN))),
        submit="Close the year",
        act=act,
        check=lambda values: _end_check(book, values),
        book=book,
        trail=(ledger_crumb(book, str(year)),),
        lead=f"{brought} {OPEN}" if left_open else brought,
        first={"on": day_text(year.last), "seen": str(ends.last_number(book))},
        tables=() if found is None else (end_table(found),),
        notes=_ended_already(book),
    )
    return write(request, writing)


def _decisions(left_open: Mapping[str, int]) -> tuple[Field, ...]:
    """A question for each kind of account that the rulebook leaves open, and one why."""
    if not left_open:
        return ()
    asked = (
        choice(f"{KIND}{kind}", f"{ACCOUNT_KINDS[kind]}: {pounds(held)}", CARRIES, "Choose what becomes of it")
        for kind, held in left_open.items()
    )
    hint = "Who decided it, and why. It stands in every journal of the year's end."
    return (*asked, Field("why", "Why so", lines, hint, required="Say why, and who decided it", kind=AREA, longest=500))


def _decided(values: Mapping[str, Any]) -> dict[str, bool]:
    return {name.removeprefix(KIND): value == YES for name, value in values.items() if name.startswith(KIND)}


def _ended_already(book: Book) -> tuple[str, ...]:
    """Say by whom the year was ended, and how that is undone."""
    ended = ends.year_ended(book.place.id, book.place.year)
    if not ended.closing:
        return ()
    by = ended.closing[0].by_name
    return (f"{by} ended the year: {ended.told}. To undo it, open any of these journals and reverse it.",)


def _ending(book: Book) -> YearEnd | None:
    """What the year's end would do; nothing while it is open what becomes of some money."""
    return None if ends.open_kinds(book) else ends.year_end(book)


def _end_check(book: Book, values: Mapping[str, Any]) -> Checked:
    decided = _decided(values)
    found, year = ends.year_end(book, decided), book.place.year
    rows: tuple[tuple[str, Cell], ...] = (
        ("Carried", pence(found.carried_pence)),
        ("Lapses", pence(found.lapsed_pence)),
        ("Dated", day_text(values["on"])),
        ("Why", values["reason"]),
        *((ACCOUNT_KINDS[kind], dict(CARRIES)[YES if carried else NO]) for kind, carried in decided.items()),
        *((("Why so", values["why"]),) if decided else ()),
    )
    return Checked(
        rows,
        consequences=(
            f"The ledger of {year.label} takes no more journals but reversals.",
            f"What carries is the opening of the ledger of {year.next.label}.",
        ),
        tables=(end_table(found),),
    )


def end_table(found: YearEnd) -> Table:
    """What carries and what lapses, by kind of account."""
    rows = [
        Row((ACCOUNT_KINDS[kind], pence(carried), pence(lapsed)))
        for kind, carried, lapsed in ends.year_end_by_kind(found)
    ]
    if rows:
        rows.append(Row(("All accounts", pence(found.carried_pence), pence(found.lapsed_pence)), total=True))
    columns = [tables.text("Kind of account"), tables.number("Carried", "£"), tables.number("Lapses", "£")]
    empty = "Nothing stands on any account, so nothing would move."
    return tables.table("year-end", "What the end of the year would do", columns, rows, cards=True, empty=empty)
