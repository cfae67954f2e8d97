"""Plan against actual of a month and of the year so far, by unit, practice, provider, point of delivery or month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.actuals import Actuals, actuals
from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.figures import Cut, Measured, measured
from openpbc.monitoring.reads.months import Published, published
from openpbc.monitoring.reads.plans import Planned, planned
from openpbc.organisations import reads as organisations

BY = ("unit", "practice", "provider", "pod", "month")


@dataclass(frozen=True)
class PositionRow:
    """One row: a code with its name, and every measure of it by name (see ``addresses.MEASURES``)."""

    code: str
    name: str
    figures: Mapping[str, Measured]


@dataclass(frozen=True)
class Position:
    """A cut of a month in rows, with the total of the whole cut. ``missing`` are months of the year not yet closed."""

    place: str
    month: Month
    by: str
    selection: Selection
    rows: tuple[PositionRow, ...]
    total: PositionRow
    closed: tuple[Month, ...]
    missing: tuple[Month, ...]
    run_id: str
    plan_set: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to read the figures rightly."""
        notes = []
        if self.missing:
            named = ", ".join(month.name for month in self.missing)
            notes.append(f"Not closed, and so neither in the actual nor in the plan to date: {named}.")
        if not self.plan_set:
            notes.append("No activity plan is set, so there is neither variance nor forecast by profile.")
        return tuple(notes)


def position(place: str, month: Month, by: str = "unit", selection: Selection | None = None) -> Position:
    """Give the position of a month by one column. A month of another year than the place's is a person's mistake."""
    if by not in BY:
        raise UserError(f"'{by[:20]}' is no way to cut a position", do=f"Use one of {', '.join(BY)}.")
    cut = selection or Selection()
    year = organisations.book(place).place.year
    if month.year_of != year:
        raise UserError(f"{month} lies outside {year.label}", where=place, do="Choose a month of that year.")
    runs, plan = published(place, month), planned(place, str(year), cut)
    total = PositionRow("", "All", measured(Cut(place, month, cut, runs, _actuals(place, runs, "", cut), "", plan)))
    rows = _months(place, month, cut, runs, plan) if by == "month" else _rows(place, month, by, cut, runs, plan)
    return Position(
        place,
        month,
        by,
        cut,
        rows,
        total,
        tuple(m for m, _ in runs.runs),
        runs.missing,
        runs.run_of(month),
        plan.is_set,
    )


def _actuals(place: str, runs: Published, column: str, cut: Selection) -> Actuals:
    return actuals(runs, organisations.book(place).place.commissioner, column, cut)


def _rows(place: str, month: Month, by: str, cut: Selection, runs: Published, plan: Planned) -> tuple[PositionRow, ...]:
    happened, names = _actuals(place, runs, by, cut), names_of(place, by)
    planned_codes = plan.codes(by) if by != "practice" else []
    rows = []
    for code in sorted({*happened.codes, *planned_codes}):
        narrowed = cut.narrowed(by, code)
        lines = plan.cut(by, code) if by != "practice" else Planned((), plan.sha256, plan.file_name)
        figures = measured(Cut(place, month, narrowed, runs, happened, code, lines))
        rows.append(PositionRow(code, names.get(code, code), figures))
    return tuple(rows)


def _months(place: str, month: Month, cut: Selection, runs: Published, plan: Planned) -> tuple[PositionRow, ...]:
    happened = _actuals(place, runs, "", cut)
    rows = []
    for each in month.year_of.months[0].through(month):
        until = Published(
            tuple((m, run) for m, run in runs.runs if m <= each), tuple(m for m in runs.missing if m <= each)
        )
        rows.append(PositionRow(str(each), each.name, measured(Cut(place, each, cut, until, happened, "", plan))))
    return tuple(rows)


def names_of(place: str, column: str) -> dict[str, str]:
    """Give what people call the codes of a column."""
    if column == "unit":
        return {unit.code: unit.name for unit in organisations.units(place)}
    if column == "practice":
        return {practice.code: practice.name for practice in organisations.practices(place)}
    if column == "provider":
        return {provider.code: provider.short_name for provider in organisations.providers(place)}
    if column == "pod":
        listed = organisations.book(place).table("data.codes.pod")
        return {row["code"]: row["description"] or row["code"] for row in listed.rows} if listed.is_set else {}  # type: ignore[union-attr]
    return {}
