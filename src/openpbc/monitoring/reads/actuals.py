"""What happened: sums over the published runs. Runs never change, so a sum once made is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.addresses import UNSTATED, Selection
from openpbc.monitoring.reads.months import Published
from openpbc.monitoring.rules.counting import COUNTED
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import quoted
from openpbc.warehouse.store import Store

COLUMNS = ("unit", "provider", "pod", "practice", "budget_line", "status")


@dataclass(frozen=True)
class Sums:
    """Units of activity, what the budget pays for them, and their price with market forces factor (pence)."""

    activity: int = 0
    charge: int = 0
    price: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Add two sums."""
        return Sums(self.activity + other.activity, self.charge + other.charge, self.price + other.price)

    def of(self, quantity: str) -> int:
        """Give one of the three."""
        return int(getattr(self, quantity))


NOTHING = Sums()


@dataclass(frozen=True)
class Actuals:
    """Sums by a column's codes and month of run; a code or month that is not there came to nothing."""

    by: dict[tuple[str, str], Sums]

    @property
    def codes(self) -> list[str]:
        """The codes that occur, in order."""
        return sorted({code for code, _ in self.by})

    def month(self, code: str, month: Month | str) -> Sums:
        """The sums of one code in one month."""
        return self.by.get((code, str(month)), NOTHING)

    def to_date(self, code: str, months: tuple[str, ...]) -> Sums:
        """The sums of one code over several months."""
        return sum((self.month(code, month) for month in months), NOTHING)


def actuals(published: Published, own: str, column: str, selection: Selection) -> Actuals:
    """Sum what counts for the commissioner ``own`` by one column (empty: one sum under the code '') and month."""
    pairs = tuple((str(month), run) for month, run in published.runs)
    return Actuals(_sums(store().root, pairs, own, column, selection.where) if pairs else {})


@lru_cache(maxsize=2048)
def _sums(
    root: Path, published: tuple[tuple[str, str], ...], own: str, column: str, where: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], Sums]:
    at = COLUMNS.index(column) if column else -1
    fixed = [(COLUMNS.index(name), code) for name, code in where]
    found: dict[tuple[str, str], list[int]] = {}
    months = {run: month for month, run in published}
    for run, *line in _lines(root, tuple(months), own):
        if all(line[place] == code for place, code in fixed):
            sums = found.setdefault((line[at] if column else "", months[run]), [0, 0, 0])
            for place, amount in enumerate(line[-3:]):
                sums[place] += amount
    return {key: Sums(*sums) for key, sums in found.items()}


def charges(published: Published, own: str) -> Mapping[tuple[str, str, str, str], int]:
    """Sum the charge of what counts for a commissioner by budget line, practice, point of delivery and month."""
    pairs = tuple((str(month), run) for month, run in published.runs)
    return _charges(store().root, pairs, own) if pairs else {}


@lru_cache(maxsize=24)
def _charges(root: Path, published: tuple[tuple[str, str], ...], own: str) -> dict[tuple[str, str, str, str], int]:
    line, practice, pod = (COLUMNS.index(name) for name in ("budget_line", "practice", "pod"))
    months = {run: month for month, run in published}
    found: dict[tuple[str, str, str, str], int] = {}
    for run, *cells in _lines(root, tuple(months), own):
        key = (cells[line], cells[practice], cells[pod], months[run])
        found[key] = found.get(key, 0) + cells[-2]
    return found


def stated(column: str) -> str:
    """Give a column with a code in every row, as SQL."""
    return f"coalesce(nullif({column}, ''), {quoted(UNSTATED)})"


@lru_cache(maxsize=24)
def _lines(root: Path, run_ids: tuple[str, ...], own: str) -> tuple[tuple[Any, ...], ...]:
    """What counts for a commissioner in some runs, by run and every column: some ten thousand lines, read once."""
    rows = runs.query(
        Store(root),
        run_ids,
        f"""
        select run_id, {", ".join(f"{stated(column)} as {column}" for column in COLUMNS)},
            cast(sum(activity) as bigint) as activity,
            cast(sum(charge) as bigint) as charge,
            cast(sum(price) as bigint) as price
        from monitoring
        where status in ({", ".join(map(quoted, COUNTED))}) and commissioner = $own
        group by all
        order by all
        """,
        {"own": own},
    )
    return tuple(tuple(row.values()) for row in rows)
