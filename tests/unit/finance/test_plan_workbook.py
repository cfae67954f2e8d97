"""The lines of a plan out of a workbook: nothing changes untouched, and what is wrong is told of its cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules.plan_columns import COLUMNS, PLAN_SHEET, TO_MEND
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.finance.rules.plan_versions import changed, differences
from openpbc.finance.rules.plan_workbook import (
    FORMAT,
    TOTALS_SHEET,
    Origin,
    origin_of,
    read_plan,
    settled,
    totals_of,
)
from openpbc.kernel.findings import Level
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import BLANK, Kind, ReadSheet, ReadWorkbook, SheetCell, SheetRow
from tests.unit.finance import plan_sheets as made
from tests.unit.finance.plan_sheets import LINES, MILLION, money, number, text, with_cell


def told(workbook: ReadWorkbook) -> list[tuple[str, str]]:
    """The rules and cells of the findings, but for what our good lines are warned of anyway."""
    ours = {(each.rule, each.sentence) for each in read_plan(made.workbook()).findings}
    found = read_plan(workbook).findings
    return [(each.rule, each.place.field) for each in found if (each.rule, each.sentence) not in ours]


def test_an_untouched_workbook_changes_nothing():
    read = read_plan(made.workbook())
    assert read.fit
    assert read.errors == ()
    assert (read.rows, read.rejected) == (len(LINES), 0)
    assert changed(differences(LINES, settled(LINES, read.lines))) == ()


def test_rows_are_accepted_or_rejected():
    read = read_plan(with_cell("acute", "amount", text("three thousand")))
    assert not read.fit
    assert len(read.lines) + read.rejected == read.rows == len(LINES)
    (error,) = read.errors
    assert (error.rule, error.place.line, error.place.field) == ("WB-02", 8, "E8")
    assert "Amount (£000): text ('three thousand') where money belongs" in error.sentence


@pytest.mark.parametrize(
    ("code", "field", "cell", "finding"),
    [
        ("acute", "amount", SheetCell(Kind.DATE, "2008-04-01"), ("WB-02", "E8")),
        ("acute", "amount", SheetCell(Kind.TRUTH, "TRUE"), ("WB-02", "E8")),
        ("acute", "amount", SheetCell(Kind.ERROR, "#REF!", formula="A1/0"), ("WB-02", "E8")),
        ("acute", "amount", SheetCell(formula="B2*2"), ("WB-02", "E8")),
        ("acute", "amount", number("12.3456789"), ("WB-02", "E8")),
        ("acute", "amount", number("1e12"), ("WB-02", "E8")),
        ("acute", "amount", BLANK, ("WB-04", "E8")),
        ("acute", "amount", money(5 * MILLION, "A1+A2"), ("WB-03", "E8")),
        ("pay", "rate", text("2.5%"), ("WB-02", "G7")),
        ("pay", "rate", number("2.5"), ("WB-02", "G7")),
        ("pay", "base", text("n/a"), ("WB-02", "F7")),
        ("pay", "amount", money(1), ("PV-10", "E7")),
        ("pay", "amount", number(9, formula="ROUND( $F7*G7, 5 )"), ("WB-05", "E7")),
        ("pay", "amount", number(9, formula="F7*2"), ("WB-03", "E7")),
        ("pay", "method", text("entered"), ("WB-03", "E7")),
        ("pay", "base", BLANK, ("PV-08", "F7")),
        ("cut", "amount", money(MILLION), ("PV-11", "E9")),
        ("reserve", "provisional", text("maybe"), ("WB-02", "J10")),
        ("acute", "section", text("gifts"), ("PV-05", "C8")),
        ("acute", "method", text("guess"), ("PV-05", "D8")),
        ("acute", "method", text("uplift"), ("PV-06", "D8")),
        ("acute", "code", text("Acute Care"), ("PV-01", "A8")),
        ("acute", "code", text("pay"), ("PV-02", "A7")),
        ("acute", "code", BLANK, ("PV-01", "A8")),
        ("acute", "label", BLANK, ("PV-03", "B8")),
        ("acute", "note", text("x" * 1_001), ("PV-04", "Q8")),
        ("acute", "note", text("a\x00b"), ("WB-02", "Q8")),
        ("acute", "note", SheetCell(Kind.TEXT, "words", formula='"wor"&"ds"'), ("WB-03", "Q8")),
        ("acute", "link", SheetCell(Kind.ERROR, "#N/A"), ("WB-02", "M8")),
    ],
)
def test_what_is_wrong_is_told_of_its_cell(code: str, field: str, cell: SheetCell, finding: tuple[str, str]):
    assert finding in told(with_cell(code, field, cell))


def test_a_method_that_computes_none_and_has_no_amount_is_told():
    read = read_plan(with_cell("pay", "method", text("no such"), (replace(LINES[2], amount=0),)))
    assert "PV-05" in {each.rule for each in read.errors}


def test_values_that_are_taken_although_they_are_told():
    """A formula of a person's own counts with its value, and a computed amount that was left out is made."""
    own = read_plan(with_cell("acute", "amount", money(5 * MILLION, "A1+A2")))
    assert own.fit
    assert {each.code: each.amount for each in own.lines}["acute"] == 5 * MILLION
    assert read_plan(with_cell("pay", "amount", BLANK)).lines[2].amount == LINES[2].amount
    entered = read_plan(with_cell("pay", "method", text("entered")))
    assert entered.lines[2].amount == LINES[2].amount
    stale = read_plan(with_cell("pay", "amount", number(9, formula="ROUND(F7*G7,5)")))
    assert stale.lines[2].amount == LINES[2].amount
    unkept = read_plan(with_cell("pay", "amount", SheetCell(formula="ROUND(F7*G7,5)")))
    assert (unkept.lines[2].amount, unkept.fit) == (LINES[2].amount, True)


def test_an_entered_line_without_a_kept_value_is_told():
    computed = with_cell("pay", "amount", SheetCell(formula="ROUND(F7*G7,5)"))
    rows = computed.sheets[0].rows
    cells = list(rows[4].cells)
    cells[made.PLACES["method"]] = text("entered")
    changed_rows = (*rows[:4], SheetRow(7, tuple(cells)), *rows[5:])
    found = read_plan(ReadWorkbook((ReadSheet(PLAN_SHEET, changed_rows),)))
    assert ("WB-04", "E7") in {(each.rule, each.place.field) for each in found.errors}


def moved(order: list[int]) -> ReadWorkbook:
    def change(row: SheetRow) -> SheetRow:
        if row.number < made.HEAD:
            return row
        return SheetRow(row.number, tuple(row.at(place) for place in order))

    return made.edited(change)


def test_columns_may_move_and_it_is_told():
    order = list(range(len(COLUMNS)))
    order[1], order[16] = order[16], order[1]
    read = read_plan(moved(order))
    assert read.fit
    assert read.lines == LINES
    sentences = [each.sentence for each in read.warnings if each.rule == "WB-01"]
    assert sentences == [
        "The column 'Note' has moved to B; it is read from there.",
        "The column 'Line' has moved to Q; it is read from there.",
    ]


def test_columns_that_are_none_of_a_plan_are_told_and_not_read():
    def change(row: SheetRow) -> SheetRow:
        more = {made.HEAD: ("Mine", TO_MEND)}.get(row.number, ("a", "b"))
        return SheetRow(row.number, (*row.cells, *(text(each) for each in more)))

    read = read_plan(made.edited(change))
    assert read.lines == LINES
    assert [each.sentence for each in read.warnings if each.rule == "WB-01"] == [
        "The column 'Mine' (S) is none of a plan and is not read."
    ]


@pytest.mark.parametrize(
    ("workbook", "words"),
    [
        (made.with_heading("amount", "Amount (£)"), "'Amount (£000)' is missing, and E4 is headed 'Amount (£)'"),
        (made.with_heading("label", "Was anything"), "'Line' is missing, and B4 is headed 'Was anything'"),
        (made.with_heading("label", ""), "the column 'Line' is missing. Put it back into row 4"),
        (made.with_heading("label", "Code"), "the column 'Code' stands 2 times (A4 and B4)"),
        (moved(list(range(10))), "'Budget heading' is missing (and 7 more)"),
        (ReadWorkbook((ReadSheet("Plan", ()),)), "there is no row of headings"),
        (ReadWorkbook((ReadSheet("Plan", (SheetRow(1, (text("a"),)),)),)), "there is no row of headings"),
        (ReadWorkbook((ReadSheet("Sheet1", ()),)), "there is no sheet 'Plan' (the sheets are Sheet1)"),
        (ReadWorkbook(()), "(the sheets are none)"),
    ],
)
def test_headings_that_are_gone_refuse_the_workbook(workbook: ReadWorkbook, words: str):
    with pytest.raises(UserError) as refused:
        read_plan(workbook)
    assert words in refused.value.sentence
    assert refused.value.do


def test_headings_are_found_by_name_however_they_are_written():
    assert read_plan(made.with_heading("amount", "  AMOUNT   (£000) ")).fit


def test_a_sheet_without_lines_is_an_empty_plan():
    read = read_plan(made.workbook(()))
    assert (read.fit, read.rows, read.lines) == (True, 0, ())


def test_rows_of_blanks_are_no_lines():
    def change(row: SheetRow) -> SheetRow:
        return SheetRow(row.number, tuple(text("  ") for _ in row.cells)) if row.at(0).text == "cut" else row

    read = read_plan(made.edited(change))
    assert (read.rows, len(read.lines)) == (len(LINES) - 1, len(LINES) - 1)


def totals(**shown: int | str) -> ReadSheet:
    values = {name: number(Decimal(v).scaleb(-5)) if isinstance(v, int) else text(v) for name, v in shown.items()}
    rows = [SheetRow(1, (text("Section"), text("Lines"), text("Now")))]
    rows += [SheetRow(n, (text(name), BLANK, cell)) for n, (name, cell) in enumerate(values.items(), start=2)]
    return ReadSheet(TOTALS_SHEET, tuple(rows))


def test_a_total_that_differs_is_told_and_the_lines_count():
    right = totals_of(LINES)
    sheet = totals(allocation=right["allocation"], investment=1, balance=right["balance"] + 1, gifts=7, saving="none")
    read = read_plan(made.workbook(LINES, sheet))
    assert read.fit
    assert [(each.place.file, each.place.field) for each in read.warnings if each.rule == "WB-06"] == [
        ("Totals", "C3"),
        ("Totals", "C4"),
    ]
    assert "its lines make £1,000,000.00" not in str(read.warnings)
    assert "its lines make £3,000,000.00, and the lines count" in str(read.warnings)
    broken = made.with_cell("acute", "amount", text("x"))
    unfit = read_plan(ReadWorkbook((sheet, *broken.sheets)))
    assert "WB-06" not in {each.rule for each in unfit.findings}, "totals of rejected rows say nothing"


def test_what_a_workbook_says_of_itself():
    facts = made.facts(workbook=FORMAT, place="here", year="2008-09", version="3", revision="7", book="ab")
    assert origin_of(made.workbook(LINES, facts)) == Origin("here", "2008-09", 3, 7, "ab")
    assert origin_of(made.workbook()) == Origin()
    assert origin_of(made.workbook(LINES, made.facts(version="three"))).version is None
    with pytest.raises(UserError, match="Download the workbook anew"):
        origin_of(made.workbook(LINES, made.facts(workbook="OpenPBC plan workbook 2")))


def test_sorting_and_spaces_are_no_change():
    before = (replace(LINES[0], note=" kept "), *LINES[1:])
    after = tuple(reversed([replace(LINES[0], note="kept"), *LINES[1:]]))
    assert settled(before, after) == before


def test_new_lines_stand_below_the_line_above_them():
    new = [made.line(f"new_{n}") for n in range(3)]
    after = (new[0], *LINES[:2], new[1], new[2], *LINES[3:])
    codes = [each.code for each in settled(LINES, after)]
    assert codes == ["new_0", "growth", "outturn", "new_1", "new_2", "acute", "cut", "reserve"]


LONG = st.integers(min_value=-(10**14), max_value=10**14)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)


@given(st.lists(st.tuples(LONG, LONG, st.integers(-(10**6), 10**6), TEXTS, st.booleans()), max_size=12))
def test_any_lines_come_back_as_they_were(rows: list[tuple[int, int, int, str, bool]]):
    lines = []
    for n, (amount, base, rate, words, flag) in enumerate(rows):
        common = {"note": words, "provisional": flag, "runs_on": not flag}
        lines.append(made.line(f"entered_{n}", "outturn", "entered", amount, **common))
        lines.append(made.line(f"uplift_{n}", "inflation", "uplift", base=base // 100, rate=rate, **common))
    read = read_plan(made.workbook(lines))
    assert read.fit
    assert changed(differences(lines, settled(lines, read.lines))) == ()


def test_findings_come_errors_first_and_by_row():
    read = read_plan(with_cell("cut", "amount", text("x")))
    levels = [each.level is Level.WARNING for each in read.findings]
    assert levels == sorted(levels)


def test_every_field_of_a_line_has_a_column():
    assert {column.field for column in COLUMNS} == set(PlanLine.__dataclass_fields__)
