"""Reading an activity plan: a whole file is right, or it is refused with the row and column of its first fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from openpbc.kernel.money import scaled_from_text
from openpbc.kernel.periods import FinancialYear, Month
from openpbc.kernel.problems import UserError

COLUMNS = ("provider", "unit", "stream", "pod", "month", "activity", "price_pence")
LARGEST = 10**12  # keeps activity times price inside the integers of every database


@dataclass(frozen=True)
class PlanRow:
    """Planned units of activity of a line in a month; ``price_pence`` is the expected charge of one."""

    provider: str
    unit: str
    stream: str
    pod: str
    month: str
    activity: int
    price_pence: int

    @property
    def charge(self) -> int:
        """The planned charge in pence."""
        return self.activity * self.price_pence

    @property
    def line(self) -> tuple[str, str, str, str, str]:
        """What a plan may name once only."""
        return (self.provider, self.unit, self.stream, self.pod, self.month)


@dataclass(frozen=True)
class KnownCodes:
    """The codes that a plan may name, and the year in which its months must lie."""

    year: FinancialYear
    provider: Collection[str]
    unit: Collection[str]
    pod: Collection[str]
    stream: Collection[str] = ("apc", "op", "ae")


def read_plan(content: bytes, name: str, known: KnownCodes) -> list[PlanRow]:
    """Read the bytes of a plan file (UTF-8 CSV with the seven columns, in any order) or raise its first fault."""
    rows: list[PlanRow] = []
    seen: dict[tuple[str, str, str, str, str], int] = {}
    for number, cells in _records(content, name):
        row = _row(cells, known, f"{name}, row {number}")
        if row.line in seen:
            raise UserError(
                f"this line of the plan also stands in row {seen[row.line]}",
                where=f"{name}, row {number}",
                do="Keep one row for each provider, unit, stream, POD and month.",
            )
        seen[row.line] = number
        rows.append(row)
    if not rows:
        raise UserError("the plan has no rows", where=name, do="Give at least one line of planned activity.")
    return rows


def _records(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", where=name, do="Save it as CSV in UTF-8.") from error
    if "\x00" in text:
        raise UserError("the file is not text", where=name, do="Save it as CSV in UTF-8.")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(lines, [])]
        _check_header(header, name)
        for number, cells in enumerate(lines, start=1):
            if len(cells) != len(header):
                raise UserError(
                    f"the row has {len(cells)} cells, the header {len(header)}", where=f"{name}, row {number}"
                )
            yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise UserError(f"the file is not CSV ({error})", where=f"{name}, line {lines.line_num}") from error


def _check_header(header: list[str], name: str) -> None:
    if not any(header):
        raise UserError("the file is empty", where=name, do=f"Give the columns {', '.join(COLUMNS)}.")
    twins = sorted({cell for cell in header if header.count(cell) > 1})
    missing = [column for column in COLUMNS if column not in header]
    strange = [cell for cell in header if cell not in COLUMNS]
    faults = (("names twice", twins), ("lacks", missing), ("has the unknown column", strange))
    for fault, columns in faults:
        if columns:
            raise UserError(f"the header {fault} {columns[0]!r}", where=name, do=f"Give {', '.join(COLUMNS)}.")


def _row(cells: dict[str, str], known: KnownCodes, where: str) -> PlanRow:
    for column in ("provider", "unit", "stream", "pod"):
        if cells[column] not in getattr(known, column):
            raise UserError(
                f"'{cells[column][:40]}' is not a known {column}",
                where=f"{where}, column {column}",
                do=_choice(getattr(known, column)),
            )
    return PlanRow(
        **{column: cells[column] for column in ("provider", "unit", "stream", "pod")},
        month=_month(cells["month"], known.year, where),
        activity=_whole(cells["activity"], f"{where}, column activity"),
        price_pence=_whole(cells["price_pence"], f"{where}, column price_pence"),
    )


def _choice(codes: Collection[str]) -> str:
    return f"Use one of {', '.join(sorted(codes))}." if len(codes) <= 12 else ""


def _month(text: str, year: FinancialYear, where: str) -> str:
    try:
        month = Month.parse(text)
    except UserError as error:
        raise UserError(error.what, where=f"{where}, column month", do=error.do) from error
    if month.year_of != year:
        raise UserError(f"{month} lies outside {year.label}", where=f"{where}, column month")
    return str(month)


def _whole(text: str, where: str) -> int:
    try:
        number = scaled_from_text(text, 0)
    except UserError as error:
        raise UserError(error.what, where=where, do="Write a whole number.") from error
    if not 0 <= number <= LARGEST:
        raise UserError(f"{text[:20]} is out of range", where=where, do=f"Give a number from 0 to {LARGEST}.")
    return number
