"""The tables and the chart of scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence

from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads import Alternative, Beside, Comparison, FairShares, GroupShare, JudgedClaim, PlanPosition
from openpbc.finance.reads.changes import ALL, between
from openpbc.finance.reads.commissioning import line_address, standings
from openpbc.finance.reads.comparing import Solved
from openpbc.finance.rules.claims import Verdict
from openpbc.finance.rules.commissioning import gap
from openpbc.kernel.money import percent_text
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import MOST_SERIES, Chart, Point
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Column, Row, Table

PERCENT = 10_000
_VERDICTS = {
    Verdict.HOLDS: Tag("holds", "green"),
    Verdict.FAILS: Tag("does not hold", "orange"),
    Verdict.OPEN: Tag("cannot be told", "grey"),
}


def together_table(book: Book, comparison: Comparison) -> Table:
    """Every scenario with what all groups get, what is given up, and what the plan has left."""
    columns = [
        tables.text("Scenario"),
        tables.number(capital(book.word("group_budgets")), "£000", additive=False),
        tables.number("In scope", "%", additive=False, group="Growth"),
        tables.number("Whole budget", "%", additive=False, group="Growth"),
        *(_sums(title, "Given up") for title in ("In scope", "Out of scope", "In all")),
        *(_sums(title, capital(book.word("plan"))) for title in ("Deposit named", "Balance", "Balance if given up")),
    ]
    notes = (
        f"Given up is what a cap takes from the {book.word('groups')}, and what they have less out of scope than the "
        "rule counted with. A scenario that shares out less money has taken its deposit off before.",
        *(f"{each.title}: {each.choice.note}" for each in comparison.alternatives if each.choice.note),
    )
    rows = [_together(each) for each in comparison.alternatives]
    caption = f"All {book.word('groups')} together"
    return tables.table("together", caption, columns, rows, cards=True, notes=notes)


def summary_table(book: Book, comparison: Comparison) -> Table:
    """Each scenario in three figures, to be read before all others."""
    columns = [
        tables.text("Scenario"),
        tables.number(capital(book.word("group_budgets")), "£000", additive=False),
        tables.number("Growth in scope", "%", additive=False),
        tables.number("Given up", "£000", additive=False),
    ]
    rows: list[list[Cell]] = [
        [
            each.title,
            money(each.result.total, each.result.address(ALL, "total")),
            _rate(each.result, ALL, "growth", each.result.growth),
            money(each.result.deposit, each.result.address(ALL, "deposit")),
        ]
        for each in comparison.alternatives
    ]
    return tables.table("summary", "In short", columns, rows, cards=True)


def _sums(title: str, group: str = "") -> Column:
    return tables.number(title, "£000", additive=False, group=group)


def _together(each: Alternative) -> list[Cell]:
    result = each.result
    given_up = ("released", "released_excluded", "deposit")
    return [
        each.title,
        money(result.total, result.address(ALL, "total")),
        _rate(result, ALL, "growth", result.growth),
        _rate(result, ALL, "total_growth", result.total_growth),
        *(money(sum(getattr(one, name) for one in result.groups), result.address(ALL, name)) for name in given_up),
        _position(each.named, "deposit"),
        _position(each.named, "balance"),
        _position(each.figured, "balance"),
    ]


def _rate(result: FairShares, code: str, figure: str, ppm: int | None, places: int = 2) -> Cell:
    return None if ppm is None else rate(ppm, result.address(code, figure), places)


def _position(position: PlanPosition | None, figure: str) -> Cell:
    if position is None:
        return None
    return money(getattr(position, figure), position.figure_address(figure))


def group_tables(book: Book, comparison: Comparison, first: Sequence[str]) -> tuple[Table, ...]:
    """One table a group: what it gets under each scenario; the reader's own groups come first.

    A group whose plan is costed also sees what each scenario leaves over for it.
    """
    costs = {each.line: each.cost for each in standings(book) if each.cost}
    codes = [one.code for one in comparison.first.result.groups]
    ordered = sorted(codes, key=lambda code: (code not in first, codes.index(code)))
    return tuple(_group_table(book, comparison, code, codes.index(code), costs.get(code)) for code in ordered)


def _group_table(book: Book, comparison: Comparison, code: str, position: int, cost: int | None) -> Table:
    columns = [
        tables.text("Scenario"),
        _sums("In scope"),
        tables.number("Growth in scope", "%", additive=False),
        _sums("Out of scope"),
        _sums("Budget"),
        tables.number("Growth", "%", additive=False),
        _sums("Amount", f"Distance from {book.word('fair_share')}"),
        tables.number("Rate", "%", additive=False, group=f"Distance from {book.word('fair_share')}"),
        _sums("Amount", "Given up"),
        tables.number("Part of all", "%", additive=False, group="Given up"),
        _sums("Difference from the first"),
        *([] if cost is None else [_sums("Cost", "Its plan"), _sums("Left over", "Its plan")]),
    ]
    rows = [
        [*_group_row(each, comparison.first, code), *_planned(book, each.result, code, cost)]
        for each in comparison.alternatives
    ]
    name = comparison.first.result.group(code).name
    return tables.table(f"group-{position + 1}", name, columns, rows, cards=True)


def _group_row(each: Alternative, first: Alternative, code: str) -> list[Cell]:
    result, one = each.result, each.result.group(code)
    found = between(result, first.result, code)
    gives_up = bool(one.deposit)
    return [
        each.title,
        _figure(result, one, "amount"),
        _rate(result, code, "growth", one.growth),
        _figure(result, one, "excluded"),
        _figure(result, one, "total"),
        _rate(result, code, "total_growth", one.total_growth),
        _figure(result, one, "distance"),
        _rate(result, code, "distance_rate", one.distance_ppm, 3),
        _figure(result, one, "deposit"),
        rate(each.part_given_up(code), result.address(code, "deposit_part")) if gives_up else None,
        None if each is first else money(found.value, found.address, signed=True),
    ]


def _planned(book: Book, result: FairShares, code: str, cost: int | None) -> list[Cell]:
    """What the group's plan costs, and what the budget leaves over for it or lacks."""
    if cost is None:
        return []
    left = gap(result.group(code).total, cost)
    return [
        money(cost, line_address(book, code, "line-cost")),
        money(left, line_address(book, code, "gap", result.settings), signed=True),
    ]


def _figure(result: FairShares, one: GroupShare, name: str) -> Figure:
    return money(getattr(one, name), result.address(one.code, name))


def distances_table(book: Book, comparison: Comparison) -> Table:
    """How far each group lies from its fair share under each scenario, in per cent of that share."""
    groups = comparison.first.result.groups
    columns = [tables.text("Scenario"), *(tables.number(one.name, "%", additive=False) for one in groups)]
    rows = [
        [each.title, *(_rate(each.result, o.code, "distance_rate", o.distance_ppm, 3) for o in each.result.groups)]
        for each in comparison.alternatives
    ]
    caption = f"Distance from {book.word('fair_share')}, of the {book.word('fair_share')}"
    return tables.table("distances", caption, columns, rows, cards=True)


def beside_table(book: Book, at: int, pair: Beside) -> Table:
    """A cap beside the rule run on the same money: two operations with two results."""
    columns = [
        tables.text(capital(book.word("group"))),
        tables.number("In scope", "£000", group=pair.capped.title),
        tables.number("Growth", "%", additive=False, group=pair.capped.title),
        tables.number("In scope", "£000", group=pair.shared.title),
        tables.number("Growth", "%", additive=False, group=pair.shared.title),
        tables.number("Difference", "£000"),
    ]
    rows: list[Row] = []
    for one in pair.capped.result.groups:
        rows.append(Row((one.name, *_beside(pair, one.code))))
    total: list[Cell] = ["Total"]
    for each in (pair.capped.result, pair.shared.result):
        total += [money(each.amount, each.address(ALL, "amount")), _rate(each, ALL, "growth", each.growth)]
    found = between(pair.shared.result, pair.capped.result, ALL, "amount")
    rows.append(Row((*total, money(found.value, found.address, signed=True)), total=True))
    return tables.table(f"beside-{at}", "Capped, or shared out again", columns, rows)


def _beside(pair: Beside, code: str) -> list[Cell]:
    cells: list[Cell] = []
    for each in (pair.capped.result, pair.shared.result):
        one = each.group(code)
        cells += [_figure(each, one, "amount"), _rate(each, code, "growth", one.growth)]
    found = between(pair.shared.result, pair.capped.result, code, "amount")
    return [*cells, money(found.value, found.address, signed=True)]


def claims_table(found: Sequence[JudgedClaim]) -> Table:
    """What the papers say, beside what the figures show; the verdict is worked out each time."""
    columns = [
        tables.text("What the papers say"),
        tables.text("Of"),
        tables.number("Figure", "£000 or %", additive=False),
        tables.text("What the figures show"),
        tables.text("Verdict"),
        tables.text("Holds for"),
    ]
    rows = [
        (each.claim, each.said_of, _decides(each), each.judged.sentence, _VERDICTS[each.judged.verdict], _others(each))
        for each in found
    ]
    return tables.table("claims", "What the papers say, and what the figures show", columns, rows, cards=True)


def _others(each: JudgedClaim) -> str:
    return "; ".join(each.holds_for) if each.holds_for else "none of the others"


def _decides(each: JudgedClaim) -> Cell:
    if each.figure is None:
        return None
    unit, value, address = each.figure
    return money(value, address) if unit == "pence" else rate(value, address, 3)


def solved_table(book: Book, found: Sequence[Solved]) -> Table:
    """Caps and the deposits that they make, found either way."""
    columns = [
        tables.text("Given"),
        tables.number("Cap on growth", "%", additive=False),
        *(_sums(title, "Given up") for title in ("In scope", "Out of scope", "In all")),
        tables.text("Try it"),
    ]
    return tables.table("solved", "Caps and deposits", columns, [_solved(each) for each in found], cards=True)


def _solved(each: Solved) -> list[Cell]:
    if each.result is None:
        return [each.given, *[Missing(why=each.refused)] * 4, ""]
    result = each.result
    cap = None if result.cap is None else Figure(result.cap, Style.PERCENT, places=3)
    sums = ("released", "released_excluded", "deposit")
    return [
        each.given,
        cap,
        *(money(sum(getattr(one, name) for one in result.groups), result.address(ALL, name)) for name in sums),
        Link("Compare it", f"?with={each.query}") if each.query else "",
    ]


def chart(book: Book, comparison: Comparison) -> Chart | None:
    """The distances as bars; more groups than can be told apart are left to the table."""
    groups = comparison.first.result.groups
    if len(groups) > MOST_SERIES:
        return None
    points = tuple(
        Point(f"{at}", one.name, (one.distance_ppm or 0) / PERCENT)
        for at, each in enumerate(comparison.alternatives, start=1)
        for one in each.result.groups
    )
    return Chart(
        id="distances",
        title=f"Distance from {book.word('fair_share')}, % of it; scenarios by number",
        sentence=_sentence(comparison),
        table="distances",
        points=points,
        axis="%",
    )


def _sentence(comparison: Comparison) -> str:
    told = []
    for at, each in enumerate(comparison.alternatives, start=1):
        farthest = max(each.result.groups, key=lambda one: abs(one.distance_ppm or 0))
        if farthest.distance_ppm:
            told.append(f"{at} {each.title}: {farthest.name} is farthest, at {percent_text(farthest.distance_ppm)}")
        else:
            told.append(f"{at} {each.title}: every group stands at its share")
    return f"{'; '.join(told)}."
