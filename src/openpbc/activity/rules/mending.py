"""What may be mended in a line of a received file, and what of a line that came back is a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from openpbc.kernel.problems import UserError


@dataclass(frozen=True)
class WrongLine:
    """A line that was found at fault: its rules, the columns that they blame, and its values in the file's columns.

    A line that could not be read has its text as it came, and no values.
    """

    line: int
    rules: tuple[tuple[str, str], ...]
    blamed: frozenset[str]
    values: tuple[str, ...]
    text: str = ""

    @property
    def readable(self) -> bool:
        """Whether the line fitted the header."""
        return bool(self.values)


def changes_of(
    lines: Mapping[int, WrongLine],
    columns: Sequence[str],
    known_by: Collection[str],
    returned: Mapping[int, Sequence[str]],
) -> dict[int, tuple[str, ...]]:
    """Give the lines whose values differ from those that went out, with their values now.

    ``known_by`` are the columns by which a record is known: they may be changed only where a rule blames them. A line
    that was not handed out is refused.
    """
    changed: dict[int, tuple[str, ...]] = {}
    for number, given in returned.items():
        line = lines.get(number)
        if line is None:
            raise UserError(
                "this line was not handed out to be mended", f"line {number:,}", "Take the row out of the workbook."
            )
        values = tuple(given)
        if values == (line.values or ("",) * len(columns)):
            continue
        _refuse_other_record(line, columns, known_by, values)
        changed[number] = values
    return changed


def _refuse_other_record(
    line: WrongLine, columns: Sequence[str], known_by: Collection[str], values: Sequence[str]
) -> None:
    if not line.readable:
        return
    for column, was, now in zip(columns, line.values, values, strict=True):
        if was != now and column in known_by and column not in line.blamed:
            raise UserError(
                f"'{column}' tells which record it is, and no rule found fault with it", f"line {line.line:,}",
                "Put back what stood there; a record that is wrongly known must come anew from its system.",
            )  # fmt: skip
