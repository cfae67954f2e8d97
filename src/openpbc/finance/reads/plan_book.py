"""The plan as the book prints it, as lines of a plan: the bridge of the allocation, the uses, the printed totals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.finance.reads import cells
from openpbc.finance.reads.planning import ALLOCATION, PLAN
from openpbc.finance.rules.plan_line import DEPOSIT, SECTIONS, PlanLine
from openpbc.kernel.money import percent_text, ppm_from_text
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

PROVISIONAL = "finance.provisional_lines"
_PRINTED = ("committed", "uncommitted", "balance")


@dataclass(frozen=True)
class PrintedTotal:
    """A total as the published table prints it, in pence."""

    code: str
    label: str
    amount: int
    note: str
    address: str


@dataclass(frozen=True)
class BookPlan:
    """The plan of the book: lines, the totals printed under them, the scenario that the table names, and its day."""

    lines: tuple[PlanLine, ...]
    addresses: Mapping[str, str]
    printed: tuple[PrintedTotal, ...]
    scenario: str
    known_from: date | None
    title: str


def book_plan(book: Book) -> BookPlan | NotSet:
    """Lay the plan out of the place's published tables; a gap names the file to fill."""
    money, uses = book.table(ALLOCATION), book.table(PLAN)
    for found in (money, uses):
        if isinstance(found, NotSet):
            return found
    assert isinstance(money, Table) and isinstance(uses, Table)
    printed = (*_allocation(book, money), *_uses(book, uses))
    awaited = _awaited(book, {line.code for line in printed})
    lines = tuple(sorted((*printed, *awaited), key=lambda line: SECTIONS.index(line.section)))
    layout = _layout(book, PLAN)
    addresses = {row["code"]: _address(book, rows, row["code"]) for rows in (money, uses) for row in rows}
    title = f"As published: Table {layout.number}, {layout.title}" if layout else "As published"
    scenario = layout.scenario if layout else ""
    return BookPlan(lines, addresses, _printed(book, uses), scenario, uses.known_from, title)


def _allocation(book: Book, rows: Table) -> Iterator[PlanLine]:
    for row in rows:
        if row["role"] == "line":
            yield PlanLine(
                code=row["code"],
                label=row["line"],
                section="allocation",
                recurrence=row["recurrence"],
                provisional=row["provisional"] == "yes",
                amount=_amount(book, rows, row),
                note=row["note"],
                citation=str(rows.citation),
            )


def _uses(book: Book, rows: Table) -> Iterator[PlanLine]:
    for row in rows:
        if row["role"] not in ("spend", "deposit"):
            continue
        amount = _amount(book, rows, row)
        # The table prints what is deposited with a minus; a plan counts it as money set aside.
        amount = -amount if row["section"] == DEPOSIT else amount
        yield PlanLine(
            code=row["code"],
            label=row["line"],
            section=row["section"],
            method=_method(row["section"], amount),
            recurrence=row.get("recurrence", ""),
            amount=amount,
            note=row["note"],
            citation=str(rows.citation),
            heading=row["line"] if row["section"] == "investment" else "",
        )


def _awaited(book: Book, known: Collection[str]) -> Iterator[PlanLine]:
    """Allocations that nobody has notified and no line carries: held at their level, so their change is nought."""
    rows = book.table(PROVISIONAL)
    for row in () if isinstance(rows, NotSet) else rows:
        if row["code"] in known or row["notified"] == "yes":
            continue
        assert isinstance(rows, Table)
        told = [f"Held at {row['held']}", _expected(row["expected_change"]), row["note"].rstrip(".")]
        yield PlanLine(
            code=row["code"],
            label=f"{row['line']}, change",
            section="allocation",
            provisional=True,
            amount=_amount(book, rows, row) if row["amount"] else 0,
            note=". ".join(each[:1].upper() + each[1:] for each in told if each) + ".",
            citation=str(rows.citation),
        )


def _expected(rate: str) -> str:
    return f"a change of {percent_text(ppm_from_text(rate), 0)} is expected" if rate else ""


def _method(section: str, amount: int) -> str:
    if section == "investment":
        return "saving" if amount < 0 else "investment"
    return "full-year effect" if section == "full-year effect" else "entered"


def _amount(book: Book, rows: Table, row: Mapping[str, str]) -> int:
    return cells.scaled(row["amount"], book.subjects[rows.id].unit)


def _layout(book: Book, rows_from: str) -> cells.PrintedLayout | None:
    listed = cells.layouts(book)
    if isinstance(listed, NotSet):
        return None
    return next((layout for layout in listed.values() if layout.rows_from == rows_from), None)


def _address(book: Book, rows: Table, code: str) -> str:
    layout = _layout(book, rows.id)
    return cells.cell_address(book, layout.code, code, "amount") if layout else ""


def _printed(book: Book, rows: Table) -> tuple[PrintedTotal, ...]:
    found = rows.keyed("code")
    return tuple(
        PrintedTotal(
            code, found[code]["line"], _amount(book, rows, found[code]), found[code]["note"],
            _address(book, rows, code),
        )
        for code in _PRINTED
        if code in found and found[code]["amount"]
    )  # fmt: skip
