"""A workbook that goes back holds what was in it, where it was, with what to mend beside each row."""

from __future__ import annotations

import io

import openpyxl

from openpbc.kernel.sheets import Kind, ReadSheet, SheetCell
from openpbc.ui.workbooks import (
    Allowed,
    FormSheet,
    Formula,
    Line,
    Look,
    Rate,
    ToMend,
    copied,
    form_bytes,
    read_workbook,
    returned,
)

HEADING = "What to mend"


def sheet(*more: Line) -> ReadSheet:
    lines = (
        Line(("Title",), Look.TITLE),
        Line(),
        Line(("Code", "Sum", "Rate", "Twice"), Look.HEAD),
        Line(("=one", 5, Rate(45_000), Formula("B4*2", 10))),
        Line(("two", "many", Rate(1), Formula("WEBSERVICE(A1)", 3))),
        *more,
    )
    return read_workbook(form_bytes("T", [FormSheet("Plan", lines)]), "t.xlsx").sheets[0]


def mend(found: ReadSheet, told: dict[int, str]) -> ReadSheet:
    marked = ToMend(3, HEADING, told, {(5, 1)}, {(4, 3)})
    body = form_bytes("T", [returned(found, marked, {1: Allowed(hint="A number.")})])
    assert openpyxl.load_workbook(io.BytesIO(body))["Plan"].freeze_panes == "B4"
    return read_workbook(body, "t.xlsx").sheets[0]


def test_everything_stays_where_it_was_and_the_sentences_stand_last():
    found = mend(sheet(), {5: "B5: text where money belongs."})
    rows = {row.number: [cell.text for cell in row.cells] for row in found.rows}
    assert rows == {
        1: ["Title"],
        3: ["Code", "Sum", "Rate", "Twice", HEADING],
        4: ["=one", "5", "0.045", "10"],
        5: ["two", "many", "0.000001", "3", "B5: text where money belongs."],
    }
    by_number = {row.number: row for row in found.rows}
    assert by_number[4].at(0).kind is Kind.TEXT, "text stays text"
    assert by_number[4].at(2).percent
    assert by_number[4].at(3).formula == "B4*2", "our own formula stays"
    assert by_number[5].at(3).formula == "", "that of somebody else is its value"


def test_the_next_time_the_column_is_used_again():
    first = mend(sheet(), {5: "First."})
    second = mend(first, {4: "Second."})
    rows = {row.number: [cell.text for cell in row.cells] for row in second.rows}
    assert rows[3].count(HEADING) == 1
    assert rows[4][-1] == "Second."
    assert rows[5] == ["two", "many", "0.000001", "3"], "what was said last time is gone"


def test_facts_are_copied_with_what_a_formula_was_worth():
    facts = ReadSheet("Read me", sheet().rows)
    again = read_workbook(form_bytes("T", [copied(facts)]), "t.xlsx").sheets[0]
    assert [row.number for row in again.rows] == [1, 3, 4, 5]
    assert again.rows[2].at(0) == SheetCell(Kind.TEXT, "=one")
    assert again.rows[2].at(3).formula == ""


def test_an_empty_sheet_goes_back_empty():
    assert copied(ReadSheet("Read me", ())).lines == ()
    assert returned(ReadSheet("Plan", ()), ToMend(1, HEADING, {}, ())).lines == ()
