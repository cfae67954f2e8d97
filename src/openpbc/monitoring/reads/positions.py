"""Plan against actual of a month and of the year so far, by unit, practice, provider, point of delivery or month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.actuals import actuals
from openpbc.monitoring.reads.addresses import UNSTATED, Selection
from openpbc.monitoring.reads.figures import Cut, Measured, measured
from openpbc.monitoring.reads.months import Published, published
from openpbc.monitoring.reads.plans import planned
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

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
    book = organisations.book(place)
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", where=place, do="Choose a month of that year.")
    return position_by(book, month, by, selection or Selection())


def position_by(book: Book, month: Month, by: str, selection: Selection) -> Position:
    """Give the position of a month of the book's own year."""
    whole = whole_cut(book, month, selection)
    rows = _months(whole) if by == "month" else _rows(whole, by)
    runs = whole.published
    return Position(
        place=book.place.id,
        month=month,
        by=by,
        selection=selection,
        rows=rows,
        total=PositionRow("", "All", measured(whole)),
        closed=tuple(each for each, _ in runs.runs),
        missing=runs.missing,
        run_id=runs.run_of(month),
        plan_set=whole.planned.is_set,
    )


def whole_cut(book: Book, month: Month, selection: Selection) -> Cut:
    """Give what is known of a selection as one sum."""
    runs = published(book.place.id, month)
    happened = actuals(runs, book.place.commissioner, "", selection)
    return Cut(book, month, selection, runs, happened, "", planned(book.place.id, str(book.place.year), selection))


def _rows(whole: Cut, by: str) -> tuple[PositionRow, ...]:
    happened = actuals(whole.published, whole.book.place.commissioner, by, whole.selection)
    names, plan, rows = names_of(whole.book, by), whole.planned, []
    for code in sorted({*happened.codes, *(plan.codes(by) if by != "practice" else ())}):
        cut = replace(
            whole,
            selection=whole.selection.narrowed(by, code),
            actuals=happened,
            code=code,
            planned=plan.cut(by, code) if by != "practice" else replace(plan, rows=()),
        )
        rows.append(PositionRow(code, names.get(code, code), measured(cut)))
    return tuple(rows)


def _months(whole: Cut) -> tuple[PositionRow, ...]:
    rows, runs = [], whole.published
    for each in whole.month.year_of.months[0].through(whole.month):
        until = Published(
            tuple((month, run) for month, run in runs.runs if month <= each),
            tuple(month for month in runs.missing if month <= each),
        )
        rows.append(PositionRow(str(each), each.name, measured(replace(whole, month=each, published=until))))
    return tuple(rows)


def names_of(book: Book, column: str) -> dict[str, str]:
    """Give what people call the codes of a column; what has no code there is called so too."""
    return {UNSTATED: "Not stated", **_names(book, column)}


def _names(book: Book, column: str) -> dict[str, str]:
    place = book.place.id
    if column == "unit":
        return {unit.code: unit.name for unit in organisations.units(place)}
    if column == "practice":
        return {practice.code: practice.name for practice in organisations.practices(place)}
    if column == "provider":
        return {provider.code: provider.short_name for provider in organisations.providers(place)}
    if column == "pod":
        listed = book.table("data.codes.pod")
        rows = listed.rows if isinstance(listed, Table) else ()
        return {row["code"]: row["description"] or row["code"] for row in rows}
    return {}
