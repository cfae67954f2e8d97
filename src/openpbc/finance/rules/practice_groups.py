"""Custom groups of practices: a list of codes with dates, read row by row, and what is wrong with each row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.codes import PRACTICE, matches
from openpbc.kernel.findings import Finding, Level, Place

FIELDS = ("practice", "from", "to")
_BETWEEN = re.compile(r"[,;\t]")
_HEADINGS = frozenset({"code", "practice", "practice_code", "practice code", "org_code"})
MOST_ROWS = 7_000


@dataclass(frozen=True, order=True)
class Member:
    """One practice in a group from a day to a last day (both included; None: until further notice)."""

    practice: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the practice is a member on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: Member) -> bool:
        """Tell whether two memberships share a day."""
        ends = (self.valid_to or date.max, other.valid_to or date.max)
        return self.valid_from <= ends[1] and other.valid_from <= ends[0]


@dataclass(frozen=True)
class ReadMembers:
    """A list as it was read: rows = members + rejected + headings."""

    members: tuple[Member, ...]
    findings: tuple[Finding, ...]
    rows: int
    headings: int

    @property
    def rejected(self) -> int:
        """How many rows were left out."""
        return self.rows - self.headings - len(self.members)


def read_members(text: str, starts: date, known: Collection[str]) -> ReadMembers:
    """Read one practice a line: a code, and if wanted its first and last day; without a first day ``starts`` counts.

    A row with a code that nobody knows, with days that cannot be, or that repeats a practice in the same days is left
    out, and its finding names the row. ``known`` are the practices that there are.
    """
    members: list[Member] = []
    findings: list[Finding] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    headings = 0
    for number, line in lines:
        cells = [cell.strip().strip('"') for cell in _BETWEEN.split(line)]
        if number == lines[0][0] and cells[0].casefold() in _HEADINGS:
            headings += 1
            continue
        found = _member(number, cells, starts, known)
        if isinstance(found, Member):
            found = _alone(number, found, members)
        if isinstance(found, Member):
            members.append(found)
        else:
            findings.append(found)
    return ReadMembers(tuple(sorted(members)), tuple(findings), len(lines), headings)


def _member(number: int, cells: Sequence[str], starts: date, known: Collection[str]) -> Member | Finding:
    code = cells[0].upper()
    if not matches(PRACTICE, code):
        return _fatal("PG-01", number, 0, f"'{cells[0][:20]}' is no practice code.")
    if code not in known:
        return _fatal("PG-02", number, 0, f"Practice {code} is in no list of practices held here.")
    if len(cells) > len(FIELDS):
        return _fatal("PG-01", number, 0, "There are more than a code, a first and a last day.")
    days: list[date | None] = [starts, None]
    for at, cell in enumerate(cells[1:]):
        if not cell:
            continue
        try:
            days[at] = date.fromisoformat(cell)
        except ValueError:
            return _fatal("PG-01", number, at + 1, f"'{cell[:20]}' is not a day. Write it as YYYY-MM-DD.")
    first, last = days
    assert first is not None
    if last is not None and last < first:
        return _fatal("PG-01", number, 2, f"The last day of {code} lies before its first.")
    return Member(code, first, last)


def _alone(number: int, member: Member, before: Iterable[Member]) -> Member | Finding:
    if any(member.practice == other.practice and member.meets(other) for other in before):
        return _fatal("PG-03", number, 0, f"Practice {member.practice} is in the list already for these days.")
    return member


def _fatal(rule: str, number: int, field: int, sentence: str) -> Finding:
    return Finding(rule, Level.FATAL, Place(line=number, field=FIELDS[field]), sentence)


def written(members: Iterable[Member]) -> str:
    """Write members as the list that reads back to them."""
    return "\n".join(
        ", ".join(part for part in (each.practice, each.valid_from.isoformat(), _last(each)) if part)
        for each in sorted(members)
    )


def _last(member: Member) -> str:
    return member.valid_to.isoformat() if member.valid_to else ""


def overlapping(members: Iterable[Member], others: Iterable[tuple[str, Member]]) -> tuple[Finding, ...]:
    """Say which members are in another group on the same days; allowed, but sums over groups then count them twice."""
    listed = list(others)
    found = []
    for member in sorted(members):
        names = sorted({name for name, other in listed if other.practice == member.practice and other.meets(member)})
        if names:
            sentence = f"Practice {member.practice} is also in {', '.join(names)}: do not add up these groups."
            found.append(Finding("PG-04", Level.WARNING, Place(field="practice"), sentence))
    return tuple(found)
