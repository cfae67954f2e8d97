"""Price lists as people send them: every wrong cell is named, a shape that does not fit is one sentence."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from openpbc.activity.rules.price_lists import TABLES, compare, csv_sheet, read_price_list
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadSheet
from openpbc.rulebook import files as pack_files
from openpbc.ui.workbooks import read_workbook
from tests.golden.pricing.later_year import EXTRACT

APC = TABLES["apc"]
HEAD = (
    " HRG code , HRG name ,Outpatient procedure tariff (£),Combined day case / ordinary elective spell tariff (£),"
    "Ordinary elective long stay trim point (days),Non-elective spell tariff (£),"
    "Non-elective long stay trim point (days),Per day long stay payment (for days exceeding trim point) (£),"
    "Reduced short stay emergency tariff _applicable?,"
    "% applied in calculation of reduced short stay emergency tariff,Reduced short stay emergency tariff (£)"
)
GOOD = 'AA22C,A name,-,"1,234",5,"9,766",98,240,Yes,25%,-'


def _sheet(*lines: str) -> ReadSheet:
    return csv_sheet("\n".join(lines).encode("utf-8"), "list.csv")


def test_headings_with_stray_spaces_commas_dashes_and_a_real_nought() -> None:
    found = read_price_list(_sheet("Annex A", "", HEAD, GOOD, "PB03Z,Healthy baby,-,0,-,0,5,0,No,-,-"), APC)
    assert found.faults == ()
    first, second = found.rows
    assert (first["nel_price"], first["combined_dc_el_price"], first["op_procedure_price"]) == ("9766", "1234", "-")
    assert (first["sse_pct"], first["sse_applies"]) == ("0.250000", "Yes")
    assert (second["combined_dc_el_price"], second["el_trim"]) == ("0", "-")


@pytest.mark.parametrize(
    ("line", "cell", "word"),
    [
        (GOOD.replace('"9,766"', "see note"), "F2", "nel_price: 'see note' is not a number"),
        (GOOD.replace('"9,766"', "-5"), "F2", "below nothing"),
        (GOOD.replace('"9,766"', '"9,76"'), "F2", "is not a number"),
        (GOOD.replace("98", "9.5"), "G2", "decimals"),
        (GOOD.replace("Yes", "maybe"), "I2", "neither Yes nor No"),
        (GOOD.replace("25%", "140%"), "J2", "not a share"),
        (GOOD.replace("AA22C", ""), "A2", "not a code"),
        (GOOD.replace("AA22C", "Note: prices are before tax"), "A2", "Remove notes"),
    ],
)
def test_a_wrong_cell_is_named(line: str, cell: str, word: str) -> None:
    found = read_price_list(_sheet(HEAD, line, "AA23C,B,-,1,-,1,5,0,No,-,-"), APC)
    assert [fault.cell for fault in found.faults] == [cell]
    assert word in found.faults[0].sentence


def test_a_repeated_group_names_both_rows() -> None:
    (fault,) = read_price_list(_sheet(HEAD, GOOD, GOOD), APC).faults
    assert fault.cell == "A3" and "row 2" in fault.sentence


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (HEAD.replace("Non-elective spell tariff (£)", "Old price"), "the column nel_price is missing"),
        (HEAD + "," + "HRG code", "stands twice, in A1 and L1"),
        ("a,b\n1,2", "no row near the top"),
        ("", "no row near the top"),
        (HEAD, "no row under the headings"),
        (HEAD + '\n"AA22C', "not CSV"),
    ],
)
def test_a_shape_that_does_not_fit_is_one_sentence(content: str, word: str) -> None:
    with pytest.raises(UserError, match=word):
        read_price_list(csv_sheet(content.encode("utf-8"), "list.csv"), APC)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01", b"HRG code\x00,"])
def test_bytes_that_are_no_text(content: bytes) -> None:
    with pytest.raises(UserError, match="no text"):
        csv_sheet(content, "list.csv")


def test_moved_columns_change_nothing() -> None:
    file = EXTRACT / "tariff_apc.csv"
    straight = read_price_list(csv_sheet(file.read_bytes(), file.name), APC)
    rows = csv.reader(io.StringIO(file.read_text("utf-8"), newline=""))
    other = read_price_list(_sheet(*(",".join(f'"{cell}"' for cell in reversed(row)) for row in rows)), APC)
    assert compare(straight.rows, other.rows, APC).cells == () and len(other.rows) == 4


def test_what_a_new_list_changes() -> None:
    before = read_price_list(_sheet(HEAD, GOOD, "AA23C,B,-,1,-,1,5,0,No,-,-", "AA24C,C,-,1,-,1,5,0,No,-,-"), APC).rows
    after = read_price_list(
        _sheet(HEAD, GOOD.replace('"9,766"', "9766.00"), "AA23C,B,-,2,-,-,5,0,No,-,-", "AA25C,D,-,1,-,1,5,0,No,-,-"),
        APC,
    ).rows
    found = compare(before, after, APC)
    assert (found.added, found.removed, found.same) == (("AA25C",), ("AA24C",), 1)
    assert [(c.column, c.before, c.after) for c in found.cells] == [
        ("combined_dc_el_price", "1", "2"), ("nel_price", "1", "-"),
    ]  # fmt: skip


def test_a_workbook_reads_like_its_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "1 APC & OPROC"
    sheet.append([" 2017/18 prices "])
    sheet.append([cell.strip() for cell in HEAD.split(",")])
    sheet.append(["AA22C", "A name", "-", 1234, 5, 9766, 98, 240, "Yes", 0.25, "-"])
    sheet["J3"].number_format = "0%"
    book.save(tmp_path / "list.xlsx")
    found = read_price_list(read_workbook((tmp_path / "list.xlsx").read_bytes(), "list.xlsx").sheets[0], APC)
    assert found.faults == ()
    assert compare(read_price_list(_sheet(HEAD, GOOD), APC).rows, found.rows, APC).cells == ()


def test_the_shipped_list_reads_as_itself() -> None:
    shipped = pack_files.SHIPPED / "england/2008-09/payment/tariff_apc.csv"
    found = read_price_list(csv_sheet(shipped.read_bytes(), shipped.name), APC)
    assert found.faults == () and len(found.rows) == 121
