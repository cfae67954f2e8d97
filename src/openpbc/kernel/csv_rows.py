"""The rows of a small CSV file that a person sends: read whole or refused in a sentence, never half taken."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from openpbc.kernel.problems import UserError

MEGABYTE = 1 << 20
LONGEST_CELL = 300


@dataclass(frozen=True)
class CsvRow:
    """One row that is not blank: where it stands in the file (from 1) and its cells without the spaces around them."""

    line: int
    cells: tuple[str, ...]


def csv_rows(content: bytes, name: str, *, largest: int, most: int) -> tuple[CsvRow, ...]:
    """Read every row that is not blank; a file that is too large, or no CSV text in UTF-8, is a person's mistake."""
    if len(content) > largest:
        raise UserError(f"the file is larger than {largest // MEGABYTE} MB", name, "Send it in parts.")
    lines = csv.reader(io.StringIO(csv_text(content, name), newline=""), strict=True)
    rows: list[CsvRow] = []
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append(CsvRow(lines.line_num, tuple(cell.strip() for cell in cells)))
            if len(rows) > most:
                raise UserError(f"the file has more than {most:,} rows", name, "Send it in parts.")
    except csv.Error as error:
        do = "Save it again as CSV with commas."
        raise UserError(f"the file is no CSV file from line {lines.line_num} on", name, do) from error
    if not rows:
        raise UserError("the file has no rows", name, "Send the file as it was published.")
    return tuple(rows)


def csv_text(content: bytes, name: str = "", do: str = "Save it as CSV.") -> str:
    """Give the text of a CSV file without its byte-order mark; bytes that are no text in UTF-8 are a mistake."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("the file is no text in UTF-8", name, "Save it as 'CSV UTF-8'.") from error
    if "\x00" in text:
        raise UserError("the file is no text", name, do)
    return text
