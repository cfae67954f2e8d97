"""Reads the full extract of waits from referral to treatment: our lines, what is wrong, and whether totals hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.measures.rules.waits import Waits, added

ALL_FUNCTIONS = "C_999"
MONTHS = "January February March April May June July August September October November December".split()
_PERIOD = re.compile(r"(?:RTT-)?([A-Z][a-z]+)-(\d{4})")
_WHOLE = re.compile(r"\d{1,9}")
NOT_A_NUMBER, NO_PART, NO_TOTAL, NO_SUM, TWICE = "W-NUMBER", "W-PART", "W-TOTAL", "W-SUM", "W-TWICE"


@dataclass(frozen=True)
class WaitingLayout:
    """Column headings by field, the headings of the bands from the shortest wait up, and the parts that there are."""

    fields: Mapping[str, str]
    bands: tuple[str, ...]
    parts: frozenset[str]


@dataclass(frozen=True)
class WaitingLine:
    """One accepted line: a provider's pathways of one part and treatment function, of our commissioner."""

    line: int
    provider: str
    provider_name: str
    part: str
    tfc: str
    tfc_name: str
    waits: Waits


@dataclass
class Extract:
    """What a file says: lines in = accepted + rejected + excluded, and every finding.

    Excluded are the lines of other commissioners. ``totals`` are the lines of all treatment functions together, which
    are accepted and count for nothing but the comparison.
    """

    period: Month | None = None
    lines: int = 0
    rejected: int = 0
    excluded: int = 0
    accepted: list[WaitingLine] = field(default_factory=list)
    totals: list[WaitingLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Cells:
    """The cells of one line by their heading."""

    place: Mapping[str, int]
    cells: tuple[str, ...]

    def of(self, title: str) -> str:
        """Give the cell under a heading."""
        return self.cells[self.place[title]]


def read_extract(rows: Iterable[Sequence[str]], layout: WaitingLayout, own: str, name: str) -> Extract:
    """Read a file row by row, its heading first; the header must have every column of the layout."""
    lines = iter(rows)
    header = [cell.strip() for cell in next(lines, [])]
    wanted = (*layout.fields.values(), *layout.bands)
    missing = [title for title in wanted if title not in header]
    if missing:
        raise UserError(
            f"the header lacks {len(missing)} columns, the first is '{missing[0]}'",
            f"{name}, line 1",
            "Send the official full extract, unchanged.",
        )
    place = {title: header.index(title) for title in wanted}
    found = Extract()
    for number, cells in enumerate(lines, start=1):
        found.lines += 1
        if len(cells) != len(header):
            _reject(found, name, number, NO_SUM, "", f"the line has {len(cells)} cells, the header {len(header)}")
            continue
        cell = _Cells(place, tuple(each.strip() for each in cells))
        _take(found, number, cell.of, layout, own, name)
    _compare_totals(found, len(layout.bands), name)
    return found


def _reject(found: Extract, name: str, line: int, rule: str, column: str, what: str) -> None:
    found.rejected += 1
    found.findings.append(Finding(rule, Level.FATAL, Place(name, line, column), f"{what}; the line is not counted."))


def _take(found: Extract, number: int, cell: Callable[[str], str], layout: WaitingLayout, own: str, name: str) -> None:
    get = {key: cell(title) for key, title in layout.fields.items()}
    if get["commissioner"] != own:
        found.excluded += 1
        return
    period = month_of(get["period"])
    if period is None or (found.period is not None and period != found.period):
        _reject(found, name, number, NO_PART, "period", f"'{get['period'][:20]}' is not the month of the file")
        return
    found.period = period
    if get["part"] not in layout.parts:
        _reject(found, name, number, NO_PART, "part", f"'{get['part'][:20]}' is no part of the return")
        return
    numbers = [cell(title) or "0" for title in layout.bands]
    tail = [get[key] or "0" for key in ("total", "unknown", "total_all")]
    wrong = next((text for text in (*numbers, *tail) if not _WHOLE.fullmatch(text)), None)
    if wrong is not None:
        _reject(found, name, number, NOT_A_NUMBER, "", f"'{wrong[:20]}' is not a whole number")
        return
    _keep(found, number, get, Waits(tuple(map(int, numbers)), int(tail[1])), (int(tail[0]), int(tail[2])), name)


def _keep(
    found: Extract, number: int, get: Mapping[str, str], waits: Waits, stated: tuple[int, int], name: str
) -> None:
    line = WaitingLine(
        number, get["provider"], get["provider_name"], get["part"], get["tfc"], get["tfc_name"], waits
    )  # fmt: skip
    into = found.totals if line.tfc == ALL_FUNCTIONS else found.accepted
    if any((e.provider, e.part, e.tfc) == (line.provider, line.part, line.tfc) for e in into):
        _reject(found, name, number, TWICE, "", "the same provider, part and treatment function stand twice")
        return
    into.append(line)
    for what, told, counted in (
        ("the total", stated[0], waits.total),
        ("the total with unknown starts", stated[1], waits.total + waits.unknown),
    ):
        if waits.total and told != counted:
            sentence = f"{what} is {told:,} and the weeks add up to {counted:,}; the weeks are counted."
            found.findings.append(Finding(NO_TOTAL, Level.ERROR, Place(name, number, "total"), sentence))


def _compare_totals(found: Extract, bands: int, name: str) -> None:
    """Hold each line of all treatment functions against the sum of its functions, week by week."""
    for total in found.totals:
        own = [e.waits for e in found.accepted if (e.provider, e.part) == (total.provider, total.part)]
        whole = added(own, bands)
        if (whole.bands, whole.unknown) != (total.waits.bands, total.waits.unknown):
            there, here = (each.total + each.unknown for each in (total.waits, whole))
            sentence = (
                f"{total.provider} {total.part}: the line of all treatment functions ({ALL_FUNCTIONS}) has {there:,}"
                f" pathways, its functions add up to {here:,}, or they differ by week; the functions are counted."
            )
            found.findings.append(Finding(NO_SUM, Level.ERROR, Place(name, total.line, "tfc"), sentence))


def month_of(text: str) -> Month | None:
    """Read the period of a line: RTT-April-2008, or 2008-04."""
    match = _PERIOD.fullmatch(text)
    if match and match[1] in MONTHS:
        return Month(int(match[2]), MONTHS.index(match[1]) + 1)
    return Month.parse(text) if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) else None
