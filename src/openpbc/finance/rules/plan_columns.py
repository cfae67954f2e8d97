"""The columns of a plan in a workbook: how each is headed, what it takes, and which column of a sheet it is."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpbc.finance.rules.plan_line import METHODS, ORIGINS, RECURRENCES, SCOPES, SECTIONS
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadSheet, SheetRow, cell_name, letters

PLAN_SHEET = "Plan"
TO_MEND = "What to mend"
YES, NO = "yes", "no"
THOUSANDS = 5  # decimals of £000 that make a penny
# Above the headings stand a title and a hint; nobody writes a longer preface.
_HEADINGS_WITHIN = 30
_LEAST_KNOWN = 3


class Takes(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CHOICE = "one of a list"
    TRUTH = "yes or no"
    MONEY = "thousands of pounds"
    RATE = "a percentage"


@dataclass(frozen=True)
class PlanColumn:
    """One column: the field of a plan line that it holds, its heading, what it takes, and how wide it is."""

    field: str
    heading: str
    takes: Takes = Takes.TEXT
    choices: tuple[str, ...] = ()
    width: int = 14
    hint: str = ""


COLUMNS = (
    PlanColumn("code", "Code", width=24, hint="Small letters, digits and underscores; each line has its own."),
    PlanColumn("label", "Line", width=40),
    PlanColumn("section", "Section", Takes.CHOICE, SECTIONS, 16),
    PlanColumn("method", "Method", Takes.CHOICE, METHODS, 16),
    PlanColumn("amount", "Amount (£000)", Takes.MONEY, width=16, hint="A number in thousands of pounds."),
    PlanColumn("base", "Base (£000)", Takes.MONEY, width=16, hint="A number in thousands of pounds."),
    PlanColumn("rate", "Rate", Takes.RATE, width=10, hint="A percentage such as 4.5%."),
    PlanColumn("rate_source", "Rate from", width=20),
    PlanColumn("recurrence", "Recurrence", Takes.CHOICE, RECURRENCES, 16),
    PlanColumn("provisional", "Provisional", Takes.TRUTH, (YES, NO), 12),
    PlanColumn("heading", "Budget heading", width=18),
    PlanColumn("origin", "Origin", Takes.CHOICE, ORIGINS, 14),
    PlanColumn("link", "Linked plan", width=14),
    PlanColumn("priority", "Priority", width=20),
    PlanColumn("scope", "Scope", Takes.CHOICE, SCOPES, 8),
    PlanColumn("runs_on", "Runs on", Takes.TRUTH, (YES, NO), 10),
    PlanColumn("note", "Note", width=40),
    PlanColumn("citation", "Source", width=30),
)
HEADING_OF = {column.field: column.heading for column in COLUMNS}
_FIRST_HEADINGS = ", ".join(column.heading for column in COLUMNS[:4])
_BY_NAME = {column.heading.casefold(): column for column in COLUMNS}


@dataclass(frozen=True)
class Header:
    """Where the headings stand: the row, which column (from 0) holds which field, and what is to be said about it."""

    row: int
    places: Mapping[str, int]
    moved: tuple[str, ...]
    unknown: tuple[str, ...]

    def cell(self, row: int, field: str) -> str:
        """Give the name of a field's cell in a row, such as G7."""
        return cell_name(row, self.places[field])


def amount_formula(row: int, base: int, rate: int) -> str:
    """Give the formula by which a workbook computes an amount: base times rate, rounded once to a penny."""
    return f"ROUND({cell_name(row, base)}*{cell_name(row, rate)},{THOUSANDS})"


def find_header(sheet: ReadSheet) -> Header:
    """Find the headings by their names; columns may have moved, but none may be missing, renamed or there twice."""
    row = max(sheet.rows[:_HEADINGS_WITHIN], key=_known, default=None)
    if row is None or _known(row) < _LEAST_KNOWN:
        what = "there is no row of headings"
        raise UserError(what, f"sheet {sheet.name}", f"Put back the row that begins {_FIRST_HEADINGS}.")
    names = [_plain(cell.text) for cell in row.cells]
    _refuse_repeated(sheet, row, names)
    places = {column.field: names.index(name) for name, column in _BY_NAME.items() if name in names}
    unknown = [number for number, name in enumerate(names) if name and name not in (*_BY_NAME, TO_MEND.casefold())]
    _refuse_missing(sheet, row, [column for column in COLUMNS if column.field not in places], unknown)
    order = sorted(places, key=places.__getitem__)
    moved = tuple(
        f"The column '{HEADING_OF[field]}' has moved to {letters(places[field])}; it is read from there."
        for field, column in zip(order, COLUMNS, strict=True)
        if field != column.field
    )
    ignored = tuple(
        f"The column '{row.cells[number].words[:40]}' ({letters(number)}) is none of a plan and is not read."
        for number in unknown
    )
    return Header(row.number, places, moved, ignored)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _known(row: SheetRow) -> int:
    return len({_plain(cell.text) for cell in row.cells} & _BY_NAME.keys())


def _refuse_repeated(sheet: ReadSheet, row: SheetRow, names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1 and name in _BY_NAME:
            cells = " and ".join(cell_name(row.number, place) for place, other in enumerate(names) if other == name)
            what = f"the column '{_BY_NAME[name].heading}' stands {times} times ({cells})"
            raise UserError(what, f"sheet {sheet.name}", "Keep the one that counts.")


def _refuse_missing(sheet: ReadSheet, row: SheetRow, missing: Sequence[PlanColumn], unknown: Sequence[int]) -> None:
    if not missing:
        return
    column, others = missing[0], {_plain(row.cells[place].text): place for place in unknown}
    also = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    alike = difflib.get_close_matches(_plain(column.heading), others, n=1) or (
        list(others) if len(others) == len(missing) == 1 else []
    )
    if alike:
        place = others[alike[0]]
        cell, found = cell_name(row.number, place), row.cells[place].words[:40]
        what = f"the column '{column.heading}' is missing{also}, and {cell} is headed '{found}'"
        raise UserError(what, f"sheet {sheet.name}", f"If that is the column, name it '{column.heading}' again.")
    what = f"the column '{column.heading}' is missing{also}"
    raise UserError(what, f"sheet {sheet.name}", f"Put it back into row {row.number}, with its content below.")
