"""Positions as tables: each measure in its column, each figure with its explanation."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads import Conservation, Measured, Position, PositionRow, Stage
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Cell, Figure, Missing, Style
from openpbc.ui.pages import capital
from openpbc.ui.tables import Column, Row, Table

MILLION_POUNDS = 100_000_000
THOUSAND_POUNDS = 100_000
BY_WORDS = {
    "unit": "unit",
    "provider": "provider",
    "pod": "point_of_delivery",
    "practice": "practice",
}
STREAMS = {
    "apc": "Admitted care",
    "op": "Outpatients",
    "ae": "A&E",
    "plcm": "Contract, patients",
    "drplcm": "Contract, drugs",
    "deplcm": "Contract, devices",
}
_Listed = tuple[tuple[str, str, str], ...]
_MONTH_COLUMNS: _Listed = (
    ("plan-activity", "Plan", "Activity"),
    ("actual-activity", "Actual", "Activity"),
    ("variance-activity", "Difference", "Activity"),
    ("plan-charge", "Plan", "Charge"),
    ("actual-charge", "Actual", "Charge"),
    ("variance-charge", "Difference", "Charge"),
    ("actual-price", "Actual", "Price with MFF"),
)
_YEAR_COLUMNS: _Listed = (
    ("ytd-plan-activity", "Plan", "Activity to date"),
    ("ytd-actual-activity", "Actual", "Activity to date"),
    ("ytd-variance-activity", "Difference", "Activity to date"),
    ("ytd-plan-charge", "Plan", "Charge to date"),
    ("ytd-actual-charge", "Actual", "Charge to date"),
    ("ytd-variance-charge", "Difference", "Charge to date"),
    ("year-plan-charge", "Plan", "Charge for the year"),
    ("straight-line-charge", "Straight line", "Charge for the year"),
    ("profile-charge", "By profile", "Charge for the year"),
)


def to_date(month: Month) -> str:
    """The months of the year up to one month, in words."""
    first = month.year_of.months[0]
    return month.name if month == first else f"{first.name.split(' ')[0]} to {month.name}"


def cell(found: Measured, *, signed: bool = False) -> Cell:
    """One measure: its figure, or why there is none."""
    if found.value is None:
        return Missing(why=found.why)
    if found.unit == "ppm":
        return Figure(found.value, Style.PERCENT, found.address, places=1, signed=signed)
    style = Style.POUNDS if found.unit == "pence" else Style.COUNT
    return Figure(found.value, style, found.address, signed=signed)


def _columns(listed: _Listed, first: str) -> list[Column]:
    shown = [tables.text(first)]
    for measure, title, group in listed:
        unit = "" if measure.endswith("-activity") else "£"
        shown.append(tables.number(title, unit, group=group))
    return shown


def _row(row: PositionRow, listed: _Listed, link: Callable[[PositionRow], Cell]) -> Row:
    cells = (cell(row.figures[measure], signed="variance" in measure) for measure, _, _ in listed)
    return Row((link(row), *cells))


def plain_name(row: PositionRow) -> Cell:
    """A row's name without a link."""
    return row.name


def position_tables(
    book: Book, found: Position, link: Callable[[PositionRow], Cell] = plain_name
) -> tuple[Table, Table]:
    """A position as two tables: the month by itself, and April to the month with the forecasts of the year."""
    first, unplanned = _first_column(book, found), found.by == "practice" or bool(found.selection.practice)
    shown = []
    captions = (f"{found.month.name} by {first}", f"{to_date(found.month)} by {first}, and the year's forecast")
    if found.by == "month":
        captions = ("Each month by itself", "Each month with those before it, and the forecast made then")
    for id, caption, listed in (("month", captions[0], _MONTH_COLUMNS), ("year", captions[1], _YEAR_COLUMNS)):
        listed = _without_plan(listed) if unplanned else listed
        rows = [_row(row, listed, link) for row in found.rows]
        if found.by != "month":
            rows.append(Row(_row(found.total, listed, plain_name).cells, total=True))
        shown.append(tables.table(f"{id}-by-{found.by}", caption, _columns(listed, capital(first)), rows))
    return shown[0], shown[1]


def _first_column(book: Book, found: Position) -> str:
    return "month" if found.by == "month" else book.word(BY_WORDS[found.by])


def _without_plan(listed: _Listed) -> _Listed:
    """Practices have no activity plan of their own, so what rests on one is left out for them."""
    return tuple(each for each in listed if not {"plan", "variance", "profile"} & set(each[0].split("-")))


def conservation_tables(found: Conservation, address: Callable[[str, str], str]) -> tuple[Table, Table]:
    """What became of every row that was received, and of every pound that was priced."""
    rows = ("received", "accepted", "rejected", "excluded")
    units = ("units", "counted", "not_counted", "of_others", "charge", "counted_charge", "others_charge")
    first = tables.text("Stream")
    of_rows = tables.table(
        "rows-kept",
        "Every row received",
        [first, *(tables.number(title) for title in ("Received", "Accepted", "Rejected", "Excluded"))],
        [_stage_row(stage, rows, address) for stage in found.stages],
        cards=True,
    )
    titles = ("Priced units", "Counted here", "Not counted", "Of other commissioners")
    money = ("Charge", "Charged here", "Charged to others")
    of_units = tables.table(
        "units-kept",
        "Every unit priced and every pound",
        [first, *(tables.number(title) for title in titles), *(tables.number(title, "£") for title in money)],
        [_stage_row(stage, units, address) for stage in found.stages],
        cards=True,
    )
    return of_rows, of_units


def _stage_row(stage: Stage, names: tuple[str, ...], address: Callable[[str, str], str]) -> list[Cell]:
    cells: list[Cell] = [STREAMS.get(stage.stream, stage.stream)]
    for name in names:
        style = Style.POUNDS if name.endswith("charge") else Style.COUNT
        cells.append(Figure(getattr(stage, name), style, address(stage.stream, name)))
    return cells


def month_chart(found: Position) -> tuple[Chart, ...]:
    """Planned and actual charge month by month; nothing is drawn where neither is known."""
    series = (("plan-charge", "Plan"), ("actual-charge", "Actual"))
    values = [
        (row.name.split(" ")[0], name, value)
        for row in found.rows
        for measure, name in series
        if (value := row.figures[measure].value) is not None
    ]
    if not values:
        return ()
    words, unit = _scale(max(abs(value) for _, _, value in values))
    points = [Point(x, name, value / unit) for x, name, value in values]
    return (
        Chart(
            id="charge",
            title=f"Charge by month, {words}",
            sentence=_sentence(found),
            table="month-by-month",
            points=tuple(points),
            axis=words,
            kind="lines",
        ),
    )


def _scale(largest: int) -> tuple[str, int]:
    return ("£ million", MILLION_POUNDS) if largest >= MILLION_POUNDS else ("£ thousand", THOUSAND_POUNDS)


def _sentence(found: Position) -> str:
    actual, plan, gap = (
        found.total.figures[name] for name in ("ytd-actual-charge", "ytd-plan-charge", "ytd-variance-charge")
    )
    if actual.value is None:
        return f"No month of the year up to {found.month.name} is closed."
    told = f"{to_date(found.month)}: charge {Figure(actual.value, Style.POUNDS).text}"
    if plan.value is None or gap.value is None:
        return f"{told}; no activity plan is set."
    way = "above" if gap.value > 0 else "below" if gap.value < 0 else "equal to"
    size = f"{Figure(abs(gap.value), Style.POUNDS).text} " if gap.value else ""
    return f"{told}, {size}{way} the plan of {Figure(plan.value, Style.POUNDS).text}."
