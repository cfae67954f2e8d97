"""Downloads stay numeric, cannot inject formulas, carry their facts, and are the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from openpbc.kernel.suppressed import Suppressed
from openpbc.ui import exports, tables
from openpbc.ui.exports import Sheet
from openpbc.ui.figures import Figure, Link, Missing, Style, Tag
from openpbc.ui.tables import Row

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("//x")', "-", "+44 1923"]
FACTS = (("Place", "West Herts, 2008/09"), ("As at", "30 November 2008"), ("Rulebook", "ab" * 32), ("Run", "=run"))


def sample():
    columns = [
        tables.text("Line"),
        tables.number("2008/09", "£000"),
        tables.number("Priced", "£"),
        tables.number("Growth", "%", additive=False),
        tables.number("Spells"),
    ]
    rows = [
        [
            "Acute",
            Figure(-168_700_000, Style.THOUSANDS),
            Figure(-5, Style.PENCE),
            Figure(-45_000, Style.PERCENT),
            Figure(-3),
        ],
        ["=cmd|' /C calc'!A0", Figure(297_812_345, Style.THOUSANDS), Figure(100, Style.POUNDS), None, 12],
        Row(("Total", Figure(129_112_345, Style.THOUSANDS), Figure(95, Style.PENCE), Missing("a.yaml"), 9), total=True),
    ]
    return tables.table("plan", "Plan", columns, rows)


def read_csv(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read the file as UTF-8"
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def read_workbook(body: bytes):
    return openpyxl.load_workbook(io.BytesIO(body))


def below_head(lines: list[list[str]]) -> list[list[str]]:
    return lines[lines.index([]) + 2 :]


def test_csv_numbers_are_plain_numbers_negative_ones_too():
    rows = below_head(read_csv(exports.csv_bytes(Sheet(sample()))))
    assert rows[0] == ["Acute", "-1687", "-0.05", "-4.5", "-3"]
    assert rows[1][1:] == ["2978.12345", "1", "", "12"]
    assert rows[2] == ["Total", "1291.12345", "0.95", "not set", "9"]


def test_csv_head_gives_facts_rows_and_control_totals():
    lines = read_csv(exports.csv_bytes(Sheet(sample(), FACTS)))
    head = dict(lines[: lines.index([])])
    assert head["Place"] == "West Herts, 2008/09"
    assert head["Run"] == "'=run", "a fact is text as well"
    assert head["Rows"] == "2", "totals are not rows"
    assert head["Control total: 2008/09 (£000)"] == "1291.12345"
    assert head["Control total: Priced (£)"] == "0.95"
    assert "Control total: Growth (%)" not in head, "rates do not add up"


@pytest.mark.parametrize("text", NASTY)
def test_text_is_never_a_formula(text):
    nasty = tables.table("t", text, [tables.text(text), tables.text("b")], [[text, Link(text, "/x")], [Tag(text), ""]])
    sheet = Sheet(nasty, ((text, text),))
    for row in read_csv(exports.csv_bytes(sheet)):
        assert all(not cell.startswith(exports.FORMULA_STARTS) for cell in row)
    cells = [cell for line in read_workbook(exports.workbook_bytes([sheet])).active for cell in line if cell.value]
    words = [cell for cell in cells if cell.value != 2]
    assert {cell.data_type for cell in words} == {"s"}
    assert sum(unescape(cell.value).strip() == text.strip() for cell in words) >= 6, "kept as it was"


def test_workbook_numbers_are_numbers_and_text_is_text():
    sheet = read_workbook(exports.workbook_bytes([Sheet(sample(), FACTS)])).active
    found = {row[0].value: row for row in sheet.iter_rows()}
    acute = found["Acute"]
    assert [cell.value for cell in acute[1:]] == [-1687, -0.05, -4.5, -3]
    assert {cell.data_type for cell in acute[1:]} == {"n"}
    assert found["=cmd|' /C calc'!A0"][0].data_type == "s"
    assert found["Rows"][1].value == 2
    assert found["Control total: 2008/09 (£000)"][1].value == pytest.approx(1291.12345)
    assert found["Total"][3].value == "not set"


def test_workbook_is_the_same_bytes_each_time():
    assert exports.workbook_bytes([Sheet(sample(), FACTS)]) == exports.workbook_bytes([Sheet(sample(), FACTS)])


def test_workbook_of_a_page_has_a_sheet_a_table_with_names_of_their_own():
    many = [Sheet(tables.table("x" * 40, "X", [tables.text("a")], [[str(n)]])) for n in range(3)]
    names = read_workbook(exports.workbook_bytes(many)).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)


def test_suppressed_values_leave_as_their_mark():
    hidden = tables.table("t", "T", [tables.text("a"), tables.number("n")], [["x", Suppressed("small numbers")]])
    assert below_head(read_csv(exports.csv_bytes(Sheet(hidden)))) == [["x", "*"]]
    assert not any("Control" in line[0] for line in read_csv(exports.csv_bytes(Sheet(hidden))) if line)
    told = read_json(exports.json_bytes(Sheet(hidden)))
    assert told["rows"] == [["x", "*"]] and told["facts"] == [["Rows", 1]]


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(list(Style)))
def test_every_number_survives_the_csv_exactly(value, style):
    figure = Figure(value, style)
    shown = tables.table("t", "T", [tables.text("a"), tables.number("n")], [["x", figure]])
    assert Decimal(below_head(read_csv(exports.csv_bytes(Sheet(shown))))[0][1]) == figure.number


def read_json(body: bytes) -> dict:
    return json.loads(body, parse_float=Decimal)


def test_json_has_facts_columns_rows_and_totals_apart():
    told = read_json(exports.json_bytes(Sheet(sample(), FACTS)))
    assert told["table"] == "Plan"
    assert ["Run", "=run"] in told["facts"] and ["Rows", 2] in told["facts"], "nothing runs what stands in JSON"
    assert ["Control total: 2008/09 (£000)", Decimal("1291.12345")] in told["facts"]
    assert told["columns"][1] == {"heading": "2008/09 (£000)", "unit": "£000", "numeric": True}
    assert told["rows"][0] == ["Acute", -1687, Decimal("-0.05"), Decimal("-4.5"), -3]
    assert told["rows"][1] == ["=cmd|' /C calc'!A0", Decimal("2978.12345"), 1, None, 12]
    assert told["totals"] == [["Total", Decimal("1291.12345"), Decimal("0.95"), "not set", 9]]


@given(st.integers(min_value=-(10**18), max_value=10**18), st.sampled_from(list(Style)))
def test_every_number_survives_json_exactly_for_readers_of_floats_too(value, style):
    figure = Figure(value, style)
    body = exports.json_bytes(Sheet(tables.table("t", "T", [tables.number("n")], [[figure]])))
    ((exactly,),), ((as_float,),) = read_json(body)["rows"], json.loads(body)["rows"]
    assert Decimal(exactly) == figure.number
    assert Decimal(str(as_float)) == figure.number


@given(st.lists(st.tuples(st.text(max_size=20), st.one_of(st.none(), st.text(max_size=20))), max_size=5))
def test_every_text_survives_json(rows):
    body = exports.json_bytes(Sheet(tables.table("t", "T", [tables.text("a"), tables.text("b")], rows)))
    assert read_json(body)["rows"] == [list(row) for row in rows]


@given(st.text(max_size=30))
def test_no_text_starts_a_formula(text):
    assert not exports.inert(text).startswith(exports.FORMULA_STARTS)
    assert exports.original(exports.inert(text)) == text
