"""The published tables of West Hertfordshire 2008/09, printed against recomputed.

Source: the primary care trust's draft commissioning intentions for 2008/09. Figures are thousands of pounds as printed;
tolerances are those of the checks' pack (2 thousand, 0.01 percentage points, unless a check states its own).
"""

from __future__ import annotations

import pytest

from openpbc.finance import reads
from openpbc.rulebook.reader import Book, open_book

THOUSAND = 100_000
GROUPS = ("WATCOM", "DATCOM", "STAHCOM", "HERTSMERE")

TABLE_1 = (653130, 27146, 37123, -3874, -2576, 710949)
TABLE_2 = (
    710949, 653130, -1100, 14613, 1230, -1687, 2978, -1644, 3458, 7385, 2906, 608, 1079, 7108, 690066, 20884, -15600,
    5284,
)  # fmt: skip
TABLE_3 = {"y0708": (653130, -5528, -2331, 645270), "y0809": (710949, -7108, -2399, 701442)}
TABLE_4 = {
    "ex07": (64288, 52915, 45945, 33378, 196526),
    "ex08": (67403, 55337, 48112, 34912, 205764),
    "in07": (149074, 120771, 102940, 77739, 450524),
    "in08": (164360, 134787, 112232, 84300, 495679),
    "total": (231763, 190124, 160344, 119212, 701442),
    "share": (231763, 190124, 160344, 119212, 701442),
    "diff": (0, 0, 0, 0, 0),
}
TABLE_5 = {
    "ex07": (64288, 52915, 45945, 33378, 196526),
    "ex08": (67384, 55322, 48099, 34902, 205706),
    "in07": (149074, 120771, 102940, 77739, 450524),
    "in08": (159509, 129225, 110146, 83181, 482061),
    "total": (226893, 184546, 158245, 118083, 687767),
}
PERCENT = {
    ("T4", "ex_pct"): (48500, 45800, 47200, 45900, 47000),
    ("T4", "in_pct"): (102500, 116100, 90300, 84400, 100200),
    ("T5", "ex_pct"): (48200, 45500, 46900, 45600, 46700),
    ("T5", "in_pct"): (70000, 70000, 70000, 70000, 70000),
}

ROUNDING = {
    "T1.growth": -20, "T2.committed": 2, "T2.uncommitted": 1, "T2.uncommitted2": -1, "T2.contingency": "-1.49",
    "T3.0708": -1, "T4.Hertsmere.ex%": "-0.01%", "T4.total.rows": -1, "T4.total.cols": -1, "T5.ex08.sum": -1,
    "T5.DatCom.row": -1, "T5.Hertsmere.ex%": "-0.01%", "X.dep": 25, "X.cap655": "-45.68",
}  # fmt: skip
UNEXPLAINED = {"T3.base": -1780, "X.exdelta": 58}


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


@pytest.fixture(scope="module")
def tables(book: Book) -> dict[str, reads.PrintedTable]:
    return {table.code: table for table in reads.tables(book)}


def printed(table: reads.PrintedTable, column: str) -> tuple[int | None, ...]:
    return tuple(row.cell(column).printed for row in table.rows)


def test_tables_carry_every_figure_as_printed(tables: dict[str, reads.PrintedTable]) -> None:
    assert printed(tables["T1"], "amount") == tuple(figure * THOUSAND for figure in TABLE_1)
    assert printed(tables["T2"], "amount") == tuple(figure * THOUSAND for figure in TABLE_2)
    for code, columns in (("T3", TABLE_3), ("T4", TABLE_4), ("T5", TABLE_5)):
        for column, figures in columns.items():
            assert printed(tables[code], column) == tuple(figure * THOUSAND for figure in figures), (code, column)
    for (code, column), figures in PERCENT.items():
        assert printed(tables[code], column) == figures
    assert tables["T1"].row("total").cell("percent").printed == 88500
    assert tables["T3"].row("groups").cell("percent").printed == 87100


def test_exactly_sixteen_of_sixty_seven_checks_are_not_exact(book: Book) -> None:
    checks = reads.checks(book)
    assert len(checks) == 67
    assert {check.id for check in checks if check.verdict == "rounding"} == set(ROUNDING)
    assert {check.id for check in checks if check.verdict == "unexplained"} == set(UNEXPLAINED)
    assert reads.check_summary(book) == {"exact": 51, "rounding": 14, "unexplained": 2}


def test_differences_are_the_known_ones_and_each_has_a_note(book: Book) -> None:
    for check in reads.checks(book):
        known = {**ROUNDING, **UNEXPLAINED}.get(check.id, 0)
        if isinstance(known, str):
            scale = 100 if known.endswith("%") else 1000
            assert check.difference == int(known.removesuffix("%").replace(".", "")) * scale
        else:
            assert check.difference == known * THOUSAND
        assert bool(check.note) == (check.id in ROUNDING or check.id in UNEXPLAINED)


def test_derived_cells_show_both_values(tables: dict[str, reads.PrintedTable]) -> None:
    total = tables["T4"].row("TOTAL").cell("total")
    assert (total.printed, total.recomputed, total.verdict) == (701442 * THOUSAND, 701443 * THOUSAND, "rounding")
    assert any("701,442" in note for note in total.notes)
    assert tables["T4"].row("WATCOM").cell("ex07").recomputed is None


def test_allocation_bridge(book: Book) -> None:
    bridge = reads.allocation(book)
    assert bridge.total == 710949 * THOUSAND
    assert bridge.statement.difference == 0
    assert bridge.increase_ppm == 88526
    assert [line.line.code for line in bridge.provisional] == ["parity_and_mff", "other_non_recurrent"]


def test_funding_for_groups(book: Book) -> None:
    funding = reads.funding(book)
    assert [year.for_groups // THOUSAND for year in funding.years] == [645270, 701442]
    assert [year.statement.recomputed // THOUSAND for year in funding.years] == [645271, 701442]
    assert funding.growth == 87052


def test_plan_balances_for_every_deposit(book: Book) -> None:
    balances = {position.scenario.code: (position.deposit, position.balance) for position in reads.plan_scenarios(book)}
    assert {code: tuple(amount // THOUSAND for amount in pair) for code, pair in balances.items()} == {
        "no_deposit": (0, 20884),
        "deposit_as_budgeted": (13700, 7184),
        "deposit_as_asked": (15600, 5284),
        "share_out_after_deposit": (13675, 7209),
    }
    plan = reads.plan(book, "deposit_as_asked").plan
    assert plan.committed.recomputed == 690064 * THOUSAND
    assert plan.committed.total == 690066 * THOUSAND
    assert plan.uncommitted.recomputed == 20885 * THOUSAND


def test_a_deposit_below_the_fall_of_later_years_is_a_warning(book: Book) -> None:
    assert [finding.rule for finding in reads.plan(book, deposit=6099 * THOUSAND).findings] == ["PL-01"]
    assert not reads.plan(book, deposit=13675 * THOUSAND).findings
