"""Returns of waiting lists and activity: whether one is there by specialty, and agrees with what is derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError

COLUMNS = ("return", "provider", "month", "specialty", "band", "count")
ALL = "ALL"
BY_SPECIALTY, TOTALS_ONLY, MISSING = "by specialty", "totals only", "missing"
TOTALS, SPECIALTY = "totals", "specialty"
ASKED = (TOTALS, SPECIALTY)
AGREES, DIFFERS = "agrees", "differs"
PPM = 1_000_000
MOST_FAULTS = 5


@dataclass(frozen=True, order=True)
class ReturnRow:
    """One line of a return: how many of a specialty (ALL: of all together) are in a band."""

    code: str
    provider: str
    month: str
    specialty: str
    band: str
    count: int


def state(rows: Iterable[ReturnRow]) -> str:
    """Tell whether a return is there by specialty; totals alone meet the national duty and not the local one."""
    found = list(rows)
    if not found:
        return MISSING
    return BY_SPECIALTY if any(row.specialty != ALL for row in found) else TOTALS_ONLY


def met(told: str, asked: str) -> bool | None:
    """Tell whether a return meets what is asked: totals, or by specialty; None where nothing is asked.

    A return by specialty gives the totals as well.
    """
    if asked not in ASKED:
        return None
    return told != MISSING if asked == TOTALS else told == BY_SPECIALTY


def compare(returned: int, derived: int, tolerance_ppm: int) -> str:
    """Tell whether a returned count lies within the tolerance of the derived one."""
    return AGREES if abs(returned - derived) <= Fraction(tolerance_ppm, PPM) * derived else DIFFERS


def read_return(rows: Iterable[Sequence[str]], bands: Mapping[str, frozenset[str]], name: str) -> tuple[ReturnRow, ...]:
    """Read a file of returns, whole or not at all; ``bands`` are those that each return may name."""
    lines = iter(rows)
    header = tuple(cell.strip().lower() for cell in next(lines, []))
    if header != COLUMNS:
        raise UserError("the header is not that of a return", f"{name}, line 1", f"Write {','.join(COLUMNS)}.")
    found: list[ReturnRow] = []
    faults: list[str] = []
    keys: set[tuple[str, ...]] = set()
    for number, cells in enumerate(lines, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        fault = _fault(cells, bands, keys)
        if fault:
            faults.append(f"line {number}: {fault}")
        else:
            code, provider, month, specialty, band, count = (cell.strip() for cell in cells)
            found.append(ReturnRow(code, provider, month, specialty, band, int(count)))
    if faults or not found:
        told = "; ".join(faults[:MOST_FAULTS]) or "there is no line"
        raise UserError(f"{len(faults):,} lines are wrong: {told}", "file", "Mend them and send the file again.")
    return tuple(sorted(found))


def _fault(cells: Sequence[str], bands: Mapping[str, frozenset[str]], keys: set[tuple[str, ...]]) -> str:
    """Say what is wrong with a line, or nothing; a good line's key is kept."""
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} cells instead of {len(COLUMNS)}"
    code, provider, month, specialty, band, count = (cell.strip() for cell in cells)
    if code not in bands:
        return f"there is no return '{code[:20]}'"
    if band not in bands[code]:
        return f"{code} has no band '{band[:20]}'"
    if not (count.isascii() and count.isdigit() and len(count) < 10):
        return f"'{count[:20]}' is not a whole number"
    try:
        Month.parse(month)
    except UserError as error:
        return error.what
    key = (code, provider, month, specialty, band)
    if not provider or not specialty or key in keys:
        return "the line stands twice" if key in keys else "provider or specialty is empty"
    keys.add(key)
    return ""
