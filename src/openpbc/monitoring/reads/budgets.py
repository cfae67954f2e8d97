"""Where each group stands against its budget: hospital activity against its plan, and the rest, which has no feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance import reads as finance
from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.actuals import actuals
from openpbc.monitoring.reads.addresses import ALL, BUDGET, Selection
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.months import published
from openpbc.monitoring.reads.positions import position_by
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

NO_FEED = "no activity feed"
ACTIVITY_MEASURES = {
    "plan-to-date": "ytd-plan-charge",
    "charge-to-date": "ytd-actual-charge",
    "variance": "ytd-variance-charge",
    "hospital-plan": "year-plan-charge",
    "straight-line": "straight-line-charge",
    "profile": "profile-charge",
}
"""The measures of a budget line that come from the hospital activity of its units."""


@dataclass(frozen=True)
class BudgetLine:
    """One budget line: ``figures`` holds ``budget`` (the whole year's), the activity measures, and ``rest``.

    ``rest`` is the budget less the hospital plan: money for care of which no record arrives, so there is no actual,
    variance or forecast for it (``rest_actual`` says so).
    """

    code: str
    name: str
    units: tuple[str, ...]
    figures: Mapping[str, Measured]
    rest_actual: Measured


@dataclass(frozen=True)
class BudgetPosition:
    """All budget lines of a place after a month. ``scenario`` names the basis of the budgets; empty where not set."""

    place: str
    month: Month
    scenario: str
    lines: tuple[BudgetLine, ...]
    total: BudgetLine
    missing: tuple[Month, ...]
    statuses: tuple[str, ...]
    notes: tuple[str, ...]


def budget_position(place: str, month: Month, scenario: str = "") -> BudgetPosition:
    """Give the budget position of every line and of all together; what is not set says so."""
    book = organisations.book(place)
    shares = finance.fair_shares(book, finance.Settings(scenario=scenario))
    units: dict[str, list[str]] = {}
    for unit in organisations.units(place):
        if unit.budget_line:
            units.setdefault(unit.budget_line, []).append(unit.code)
    names = _names(place, shares)
    lines = tuple(
        _line(book, month, shares, code, names.get(code, code), tuple(sorted(units.get(code, ()))))
        for code in sorted({*units, *names, *_held(book, month)})
    )
    whole = position_by(book, month, "month", Selection())
    return BudgetPosition(
        place=place,
        month=month,
        scenario="" if isinstance(shares, NotSet) else shares.scenario.title,
        lines=lines,
        total=_line(book, month, shares, "", "All", ()),
        missing=whole.missing,
        statuses=() if isinstance(shares, NotSet) else shares.statuses,
        notes=(*whole.notes, shares.problem.sentence) if isinstance(shares, NotSet) else whole.notes,
    )


def _held(book: Book, month: Month) -> list[str]:
    """The lines under which activity of people in no unit stands; no budget is set for them."""
    return actuals(published(book.place.id, month), book.place.commissioner, "budget_line", Selection()).codes


def _names(place: str, shares: finance.FairShares | NotSet) -> dict[str, str]:
    if isinstance(shares, NotSet):
        return {}
    units = {unit.code: unit.name for unit in organisations.units(place)}
    return {group.code: units.get(group.code, group.name) for group in shares.groups}


def _line(
    book: Book, month: Month, shares: finance.FairShares | NotSet, code: str, name: str, units: tuple[str, ...]
) -> BudgetLine:
    activity = position_by(book, month, "month", Selection(budget_line=code)).total.figures
    figures = {measure: activity[source] for measure, source in ACTIVITY_MEASURES.items()}
    figures["budget"] = _budget(shares, code)
    budget, plan = figures["budget"].value, figures["hospital-plan"].value
    if budget is None or plan is None:
        figures["rest"] = Measured(None, "pence", "", "Budget or plan is not set.")
    else:
        figures["rest"] = Measured(budget - plan, "pence", budget_address(book.place.id, month, code, "rest"))
    return BudgetLine(code, name, units, figures, Measured(None, "pence", "", NO_FEED))


def _budget(shares: finance.FairShares | NotSet, code: str) -> Measured:
    if isinstance(shares, NotSet):
        return Measured(None, "pence", "", shares.problem.sentence)
    if not code:
        total = sum(group.total for group in shares.groups)
        return Measured(total, "pence", shares.address(ALL, "total"))
    for group in shares.groups:
        if group.code == code:
            return Measured(group.total, "pence", shares.address(code, "total"))
    return Measured(None, "pence", "", "No budget is set for this line.")


def budget_address(place: str, month: Month, line: str, measure: str) -> str:
    """Give the address of a figure of a budget line that is not already one of finance or of a position."""
    return "/".join((BUDGET, place, str(month), line or ALL, measure))
