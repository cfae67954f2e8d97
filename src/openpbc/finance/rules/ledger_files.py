"""Sums for the ledger from a file: a row for each account or practice, checked one by one and never half taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import pence_from_text
from openpbc.kernel.problems import UserError

AMOUNT = "amount"
RULES = {
    "LED-01": "A row names something that may have the sum",
    "LED-02": "A sum is a number of pounds, to the penny",
    "LED-03": "A row names something that no row above it named",
    "LED-04": "The sums of a file add up as they must",
}
_LONGEST_NUMBER = 24


@dataclass(frozen=True)
class SumRow:
    """One accepted row: its line (1 is the first line of data), what it names, and its pence."""

    line: int
    name: str
    pence: int


@dataclass(frozen=True)
class SumsRead:
    """What a file held: rows = accepted + rejected; a file with any finding is not posted."""

    name: str
    rows: int
    accepted: tuple[SumRow, ...]
    findings: tuple[Finding, ...]

    @property
    def rejected(self) -> int:
        """How many rows were not taken."""
        return self.rows - len(self.accepted)

    @property
    def problem(self) -> UserError:
        """All that is wrong, in one sentence that names the first places."""
        told = " ".join(_told(each) for each in self.findings[:3])
        more = f" And {len(self.findings) - 3} more." if len(self.findings) > 3 else ""
        return UserError(f"{told}{more}", self.name, "Mend the file; nothing was posted.")


def _told(finding: Finding) -> str:
    return f"Row {finding.place.line}: {finding.sentence}" if finding.place.line else finding.sentence


def read_sums(content: bytes, name: str, column: str, check: Callable[[str], object]) -> SumsRead:
    """Read a CSV file of two columns (``column`` and amount in pounds, others are ignored).

    ``check`` raises the sentence for a name that may not stand there. A file that is no such table is refused whole.
    """
    accepted: list[SumRow] = []
    findings: list[Finding] = []
    first: dict[str, int] = {}
    rows = 0
    for line, cells in _records(content, name, (column, AMOUNT)):
        rows += 1
        found = _row_findings(Place(name, line, ""), cells, column, check, first)
        findings += found
        first.setdefault(cells[column], line)
        if not found:
            accepted.append(SumRow(line, cells[column], pence_from_text(cells[AMOUNT])))
    if not rows:
        raise UserError("the file has no rows", name, f"Give a row for each {column}.")
    return SumsRead(name, rows, tuple(accepted), tuple(findings))


def _row_findings(
    place: Place, cells: dict[str, str], column: str, check: Callable[[str], object], first: dict[str, int]
) -> list[Finding]:
    found = []
    named = cells[column]
    try:
        check(named)
    except UserError as problem:
        found.append(_finding("LED-01", place, column, f"{problem.sentence}"))
    text = cells[AMOUNT]
    try:
        if len(text) > _LONGEST_NUMBER:
            raise UserError(f"'{text[:40]}' is too long for a sum")
        if not pence_from_text(text):
            raise UserError("the sum is nought", do="Leave the row out.")
    except UserError as problem:
        found.append(_finding("LED-02", place, AMOUNT, problem.sentence))
    if named in first:
        found.append(_finding("LED-03", place, column, f"'{named[:60]}' stands already in row {first[named]}."))
    return found


def _finding(rule: str, place: Place, column: str, sentence: str) -> Finding:
    told = sentence[:1].upper() + sentence[1:]
    return Finding(rule, Level.FATAL, Place(place.file, place.line, column), told)


def whole_file(rule: str, name: str, sentence: str) -> Finding:
    """A finding on a file as a whole."""
    return Finding(rule, Level.FATAL, Place(name), sentence)


def _records(content: bytes, name: str, columns: tuple[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    lines = csv.reader(io.StringIO(_text(content, name), newline=""), strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(lines, [])]
        for column in columns:
            if header.count(column) != 1:
                raise UserError(
                    f"the header needs the column '{column}' once", name, f"Give the columns {', '.join(columns)}."
                )
        number = 0
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            number += 1
            if len(cells) != len(header):
                raise UserError(f"row {number} has {len(cells)} cells and the header {len(header)}", name)
            yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise UserError(f"the file is not CSV ({error})", name, "Save it as CSV with commas.") from error


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", name, "Save it as CSV (UTF-8).") from error
    if "\x00" in text:
        raise UserError("the file is not text", name, "Save it as CSV (UTF-8).")
    return text
