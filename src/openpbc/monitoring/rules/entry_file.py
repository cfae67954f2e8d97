"""Reads a file of entries: columns by their headings, one amount a row, nothing guessed and nothing dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpbc.kernel.csv_rows import csv_text
from openpbc.kernel.problems import UserError

COLUMNS = ("month", "group", "practice", "service_line", "kind", "amount", "source")
PROBLEM = "what is wrong"
MAY_BE_EMPTY = frozenset({"group", "practice"})
LARGEST_FILE = 2_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 300


@dataclass(frozen=True)
class FileRow:
    """One row as it was sent; ``line`` counts from 1 for the headings, as a spreadsheet does."""

    line: int
    cells: dict[str, str]
    problems: tuple[str, ...]


def read_entry_file(content: bytes) -> tuple[FileRow, ...]:
    """Read the rows of a CSV file; a file that cannot be read at all is a person's mistake, told in one sentence."""
    if len(content) > LARGEST_FILE:
        raise UserError("the file is larger than two megabytes", do="Send it in parts.")
    rows = csv.reader(io.StringIO(csv_text(content), newline=""), strict=True)
    try:
        listed = [(rows.line_num, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise UserError(
            f"the file is no CSV file from line {rows.line_num} on", do="Save it again as CSV (comma delimited)."
        ) from error
    if not listed:
        raise UserError("the file is empty", do=f"Give it the headings {', '.join(COLUMNS)}.")
    heads = _heads(listed[0][1])
    if len(listed) - 1 > MOST_ROWS:
        raise UserError(f"the file has {len(listed) - 1:,} rows", do=f"Send at most {MOST_ROWS:,} at once.")
    if len(listed) == 1:
        raise UserError("the file has headings and no row", do="Write one amount a row.")
    return tuple(_row(at, heads, cells) for at, (_, cells) in enumerate(listed[1:], start=2))


def _heads(cells: list[str]) -> list[str]:
    heads = [cell.strip().lower().replace(" ", "_") for cell in cells]
    missing = [name for name in COLUMNS if name not in heads]
    twice = [name for name in COLUMNS if heads.count(name) > 1]
    if missing or twice:
        told = f"the column '{(missing or twice)[0]}' is {'missing' if missing else 'there twice'}"
        raise UserError(told, do=f"The headings are {', '.join(COLUMNS)}, in any order.")
    return heads


def _row(line: int, heads: list[str], cells: list[str]) -> FileRow:
    found = {name: cell.strip() for name, cell in zip(heads, cells, strict=False) if name in COLUMNS}
    found = {name: found.get(name, "") for name in COLUMNS}
    problems = [f"{name} is empty." for name in COLUMNS if not found[name] and name not in MAY_BE_EMPTY]
    problems += [f"{name} is too long." for name in COLUMNS if len(found[name]) > LONGEST_CELL]
    if len(cells) > len(heads):
        problems.append("the row has more cells than there are headings.")
    return FileRow(line, {name: text[:LONGEST_CELL] for name, text in found.items()}, tuple(problems))


def mend_file(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows back as they were sent, each with what is wrong in it: to be mended and sent again.

    A cell that a spreadsheet would run as a formula is kept behind an apostrophe; amounts may begin with a minus.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, PROBLEM])
    for row in rows:
        cells = [_inert(name, row["cells"][name]) for name in COLUMNS]
        writer.writerow([*cells, " ".join(row["problems"])])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _inert(name: str, text: str) -> str:
    risky = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    number = name == "amount" and text[1:].replace(",", "").replace(".", "").isdecimal()
    return f"'{text}" if risky and not number else text
