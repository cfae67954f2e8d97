"""Runs the checks that a place's packs list: each printed figure against what the other figures make of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpbc.finance.reads import cells
from openpbc.finance.reads.scenarios import Settings, fair_shares
from openpbc.finance.rules.checks import Recomputed, Verdict, growth_of, rate_of, total_of, verdict
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

CHECKS = "finance.checks"

# One printed unit in pence, or one percent in parts per million.
_ONE = {"pounds_thousand": 100_000, "pounds": 100, "pence": 1, "percent": 10_000}


@dataclass(frozen=True)
class Check:
    """One comparison. Figures are pence, or parts per million where ``unit`` is percent; gaps are "not set"."""

    id: str
    table: str
    what: str
    printed_name: str
    operation: str
    arguments: str
    unit: str
    grid: int
    printed: int | NotSet
    recomputed: int | NotSet
    tolerance: int
    note: str
    address: str

    @property
    def difference(self) -> int | None:
        """Printed less recomputed; none where either is not set."""
        if isinstance(self.printed, NotSet) or isinstance(self.recomputed, NotSet):
            return None
        return self.printed - self.recomputed

    @property
    def verdict(self) -> Verdict | None:
        """What the comparison found; none where a figure is not set."""
        return None if self.difference is None else verdict(self.difference, self.tolerance)


@lru_cache(maxsize=32)
def checks(book: Book) -> tuple[Check, ...] | NotSet:
    """Run every check of the place, in the order of its pack."""
    listed = book.table(CHECKS)
    if isinstance(listed, NotSet):
        return listed
    return tuple(_run(book, row, listed.path) for row in listed)


def check_summary(book: Book) -> dict[str, int]:
    """Count the verdicts; a place without checks has none."""
    listed = checks(book)
    found = Counter() if isinstance(listed, NotSet) else Counter(str(c.verdict or "not set") for c in listed)
    return {
        **{str(kind): found[kind] for kind in Verdict},
        **({"not set": found["not set"]} if found["not set"] else {}),
    }


def _run(book: Book, row: Mapping[str, str], path: str) -> Check:
    unit = row["unit"]
    if unit not in _ONE:
        raise UserError(f"check {row['id']} has no unit '{unit}'", where=path, do=f"Use one of {', '.join(_ONE)}.")
    grid = _ONE[unit] // 10 ** int(row["places"])
    printed = cells.figure(book, row["printed"], unit)
    recomputed = recompute(book, row["operation"], row["arguments"], grid, path)
    return Check(
        id=row["id"],
        table=row["table"],
        what=row["what"],
        printed_name=row["printed"],
        operation=row["operation"],
        arguments=row["arguments"],
        unit=unit,
        grid=grid,
        printed=printed if isinstance(printed, NotSet) else printed.value,
        recomputed=recomputed if isinstance(recomputed, NotSet) else recomputed.value,
        tolerance=cells.scaled(row["tolerance"], unit),
        note=row["note"],
        address=cells.cell_address(book, "checks", row["id"], "recomputed"),
    )


def recompute(book: Book, operation: str, arguments: str, grid: int, path: str) -> Recomputed | NotSet:
    """Do one of the operations that a check may name; an unknown one is a fault of the pack."""
    match operation:
        case "sum":
            return _sum(book, arguments, grid)
        case "growth_pct":
            return _growth(book, arguments, grid)
        case "rate_of":
            return _rate(book, arguments, grid)
        case "cap_release" | "fair_shares":
            return _scenario(book, operation, arguments, grid)
        case _:
            known = "sum, growth_pct, rate_of, cap_release, fair_shares"
            raise UserError(f"no check can do '{operation}'", where=path, do=f"Use one of {known}.")


def _sum(book: Book, arguments: str, grid: int) -> Recomputed | NotSet:
    found = cells.terms(book, arguments)
    return found if isinstance(found, NotSet) else total_of(tuple(term.amount for term in found), grid)


def _growth(book: Book, arguments: str, grid: int) -> Recomputed | NotSet:
    found = cells.terms(book, arguments)
    if isinstance(found, NotSet):
        return found
    before, after = (term.amount for term in found)
    return growth_of(before, after, grid)


def _rate(book: Book, arguments: str, grid: int) -> Recomputed | NotSet:
    found = cells.terms(book, arguments)
    if isinstance(found, NotSet):
        return found
    rate, *amounts = (term.amount for term in found)
    return rate_of(rate, tuple(amounts), grid)


def _scenario(book: Book, operation: str, arguments: str, grid: int) -> Recomputed | NotSet:
    code, *groups = arguments.split()
    result = fair_shares(book, Settings(scenario=code))
    if isinstance(result, NotSet):
        return result
    amount = result.released if operation == "cap_release" else sum(result.group(group).amount for group in groups)
    return Recomputed(amount, 1, grid)
