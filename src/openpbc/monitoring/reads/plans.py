"""What was planned: the lines of the current activity plan, cut in the same way as what happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from openpbc.contracts import reads as contracts
from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.months import Published
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class Planned:
    """The plan lines of a cut. ``sha256`` is the checksum of the plan's file, empty where no plan is loaded."""

    rows: tuple[contracts.PlanRow, ...]
    sha256: str
    file_name: str

    @property
    def is_set(self) -> bool:
        """Whether anything is planned for the cut at all."""
        return bool(self.rows)

    def cut(self, column: str, code: str) -> Planned:
        """The lines of one code of a column."""
        return Planned(tuple(row for row in self.rows if getattr(row, column) == code), self.sha256, self.file_name)

    def codes(self, column: str) -> list[str]:
        """The codes of a column that are planned, in order."""
        return sorted({getattr(row, column) for row in self.rows})

    def total(self, quantity: str, months: tuple[str, ...] | None = None) -> int | None:
        """Planned activity or charge (pence) of some months, of all by default; None where nothing is planned."""
        if not self.rows:
            return None
        return sum(getattr(row, quantity) for row in self.rows if months is None or row.month in months)

    def month(self, quantity: str, month: Month) -> int | None:
        """Planned activity or charge of one month."""
        return self.total(quantity, (str(month),))

    def to_date(self, quantity: str, published: Published) -> int | None:
        """Planned for the months that are closed, so that like is compared with like."""
        return self.total(quantity, published.keys)


def planned(place: str, year: str, selection: Selection) -> Planned:
    """Give the plan of a cut. A practice has no plan of its own unless one is set, and none can be set yet."""
    version = contracts.plan(place, year)
    if version is None:
        return Planned((), "", "")
    whole = _lines(place, year, version.sha256)
    if selection.practice:
        return Planned((), version.sha256, version.file_name)
    rows = [row for row in whole if _inside(row, selection)]
    if selection.budget_line:
        units = units_of(place, selection.budget_line)
        rows = [row for row in rows if row.unit in units]
    return Planned(tuple(rows), version.sha256, version.file_name)


def _inside(row: contracts.PlanRow, selection: Selection) -> bool:
    wanted = ((row.unit, selection.unit), (row.provider, selection.provider), (row.pod, selection.pod))
    return all(not code or own == code for own, code in wanted)


@lru_cache(maxsize=8)
def _lines(place: str, year: str, sha256: str) -> tuple[contracts.PlanRow, ...]:
    # A version of the plan never changes, so its checksum is all that the lines depend on.
    return tuple(contracts.plan_rows(place, year))


def units_of(place: str, budget_line: str) -> frozenset[str]:
    """Give the units whose money is carried by a budget line."""
    return frozenset(unit.code for unit in organisations.units(place) if unit.budget_line == budget_line)
