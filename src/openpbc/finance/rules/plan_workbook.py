"""Reads the lines of a plan from a workbook, says what is wrong in which cell, and what would change.

A workbook is taken whole or not at all: one row with an error keeps all of it out. Rows = accepted + rejected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from openpbc.finance.rules.plan_columns import (
    COLUMNS,
    HEADING_OF,
    PLAN_SHEET,
    THOUSANDS,
    Header,
    PlanColumn,
    Takes,
    amount_formula,
    find_header,
)
from openpbc.finance.rules.plan_line import COMPUTED, PlanLine, amount_of, check_lines
from openpbc.finance.rules.plan_versions import by_section, totals
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import (
    Kind,
    ReadWorkbook,
    SheetCell,
    SheetRow,
    cell_name,
    pence_of,
    ppm_of,
    text_of,
    truth_of,
)

FORMAT = "OpenPBC plan workbook 1"
READ_ME = "Read me"
TOTALS_SHEET, TOTALS_NOW, BALANCE = "Totals", 2, "balance"
_SPACES = re.compile(r"[\s$]")
_COUNTS = re.compile(r"[0-9]{1,9}", re.ASCII)
_TEXTS = tuple(each.name for each in fields(PlanLine) if each.type == "str")


@dataclass(frozen=True)
class Origin:
    """What the sheet *Read me* says of a workbook: of which place and version it is, and as of which revision.

    A template says nothing of this: its version and revision are none.
    """

    place: str = ""
    year: str = ""
    version: int | None = None
    revision: int | None = None
    book: str = ""


@dataclass(frozen=True)
class ReadPlan:
    """What stands in a workbook's plan. Findings name the sheet's row (``place.line``) and cell (``place.field``)."""

    header: Header
    lines: tuple[PlanLine, ...]
    places: Mapping[int, str]
    """Which line, by its code, stands in which row."""
    rows: int
    rejected: int
    findings: tuple[Finding, ...]

    @property
    def fit(self) -> bool:
        """Whether the plan may be taken: no row is rejected."""
        return not self.rejected

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the workbook out."""
        return tuple(found for found in self.findings if found.level is not Level.WARNING)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are told and keep nothing out."""
        return tuple(found for found in self.findings if found.level is Level.WARNING)


def origin_of(workbook: ReadWorkbook) -> Origin:
    """Read what a workbook says of itself; without its first sheet it is taken as one that somebody made by hand."""
    sheet = workbook.sheet(READ_ME)
    if sheet is None:
        return Origin()
    facts = {row.at(0).words: row.at(1).words for row in reversed(sheet.rows)}
    if (written := facts.get("Workbook", FORMAT)) != FORMAT:
        what = f"it says that it is '{written[:40]}', not '{FORMAT}'"
        raise UserError(what, f"sheet {sheet.name}", "Download the workbook anew and fill that in.")
    numbers = [facts.get(name, "") for name in ("Version", "Revision")]
    version, revision = (int(text) if _COUNTS.fullmatch(text) else None for text in numbers)
    return Origin(facts.get("Place code", ""), facts.get("Year", ""), version, revision, facts.get("Rulebook", ""))


def refuse_unless_of(origin: Origin, place: str, year: str, version: int) -> None:
    """Refuse a workbook that was made from another plan; one that says nothing of itself is taken for this one."""
    told = (("place", origin.place, place), ("year", origin.year, year))
    for what, of, wanted in told:
        if of and of != wanted:
            do = f"Send it back on the page of that {what}, or take the template and copy the lines into it."
            raise UserError(f"the workbook is of the {what} {of[:40]}, not of {wanted}", f"sheet {READ_ME}", do)
    if origin.version not in (None, version):
        do = f"Send it back on the page of version {origin.version}, or draft a version from that one."
        raise UserError(f"the workbook is of version {origin.version}, not of {version}", f"sheet {READ_ME}", do)


def read_plan(workbook: ReadWorkbook, links: Collection[str] | None = None) -> ReadPlan:
    """Read the sheet of lines; ``links`` are the codes that a line may be linked to, if they are known."""
    sheet = workbook.sheet(PLAN_SHEET)
    if sheet is None:
        named = ", ".join(each.name[:31] for each in workbook.sheets[:5]) or "none"
        what = f"there is no sheet '{PLAN_SHEET}' (the sheets are {named})"
        raise UserError(what, do="Put the lines on a sheet of that name.")
    header = find_header(sheet)
    rows = [row for row in sheet.rows if row.number > header.row and not _is_empty(row, header)]
    reads = [_read_row(row, header) for row in rows]
    findings = [
        Finding("WB-01", Level.WARNING, Place(PLAN_SHEET, header.row), sentence)
        for sentence in (*header.moved, *header.unknown)
    ]
    findings += [found for _, several in reads for found in several]
    whole = [(row, line) for row, (line, _) in zip(rows, reads, strict=True) if line is not None]
    findings += _checked(whole, header, links)
    rejected = {found.place.line for found in findings if found.level is not Level.WARNING}
    lines = tuple(line for row, line in whole if row.number not in rejected)
    findings += _totals(workbook, lines) if not rejected else []
    findings.sort(key=lambda found: (found.level is Level.WARNING, found.place.line, found.place.field))
    places = {row.number: line.code for row, line in whole}
    return ReadPlan(header, lines, places, len(rows), len(rejected), tuple(findings))


def _is_empty(row: SheetRow, header: Header) -> bool:
    return all(row.at(place).blank for place in header.places.values())


def _read_row(row: SheetRow, header: Header) -> tuple[PlanLine | None, list[Finding]]:
    """Read one line; none if one of its cells does not hold what belongs there."""
    values: dict[str, Any] = {}
    found: list[Finding] = []
    for column in COLUMNS:
        cell, name = row.at(header.places[column.field]), header.cell(row.number, column.field)
        if column.field == "amount" and _is_own(cell, row, header):
            continue
        try:
            values[column.field] = _value(cell, column)
        except UserError as problem:
            sentence = f"{column.heading}: {problem.sentence}"
            found.append(Finding("WB-02", Level.ERROR, Place(PLAN_SHEET, row.number, name), sentence))
            continue
        if cell.formula:
            what = f"{column.heading}: a formula stands where a value is typed; its value {cell.text[:40]} is taken."
            found.append(Finding("WB-03", Level.WARNING, Place(PLAN_SHEET, row.number, name), what))
    if any(each.level is Level.ERROR for each in found):
        return None, found
    line, more = _with_amount(values, row, header)
    return line, [*found, *more]


def _is_own(cell: SheetCell, row: SheetRow, header: Header) -> bool:
    """Whether the cell still holds the formula that was written into it, however a spreadsheet spaces it."""
    own = amount_formula(row.number, header.places["base"], header.places["rate"])
    return _SPACES.sub("", cell.formula).upper() == own


def _value(cell: SheetCell, column: PlanColumn) -> Any:
    if cell.formula and cell.kind is Kind.EMPTY:
        do = "Open the workbook in a spreadsheet and save it, or type the value."
        raise UserError(f"the formula ={cell.formula[:40]} has no value", do=do)
    match column.takes:
        case Takes.MONEY:
            return None if cell.blank else pence_of(cell, THOUSANDS)
        case Takes.RATE:
            return None if cell.blank else ppm_of(cell)
        case Takes.TRUTH:
            return truth_of(cell)
        case Takes.CHOICE:
            return text_of(cell).casefold()
        case _:
            return text_of(cell)


def _with_amount(values: Mapping[str, Any], row: SheetRow, header: Header) -> tuple[PlanLine | None, list[Finding]]:
    """Make the line, its amount computed where its method computes it and nothing else is typed."""
    computed = values["method"] in COMPUTED
    cell = row.at(header.places["amount"])
    place = Place(PLAN_SHEET, row.number, header.cell(row.number, "amount"))
    typed = values.get("amount")
    line = PlanLine(**{**values, "amount": typed or 0})
    if computed:
        made = replace(line, amount=amount_of(line))
        if typed is None:
            return made, _stale(cell, made.amount, place)
        return line, []
    if typed is not None:
        return line, []
    if cell.number is None:
        what = f"{HEADING_OF['amount']}: there is no amount, and the method {line.method[:40]} computes none."
        return None, [Finding("WB-04", Level.ERROR, place, f"{what} Write it, nought included.")]
    what = f"{HEADING_OF['amount']}: base times rate still stands here; its value {cell.text} is taken as entered."
    return replace(line, amount=pence_of(cell, THOUSANDS)), [Finding("WB-03", Level.WARNING, place, what)]


def _stale(cell: SheetCell, made: int, place: Place) -> list[Finding]:
    """Say when the value that was kept beside our own formula is not what base and rate make."""
    if cell.number is None or cell.number.scaleb(THOUSANDS) == made:
        return []
    kept = f"{cell.text[:40]} in thousands of pounds"
    what = f"{HEADING_OF['amount']}: the workbook shows {kept}; base and rate make {pounds(made)}, which is taken."
    return [Finding("WB-05", Level.WARNING, place, what)]


def _checked(
    whole: Sequence[tuple[SheetRow, PlanLine]], header: Header, links: Collection[str] | None
) -> list[Finding]:
    """The plan's own checks of its lines, told of the rows and cells of the sheet."""
    found = []
    for each in check_lines([line for _, line in whole], links):
        row = whole[each.place.line - 1][0].number
        sentence = f"{HEADING_OF[each.place.field]}: {each.sentence}"
        found.append(replace(each, place=Place(PLAN_SHEET, row, header.cell(row, each.place.field)), sentence=sentence))
    return found


def totals_of(lines: Sequence[PlanLine]) -> dict[str, int]:
    """Give the totals that the sheet of totals shows, by the name in its first column: sections, then the balance."""
    return by_section(lines) | {BALANCE: totals(lines).balance}


def _totals(workbook: ReadWorkbook, lines: Sequence[PlanLine]) -> list[Finding]:
    """Compare the totals that the workbook shows with what its lines add up to; the lines count."""
    sheet, made, found = workbook.sheet(TOTALS_SHEET), totals_of(lines), []
    for row in sheet.rows if sheet else ():
        name, shown = row.at(0).words.casefold(), row.at(TOTALS_NOW)
        if name not in made or shown.number is None or shown.number.scaleb(THOUSANDS) == made[name]:
            continue
        what = (
            f"The workbook shows {shown.text[:40]} in thousands of pounds as the total of {name}; "
            f"its lines make {pounds(made[name])}, and the lines count."
        )
        place = Place(TOTALS_SHEET, row.number, cell_name(row.number, TOTALS_NOW))
        found.append(Finding("WB-06", Level.WARNING, place, what))
    return found


def settled(before: Sequence[PlanLine], after: Sequence[PlanLine]) -> tuple[PlanLine, ...]:
    """Give the lines of a workbook as the plan should keep them: in its own order, and without changes that are none.

    A workbook may be sorted, and spreadsheets lose spaces around words; neither is a change of the plan. A new line
    comes after the line below which it stands.
    """
    kept, was = {line.code: line for line in after}, {line.code: line for line in before}
    order = [line.code for line in before if line.code in kept]
    for above, line in zip((None, *after), after, strict=False):
        if line.code not in was:
            order.insert(order.index(above.code) + 1 if above else 0, line.code)
    return tuple(_with_old_spaces(was.get(code), kept[code]) for code in order)


def _with_old_spaces(before: PlanLine | None, line: PlanLine) -> PlanLine:
    if before is None:
        return line
    same = {name: getattr(before, name) for name in _TEXTS if getattr(before, name).strip() == getattr(line, name)}
    return replace(line, **same)
