"""The years ahead with and without the deposit, and what comes back to whom: only what is set or written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from openpbc.finance.reads.comparing import alternative
from openpbc.finance.reads.lodged import Lodged, Schedule, lodged, schedule
from openpbc.finance.reads.planning import LEAST_UNDERSPEND, PlanPosition, allocation
from openpbc.finance.rules import multi_year as rule
from openpbc.finance.rules import reserve
from openpbc.finance.rules.allocation import Bridge
from openpbc.finance.rules.multi_year import Deposit, Evened, YearMoney
from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

PREFIX = "multi-year"
HORIZON = "finance.planning_horizon"
EVENED = "finance.evened_years"
PURPOSES = "finance.reserve_purposes"
GROWTH = "finance.national_growth"
COMMITMENTS = "finance.recurrent_commitments"
COST = "finance.deposit_cost"
TOGETHER, ALL, AT_RISK_OF = "together", "all", "at-risk"
FURTHEST = 20
_SAVED = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


@dataclass(frozen=True)
class Tried:
    """What a reader tries: the growth of every later year that nobody has set, and what is taken off each; in ppm."""

    code: str = ""
    growth: int | None = None
    lower: int | None = None

    @property
    def query(self) -> str:
        """What is tried as the query of an address; what is not tried is left out."""
        named = {"with": self.code, "growth": self.growth, "lower": self.lower}
        return urlencode({name: value for name, value in named.items() if value not in (None, "")})

    @classmethod
    def parse(cls, query: str) -> Tried:
        """Read the query back."""
        parts = dict(part.partition("=")[::2] for part in query.split("&") if part)
        others = set(parts) - {"with", "growth", "lower"}
        numbers = [parts.get(name) for name in ("growth", "lower")]
        if others or any(text is not None and not text.isdecimal() for text in numbers):
            raise UserError(f"'{query[:60]}' is nothing that can be tried", do="Open the figure from its page again.")
        growth, lower = (None if text is None else int(text) for text in numbers)
        return cls(parts.get("with", ""), growth, lower)


@dataclass(frozen=True)
class MultiYear:
    """The years from the place's own to its horizon. Money in pence, growth in parts per million.

    ``set_growth`` holds, year by year, the value of the rulebook or the statement that it is not set.
    """

    place: str
    tried: Tried
    years: tuple[YearMoney, ...]
    evened: Evened
    lodged: Lodged
    schedule: Schedule
    bridge: Bridge
    set_growth: Mapping[str, Value | NotSet]
    commitments: Mapping[str, Value | NotSet]
    costs: Mapping[str, Value | NotSet]
    purposes: Mapping[str, str]
    least: Value | NotSet
    findings: tuple[Finding, ...]

    is_set = True

    @property
    def left(self) -> Mapping[str, int]:
        """What of each group's deposit has no return written down."""
        return reserve.left(self.lodged.by_unit, self.schedule.calls)

    @property
    def unassigned(self) -> int:
        """What of the deposit has no purpose."""
        return reserve.unassigned(self.lodged.by_unit, self.schedule.calls)

    def returned(self, unit: str = "", year: str = "", purpose: str = "") -> int:
        """What is written down to come back, to one group, in one year, for one purpose, or in all."""
        return reserve.returned(self.schedule.calls, unit, year, purpose)

    def address(self, row: str, figure: str) -> str:
        """Where a figure is explained: a year, a group, ``all``, ``together`` or a purpose, and what of it."""
        query = self.tried.query
        return f"{PREFIX}/{self.place}/{row}/{figure}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class AtRisk:
    """The underspend that may be lost: what the plan does not commit, less what is lodged. Pence."""

    position: PlanPosition
    lodged: int

    @property
    def value(self) -> int:
        """What is neither committed nor lodged."""
        return self.position.balance + self.position.deposit - self.lodged


def at_risk(book: Book, held: Lodged) -> AtRisk | None:
    """Hold what is lodged against the plan of the same scenario; none where there is no plan."""
    worked_out = alternative(book, held.choice)
    position = None if isinstance(worked_out, NotSet) else worked_out.figured or worked_out.named
    return AtRisk(position, held.total) if position else None


def plan_years(book: Book) -> tuple[FinancialYear, ...] | NotSet:
    """The years from the place's own to the horizon."""
    horizon = book.value(HORIZON)
    if isinstance(horizon, NotSet):
        return horizon
    last, found = FinancialYear.parse(horizon.text), [book.place.year]
    while found[-1] != last:
        if len(found) == FURTHEST:
            raise UserError(f"'{horizon.text}' is no year ahead", where=horizon.path, do="Write a later year.")
        found.append(found[-1].next)
    return tuple(found)


def multi_year(book: Book, tried: Tried | None = None) -> MultiYear | NotSet:
    """Lay out the years; the first gap without which nothing can be said answers "not set"."""
    tried = tried or Tried()
    if not _SAVED.fullmatch(tried.code):
        raise UserError("the years ahead are shown for scenarios that have a name", do="Save the what-if first.")
    years, held, bridge = plan_years(book), lodged(book, tried.code), allocation(book)
    evened, purposes = book.value(EVENED), book.table(PURPOSES)
    for found in (years, held, bridge, evened, purposes):
        if isinstance(found, NotSet):
            return found
    assert not isinstance(years, NotSet) and isinstance(held, Lodged) and isinstance(bridge, Bridge)
    assert isinstance(evened, Value) and not isinstance(purposes, NotSet)
    by_year = {id: {str(year): book.value(id, year) for year in years} for id in (GROWTH, COMMITMENTS, COST)}
    planned, least = schedule(book), book.value(LEAST_UNDERSPEND)
    laid_out = _years(bridge, held, planned, by_year, tried)
    return MultiYear(
        place=book.place.id,
        tried=tried,
        years=laid_out,
        evened=rule.together(laid_out, evened.int),
        lodged=held,
        schedule=planned,
        bridge=bridge,
        set_growth=by_year[GROWTH],
        commitments=by_year[COMMITMENTS],
        costs=by_year[COST],
        purposes={row["code"]: row["purpose"] for row in purposes},
        least=least,
        findings=reserve.findings(held.by_unit, planned.calls, least.pence if isinstance(least, Value) else None),
    )


def _years(
    bridge: Bridge, held: Lodged, planned: Schedule, by_year: Mapping[str, Mapping[str, Value | NotSet]], tried: Tried
) -> tuple[YearMoney, ...]:
    first = next(iter(by_year[GROWTH]))
    rates = {
        year: None if year == first else found.ppm if isinstance(found, Value) else tried.growth
        for year, found in by_year[GROWTH].items()
    }
    costs = {year: found.pence for year, found in by_year[COST].items() if isinstance(found, Value)}
    returns = {year: reserve.returned(planned.calls, year=year) for year in rates}
    deposit = Deposit(held.total, returns, costs)
    return rule.years(bridge.opening, bridge.total, rates, deposit, tried.lower or 0)
