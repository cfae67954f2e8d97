"""Workbooks: what is written comes back exactly, what is bad is refused with one sentence, and nothing is cut off."""

from __future__ import annotations

import io
import time
import tracemalloc
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import BLANK, Kind, SheetCell, cell_name, pence_of, ppm_of, text_of, truth_of
from openpbc.ui import exports, tables
from openpbc.ui.exports import Sheet
from openpbc.ui.figures import Figure, Style
from openpbc.ui.workbooks import (
    Allowed,
    FormSheet,
    Formula,
    Line,
    Look,
    Mark,
    Marked,
    Rate,
    form_bytes,
    read_workbook,
    writing,
)
from openpbc.ui.workbooks.writing import MOST_ROWS
from tests.unit.ui.bad_workbooks import BAD

MONEY = st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1)


def written(*lines: Line, **options: object) -> bytes:
    return form_bytes("Form", [FormSheet("Plan", lines, **options)])  # type: ignore[arg-type]


def first_row(body: bytes) -> tuple[SheetCell, ...]:
    return read_workbook(body, "form.xlsx").sheets[0].rows[0].cells


@pytest.mark.parametrize("name", BAD)
def test_a_bad_workbook_is_refused_with_a_sentence(name: str):
    make, words = BAD[name]
    body = make()
    start = time.perf_counter()
    with pytest.raises(UserError) as refused:
        read_workbook(body, f"{name}.xlsx")
    assert words in refused.value.sentence
    assert refused.value.sentence.startswith(f"{name}.xlsx")
    assert refused.value.do, "it says what to do"
    assert "Traceback" not in refused.value.sentence and "\n" not in refused.value.sentence
    assert time.perf_counter() - start < 20, "no file keeps the site busy for long"


@pytest.mark.parametrize("name", ["bomb-by-size", "bomb-by-ratio", "billion-laughs", "thousand-parts", "macros"])
def test_an_archive_made_to_harm_is_refused_quickly_and_in_little_memory(name: str):
    body = BAD[name][0]()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(UserError):
        read_workbook(body, "harm.xlsx")
    assert time.perf_counter() - start < 2
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


@settings(max_examples=40)
@given(st.lists(MONEY, min_size=40, max_size=40), st.lists(st.integers(-(10**7), 10**7), min_size=40, max_size=40))
def test_every_penny_and_every_rate_comes_back(amounts: list[int], rates: list[int]):
    cells = [[Figure(p, Style.THOUSANDS), Figure(p, Style.PENCE), Rate(r)] for p, r in zip(amounts, rates, strict=True)]
    read = read_workbook(written(*(Line(row) for row in cells)), "form.xlsx").sheets[0].rows
    assert [pence_of(row.at(0), 5) for row in read] == amounts
    assert [pence_of(row.at(1), 2) for row in read] == amounts
    assert [ppm_of(row.at(2)) for row in read] == rates


@settings(max_examples=200)
@given(st.lists(st.text(max_size=60).filter(str.strip), min_size=1, max_size=20))
def test_every_text_comes_back(texts: list[str]):
    found = first_row(written(Line(tuple(texts))))
    assert [cell.text for cell in found] == texts
    assert {cell.kind for cell in found} == {Kind.TEXT}


def test_a_number_that_a_workbook_holds_only_nearly_is_refused():
    with pytest.raises(UserError, match="more than the 15 digits"):
        written(Line((Figure(10**15 + 1, Style.PENCE),)))


def test_a_formula_carries_its_value_and_is_told_from_what_is_typed():
    body = written(
        Line((Figure(150, Style.PENCE), Formula("A1*2", Figure(300, Style.PENCE)), Formula('"a"', "a"), "=A1"))
    )
    price, double, word, text = first_row(body)
    assert (price.formula, double.formula, word.formula, text.formula) == ("", "A1*2", '"a"', "")
    assert pence_of(double) == 300
    assert (word.kind, word.text) == (Kind.TEXT, "a")
    assert (text.kind, text.text) == (Kind.TEXT, "=A1")


def test_a_formula_without_a_value_has_none():
    book = openpyxl.Workbook()
    book.active.append(["=1+1", True, None, 0.5])
    book.active["D1"].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    formula, truth, gap, percent = first_row(out.getvalue())
    assert (formula.kind, formula.formula, formula.blank) == (Kind.EMPTY, "1+1", False)
    assert (truth.kind, truth.text) == (Kind.TRUTH, "TRUE")
    assert gap == BLANK
    assert percent.percent
    assert ppm_of(percent) == 500_000


def test_dates_errors_and_odd_formulas_are_told_apart():
    from datetime import date, datetime

    from openpyxl.worksheet.formula import ArrayFormula

    book = openpyxl.Workbook()
    book.active.append([date(2008, 4, 1), datetime(2008, 4, 1, 12, 30), "#REF!", 1e308, 1.1 + 2.2])
    book.active["C1"].data_type = "e"
    book.active["F1"] = ArrayFormula("F1:F2", "=SUM(A1:B1)")
    out = io.BytesIO()
    book.save(out)
    day, moment, error, huge, sum_, array = first_row(out.getvalue())
    assert (day.kind, day.text) == (Kind.DATE, "2008-04-01")
    assert (moment.kind, moment.text) == (Kind.DATE, "2008-04-01 12:30:00")
    assert (error.kind, error.text) == (Kind.ERROR, "#REF!")
    assert huge.number == Decimal("1e308")
    assert sum_.number == Decimal("3.3"), "fifteen digits, as every spreadsheet shows them"
    assert array.formula == "SUM(A1:B1)"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (SheetCell(Kind.TEXT, "ten"), "text ('ten') where money belongs"),
        (SheetCell(Kind.DATE, "2008-04-01"), "a date ('2008-04-01') where money belongs"),
        (SheetCell(Kind.TRUTH, "TRUE"), "yes or no ('TRUE') where money belongs"),
        (SheetCell(Kind.ERROR, "#REF!"), "the error #REF! of a formula where money belongs"),
        (SheetCell(formula="A1"), "a formula without a value where money belongs"),
        (BLANK, "nothing where money belongs"),
        (SheetCell(Kind.NUMBER, "1.234", Decimal("1.234")), "more decimals than pence allow"),
        (SheetCell(Kind.NUMBER, "1e15", Decimal("1e15")), "more than a workbook holds exactly"),
    ],
)
def test_what_is_not_money_is_told(cell: SheetCell, words: str):
    with pytest.raises(UserError) as told:
        pence_of(cell)
    assert words in told.value.sentence


def test_a_rate_that_lost_its_sign_is_told():
    with pytest.raises(UserError, match=r"Write it with its sign, 4\.5%"):
        ppm_of(SheetCell(Kind.NUMBER, "4.5", Decimal("4.5")))
    assert ppm_of(SheetCell(Kind.NUMBER, "4.5", Decimal("4.5"), percent=True)) == 4_500_000
    with pytest.raises(UserError, match="more than four decimals"):
        ppm_of(SheetCell(Kind.NUMBER, "0.0000001", Decimal("0.0000001")))


def test_words_and_yes_and_no():
    assert text_of(SheetCell(Kind.TEXT, " a ")) == "a"
    assert text_of(SheetCell(Kind.NUMBER, "2008", Decimal(2008))) == "2008"
    for cell, words in (
        (SheetCell(Kind.ERROR, "#N/A"), "the error #N/A"),
        (SheetCell(Kind.TEXT, "a\x00b"), "cannot be seen"),
        (SheetCell(Kind.TEXT, "a\ud800b"), "cannot be seen"),
    ):
        with pytest.raises(UserError, match=words):
            text_of(cell)
    assert text_of(SheetCell(Kind.TEXT, "a\nb\tc")) == "a\nb\tc"
    answers = [BLANK, SheetCell(Kind.TEXT, " Yes"), SheetCell(Kind.TEXT, "no"), SheetCell(Kind.TRUTH, "TRUE")]
    assert [truth_of(each) for each in answers] == [False, True, False, True]
    with pytest.raises(UserError, match="Write yes or no"):
        truth_of(SheetCell(Kind.TEXT, "perhaps"))


def test_names_of_cells():
    assert [cell_name(7, place) for place in (0, 25, 26, 701, 702)] == ["A7", "Z7", "AA7", "ZZ7", "AAA7"]


def test_a_form_says_what_may_be_filled_in():
    body = written(
        Line(("Title",), Look.TITLE),
        Line(("Kind", "Sum"), Look.HEAD),
        Line((Marked("a"), Marked(Formula("1+1", 2), Mark.COMPUTED), Marked(None), Marked("x", Mark.WRONG))),
        allowed={0: Allowed(("a", "b"), "Choose one."), 1: Allowed(hint="A number.")},
        widths=(20, 1),
        protected=True,
        hidden_grid=True,
    )
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet.freeze_panes == "B3"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.protection.sheet
    assert [sheet.cell(3, n).protection.locked for n in (1, 2, 3, 4)] == [False, True, False, False]
    lists = {rule.type: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["list"] == '"a,b"'
    assert "decimal" in lists
    assert body == written(
        Line(("Title",), Look.TITLE),
        Line(("Kind", "Sum"), Look.HEAD),
        Line((Marked("a"), Marked(Formula("1+1", 2), Mark.COMPUTED), Marked(None), Marked("x", Mark.WRONG))),
        allowed={0: Allowed(("a", "b"), "Choose one."), 1: Allowed(hint="A number.")},
        widths=(20, 1),
        protected=True,
        hidden_grid=True,
    ), "equal content gives equal bytes"


def test_more_rows_than_a_workbook_holds_are_refused():
    """EXP-2: never a silent cut."""
    line = (Line(("x",)),)
    with pytest.raises(UserError, match=r"1,048,577 lines are more than the 1,048,576 .* Download it as CSV"):
        written(*line * (MOST_ROWS + 1))


@pytest.mark.parametrize("over", [0, 1])
def test_a_table_with_too_many_rows_is_whole_as_csv(over: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 100)
    head = 5  # title, number of rows, control total, an empty line, the headings
    count = 100 - head + over
    columns = (tables.text("a"), tables.number("n"))
    many = Sheet(tables.table("t", "T", columns, [("x", n) for n in range(count)]))
    if over:
        with pytest.raises(UserError, match=r"101 lines are more than the 100 .* CSV"):
            exports.workbook_bytes([many])
    else:
        rows = read_workbook(exports.workbook_bytes([many]), "t.xlsx").sheets[0].rows
        assert rows[-1].number == 100
        assert [row.at(1).number for row in rows[1:3]] == [count, sum(range(count))]
    body = exports.csv_bytes(many).decode()
    assert body.count("\r\nx,") == count
    assert f"Rows,{count}\r\nControl total: n,{sum(range(count))}\r\n" in body
