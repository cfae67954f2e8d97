"""Plans in workbooks as people send them back: each a good one with something done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from openpbc.finance.rules.plan_columns import COLUMNS, PLAN_SHEET, amount_formula
from openpbc.finance.rules.plan_line import PlanLine, amount_of
from openpbc.finance.rules.plan_workbook import READ_ME
from openpbc.kernel.sheets import BLANK, Kind, ReadSheet, ReadWorkbook, SheetCell, SheetRow

PLACES = {column.field: place for place, column in enumerate(COLUMNS)}
HEAD, FIRST = 4, 5
MILLION = 100_000_000


def line(code: str, section: str = "investment", method: str = "investment", amount: int = MILLION, **more) -> PlanLine:
    """A line that is in order."""
    made = PlanLine(code, code.replace("_", " ").capitalize(), section, method, amount=amount, **more)
    return replace(made, amount=amount_of(made))


LINES = (
    line("growth", "allocation", "entered", 700 * MILLION, recurrence="recurrent"),
    line("outturn", "outturn", "entered", 650 * MILLION),
    line("pay", "inflation", "uplift", base=400 * MILLION, rate=25_000, heading="Provider services"),
    line("acute", "investment", "investment", 3 * MILLION, origin="new", link="PCT", priority="18 weeks"),
    line("cut", "saving", "saving", -2 * MILLION, note="Line one\nline two"),
    line("reserve", "reserve", "reserve", base=700 * MILLION, rate=10_000, provisional=True, runs_on=True),
)


def text(words: str) -> SheetCell:
    return SheetCell(Kind.TEXT, words) if words else BLANK


def number(value: int | str | Decimal, *, percent: bool = False, formula: str = "") -> SheetCell:
    exact = Decimal(value)
    return SheetCell(Kind.NUMBER, f"{exact:f}", exact, formula, percent)


def money(pence: int | None, formula: str = "") -> SheetCell:
    return BLANK if pence is None else number(Decimal(pence).scaleb(-5), formula=formula)


def row(made: PlanLine, at: int) -> SheetRow:
    """A line as our own workbook holds it."""
    cells = {name: text(str(getattr(made, name))) for name in PLACES}
    own = amount_formula(at, PLACES["base"], PLACES["rate"]) if made.method in ("uplift", "growth", "reserve") else ""
    cells |= {
        "amount": money(made.amount, own),
        "base": money(made.base),
        "rate": BLANK if made.rate is None else number(Decimal(made.rate).scaleb(-6), percent=True),
        "provisional": text("yes" if made.provisional else "no"),
        "runs_on": text("yes" if made.runs_on else "no"),
    }
    return SheetRow(at, tuple(cells[name] for name in PLACES))


def head() -> SheetRow:
    return SheetRow(HEAD, tuple(text(column.heading) for column in COLUMNS))


def workbook(lines: Sequence[PlanLine] = LINES, *more: ReadSheet) -> ReadWorkbook:
    """A workbook with those lines."""
    rows = (SheetRow(1, (text("Plan"),)), head(), *(row(each, FIRST + place) for place, each in enumerate(lines)))
    return ReadWorkbook((*more, ReadSheet(PLAN_SHEET, rows)))


def edited(change: Callable[[SheetRow], SheetRow], lines: Sequence[PlanLine] = LINES) -> ReadWorkbook:
    """The workbook with every row changed by a function."""
    sheet = workbook(lines).sheets[0]
    return ReadWorkbook((ReadSheet(PLAN_SHEET, tuple(change(each) for each in sheet.rows)),))


def with_cell(code: str, field: str, cell: SheetCell, lines: Sequence[PlanLine] = LINES) -> ReadWorkbook:
    """The workbook with one cell of a line changed."""

    def change(found: SheetRow) -> SheetRow:
        if found.at(0).text != code:
            return found
        cells = list(found.cells)
        cells[PLACES[field]] = cell
        return SheetRow(found.number, tuple(cells))

    return edited(change, lines)


def with_heading(field: str, heading: str) -> ReadWorkbook:
    """The workbook with one heading written otherwise."""

    def change(found: SheetRow) -> SheetRow:
        if found.number != HEAD:
            return found
        cells = list(found.cells)
        cells[PLACES[field]] = text(heading)
        return SheetRow(HEAD, tuple(cells))

    return edited(change)


def facts(**told: str) -> ReadSheet:
    """The first sheet of a workbook."""
    names = {"workbook": "Workbook", "place": "Place code", "year": "Year", "version": "Version"}
    names |= {"revision": "Revision", "book": "Rulebook"}
    rows = tuple(SheetRow(n, (text(names[name]), text(value))) for n, (name, value) in enumerate(told.items(), start=1))
    return ReadSheet(READ_ME, rows)
