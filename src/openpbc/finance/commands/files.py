"""Reads CSV files that people hand in: strict about shape, and one sentence about what is wrong and where."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpbc.finance.reads.need import WeightRow
from openpbc.finance.rules.fair_shares import Claim
from openpbc.kernel.money import scaled_from_text
from openpbc.kernel.problems import UserError

GROUP_COLUMNS = ("group", "base", "target")
HUNDREDTHS = 2
LARGEST = 10**13
_LONGEST_NUMBER = 24


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its header, and its rows with their lines (1 is the first line of data)."""

    name: str
    header: tuple[str, ...]
    rows: tuple[WeightRow, ...]

    def need(self, columns: Sequence[str]) -> None:
        """Refuse the file if it lacks one of the columns."""
        for column in columns:
            if column not in self.header:
                listed = ", ".join(self.header)
                raise UserError(f"there is no column '{column[:40]}'", where=self.name, do=f"The columns are {listed}.")


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file with one header line; a byte-order mark and blank lines at the end are allowed."""
    name = path.name
    lines = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        read = [[cell.strip() for cell in line] for line in lines]
    except csv.Error as error:
        raise UserError(f"the file is not CSV ({error})", where=name, do="Save it as CSV with commas.") from error
    while read and not any(read[-1]):
        read.pop()
    if not read:
        raise UserError("the file is empty", where=name, do="Give a header line and at least one row.")
    header = _header(read[0], name)
    if len(read) == 1:
        raise UserError("the file has a header and no row", where=name, do="Give at least one row.")
    for number, cells in enumerate(read[1:], start=1):
        if len(cells) != len(header):
            what = f"row {number} has {len(cells)} cells and the header {len(header)}"
            raise UserError(what, where=name, do="Put a number with commas in quotes.")
    rows = tuple(WeightRow(n, dict(zip(header, cells, strict=True))) for n, cells in enumerate(read[1:], start=1))
    return Sheet(name, header, rows)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("the file is not there", where=str(path), do="Check its name and folder.") from error
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", where=str(path)) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", where=path.name, do="Save it as CSV (UTF-8).") from error
    if "\0" in text:
        raise UserError("the file is not text", where=path.name, do="Save it as CSV (UTF-8).")
    return text


def _header(cells: list[str], name: str) -> tuple[str, ...]:
    twins = sorted({cell for cell in cells if cells.count(cell) > 1})
    if twins:
        named = f"'{twins[0][:40]}'" if twins[0] else "without a name"
        raise UserError(f"the header has a column {named} twice", where=name, do="Give every column a name of its own.")
    return tuple(cells)


def read_groups(path: Path) -> tuple[Claim, ...]:
    """Read a file of groups with their base and target, in hundredths of the file's unit."""
    sheet = read_sheet(path)
    sheet.need(GROUP_COLUMNS)
    claims: list[Claim] = []
    for row in sheet.rows:
        code = row.cells["group"]
        where = f"{sheet.name}, row {row.line}"
        if not code:
            raise UserError("the group has no name", where=f"{where}, column group", do="Name every group.")
        if any(claim.code == code for claim in claims):
            raise UserError(f"the group '{code[:40]}' stands twice", where=where, do="Give each group one row.")
        base, target = (hundredths(row.cells[name], f"{where}, column {name}") for name in ("base", "target"))
        claims.append(Claim(code, base, target))
    return tuple(claims)


def hundredths(text: str, where: str) -> int:
    """Read an amount of nought or more as hundredths of its unit; thousands commas are allowed."""
    if not text.strip():
        raise UserError("the amount is missing", where=where, do="Write nought or more, in digits.")
    if len(text) > _LONGEST_NUMBER:
        raise UserError(f"'{text[:40]}' is no amount", where=where, do="Write nought or more, in digits.")
    try:
        amount = scaled_from_text(text, HUNDREDTHS)
    except UserError as error:
        raise UserError(error.what, where=where, do=error.do) from error
    if amount < 0:
        raise UserError(f"{text.strip()} is negative", where=where, do="Write nought or more.")
    if amount > LARGEST * 100:
        raise UserError(f"{text.strip()} is too large", where=where, do="Give amounts in thousands or millions.")
    return amount
