"""The tables and charts of fair shares."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads import DistanceReport, FairShares, GroupShare, Settings
from openpbc.finance.reads.changes import ALL, change
from openpbc.kernel.money import PPM, thousands
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Cell, Figure, Missing, Style
from openpbc.ui.pages import capital
from openpbc.ui.tables import Column, Row, Table

MILLION_POUNDS = 100_000_000
STEPS = {
    "base": "Base",
    "target": "Fair share in scope",
    "floor": "After step 1",
    "after_extra": "After step 2",
    "share": "Share by the rule",
    "released": "Cut by the cap",
    "amount": "In scope",
}


def all_tables(book: Book, tried: FairShares | NotSet, scenario: FairShares | NotSet) -> tuple[Table, ...]:
    """Budgets, the way to them, every scenario side by side, and the distances that the papers had."""
    if isinstance(tried, NotSet) or isinstance(scenario, NotSet):
        return (_not_set_budgets(book, tried),)
    report = reads.distance_report(book)
    distances = () if isinstance(report, NotSet) else (distance_table(book, report),)
    return budgets_table(book, tried, scenario), steps_table(book, tried), side_by_side(book), *distances


def _group_column(book: Book) -> Column:
    return tables.text(capital(book.word("group")))


def _not_set_budgets(book: Book, found: FairShares | NotSet) -> Table:
    units = book.table("organisations.units")
    names = [row["name"] for row in units] if not isinstance(units, NotSet) else []
    missing = Missing(found.path if isinstance(found, NotSet) else "")
    titles = ("Base", "In scope", "Out of scope", "Total")
    columns = [_group_column(book), *(tables.number(title, "£000") for title in titles)]
    rows: list[list[Cell]] = [[name, missing, missing, missing, missing] for name in names]
    caption = f"{capital(book.word('group_budgets'))} {book.place.year.label}"
    return tables.table("budgets", caption, columns, rows, cards=True, empty=f"Not set. {missing.hint}")


def budgets_table(book: Book, tried: FairShares, scenario: FairShares) -> Table:
    """Each group's budget under what was asked, and the difference from the scenario when that was a what-if."""
    is_what_if = tried is not scenario
    columns = [
        _group_column(book),
        tables.number("Base", "£000"),
        tables.number("In scope", "£000"),
        tables.number("Growth", "%", additive=False),
        tables.number("Out of scope", "£000"),
        tables.number("Total", "£000"),
        *([tables.number("Change by the what-if", "£000")] if is_what_if else []),
        tables.number("Fair share", "£000"),
        tables.number("Amount", "£000", group="Distance from fair share"),
        tables.number("Rate", "%", additive=False, group="Distance from fair share"),
    ]
    rows: list[Row] = []
    for group in tried.groups:
        moved = [_change(tried, scenario, group.code)] if is_what_if else []
        rows.append(Row((group.name, *_figures(tried, group), *moved, *_distance(tried, group))))
    moved = [_change(tried, scenario, ALL)] if is_what_if else []
    total: tuple[Cell, ...] = ("Total", *_totals(tried, ("base", "amount")), _growth(tried, ALL, tried.growth))
    total += (*_totals(tried, ("excluded", "total")), *moved, *_totals(tried, ("fair_share", "distance")), None)
    label = "What-if on: " if is_what_if else ""
    caption = f"{capital(book.word('group_budgets'))}. {label}{tried.scenario.title}"
    return tables.table("budgets", caption, columns, [*rows, Row(total, total=True)], cards=True)


def _figure(result: FairShares, group: GroupShare, name: str) -> Figure:
    return money(getattr(group, name), result.address(group.code, name))


def _growth(result: FairShares, code: str, ppm: int | None) -> Cell:
    return None if ppm is None else rate(ppm, result.address(code, "growth"))


def _figures(result: FairShares, group: GroupShare) -> tuple[Cell, ...]:
    before = (_figure(result, group, "base"), _figure(result, group, "amount"))
    after = (_figure(result, group, "excluded"), _figure(result, group, "total"))
    return (*before, _growth(result, group.code, group.growth), *after)


def _distance(result: FairShares, group: GroupShare) -> tuple[Cell, ...]:
    ppm = None if group.distance_ppm is None else rate(group.distance_ppm)
    return (_figure(result, group, "fair_share"), _figure(result, group, "distance"), ppm)


def _totals(result: FairShares, names: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(
        money(sum(getattr(group, name) for group in result.groups), result.address(ALL, name)) for name in names
    )


def _change(tried: FairShares, scenario: FairShares, code: str) -> Figure:
    found = change(tried, scenario, code)
    return money(found.value, found.address, signed=True)


def steps_table(book: Book, result: FairShares) -> Table:
    """How the rule gets from each group's base to its budget in scope."""
    columns = [_group_column(book), *(tables.number(title, "£000") for title in STEPS.values())]
    rows = [Row((group.name, *(_figure(result, group, name) for name in STEPS))) for group in result.groups]
    total = Row(("Total", *_totals(result, tuple(STEPS))), total=True)
    return tables.table("steps", "How the rule gets there", columns, [*rows, total])


def sums(result: FairShares | NotSet) -> list[tuple[str, Cell]]:
    """The pot and what becomes of it, with which the reader can see that nothing is lost."""
    if isinstance(result, NotSet):
        return []
    return [
        ("Pot in scope", money(result.pot, result.address(ALL, "pot"))),
        ("Budgets in scope", money(result.amount, result.address(ALL, "amount"))),
        ("Released by the cap", money(result.released, result.address(ALL, "released"))),
        ("Unallocated", money(result.unallocated, result.address(ALL, "unallocated"))),
    ]


def side_by_side(book: Book) -> Table:
    """Every scenario beside the others: sharing out less money is another operation than a cap over finished shares."""
    found = reads.scenarios(book)
    listed = () if isinstance(found, NotSet) else found
    tried = [reads.fair_shares(book, Settings(each.code)) for each in listed]
    results = [each for each in tried if not isinstance(each, NotSet)]
    columns = [_group_column(book)]
    for result in results:
        for title, unit in (("In scope", "£000"), ("Growth", "%"), ("Distance", "£000")):
            columns.append(tables.number(title, unit, additive=unit != "%", group=result.scenario.title))
    rows = []
    for position, group in enumerate(results[0].groups if results else ()):
        cells: list[Cell] = [group.name]
        for result in results:
            own = result.groups[position]
            growth = _growth(result, own.code, own.growth)
            cells += [_figure(result, own, "amount"), growth, _figure(result, own, "distance")]
        rows.append(cells)
    notes = [f"{result.scenario.title}: {result.scenario.note}" for result in results if result.scenario.note]
    return tables.table("scenarios", "All scenarios side by side", columns, rows, notes=notes)


def distance_table(book: Book, report: DistanceReport) -> Table:
    """How far the published budgets lie from fair share, before and after."""
    columns = [_group_column(book)]
    for point in report.points:
        columns.append(tables.number("Distance", "£000", group=point.title))
        columns.append(tables.number("Of fair share", "%", additive=False, group=point.title))
    rows = []
    for code, name in report.names.items():
        cells: list[Cell] = [name]
        for point in report.points:
            own = point.group(code)
            address = f"finance/{book.place.id}/distance/{point.code}/{code}"
            cells += [money(own.distance, address), None if own.ppm is None else rate(own.ppm, places=3)]
        rows.append(cells)
    notes = [f"{point.claim} {point.note}" for point in report.points if point.claim]
    return tables.table("distance", f"Distance from {book.word('fair_share')}", columns, rows, notes=notes)


def charts(book: Book, tried: FairShares | NotSet, scenario: FairShares | NotSet) -> tuple[Chart, ...]:
    """Each group's budget; in a what-if beside that of the scenario."""
    if isinstance(tried, NotSet) or isinstance(scenario, NotSet):
        return ()
    points = [Point(group.name, scenario.scenario.title, group.total / MILLION_POUNDS) for group in scenario.groups]
    if tried is not scenario:
        points += [Point(group.name, "What-if", group.total / MILLION_POUNDS) for group in tried.groups]
    return (
        Chart(
            id="budgets",
            title=f"{capital(book.word('group_budgets'))}, £ million",
            sentence=_sentence(tried, scenario),
            table="budgets",
            points=tuple(points),
            axis="£ million",
        ),
    )


def _sentence(tried: FairShares, scenario: FairShares) -> str:
    if tried is scenario:
        each = ", ".join(f"{group.name} £{thousands(group.total)} thousand" for group in tried.groups)
        return f"Budgets in and out of scope: {each}."
    told = []
    for group in tried.groups:
        moved = change(tried, scenario, group.code).value
        told.append(f"{group.name} {'gains' if moved >= 0 else 'loses'} £{thousands(abs(moved))} thousand")
    return f"Against the scenario, {', '.join(told)}."


def moved_sentence(result: FairShares | NotSet) -> str:
    """Say what the items that a what-if moves in or out of scope change in all; nothing where none is moved."""
    if isinstance(result, NotSet) or not result.settings.scope:
        return ""
    changes = result.settings.scope_changes.values()
    base, out = sum(each.base for each in changes), sum(each.excluded for each in changes)
    return (
        f"Items are moved in or out of scope: bases in scope change by £{thousands(base)} thousand, "
        f"money out of scope by £{thousands(out)} thousand. The pot below is the one before these moves."
    )


def plain_thousands(pence: int) -> str:
    """Write pence as thousands of pounds to be edited: no separators, decimals only where there are some."""
    text = f"{pence // 100_000}.{pence % 100_000:05d}".rstrip("0")
    return text.removesuffix(".")


def need_index(thousandths: int, address: str) -> Figure:
    """A need index, which is held in thousandths, as a figure in millionths."""
    return Figure(thousandths * PPM // 1000, Style.INDEX, address, places=3)
