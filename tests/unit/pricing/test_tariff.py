"""The tariff loader: a dash is no price, 0 is a price, numbers carry commas, headings carry spaces."""

from __future__ import annotations

import pytest

from openpbc.activity.flow.pricing_law import pricing_law
from openpbc.activity.rules import tariff as sheets
from openpbc.activity.rules.classing import AdmissionClass
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book

ROW = {
    " HRG code ": "A01 ", "HRG name": " Example", "Outpatient procedure tariff (£)": "-",
    "Combined day case / ordinary elective spell\n tariff (£)": "-", "Day case spell tariff (£)": "1,234",
    "Ordinary elective  spell tariff (£)": "1,234.50", "Ordinary elective long stay trim point (days)": "5",
    "Non-elective spell tariff (£)": "0", "Non-elective long stay trim point (days)": "-",
    "Per day long stay payment (for days exceeding trim point) (£)": "200",
    "Reduced short stay emergency tariff _applicable?": "Yes",
    "% applied in calculation of reduced short stay emergency tariff": "25%",
    "Reduced short stay emergency tariff (£)": "",
}  # fmt: skip


def test_a_workbook_row_is_read_under_its_own_headings() -> None:
    (price,) = sheets.read_admitted([ROW], "sheet").values()
    assert (price.hrg, price.name) == ("A01", "Example")
    assert (price.op_procedure, price.combined, price.non_elective) == (None, None, 0)
    assert (price.day_case_price, price.elective_price) == (123_400, 123_450)
    assert (price.el_trim, price.nel_trim, price.per_day) == (5, None, 20_000)
    assert (price.sse_applies, price.sse_ppm, price.sse_price) == (True, 250_000, None)


@pytest.mark.parametrize(
    ("cell", "ppm"), [("25%", 250_000), ("0.25", 250_000), ("1", 1_000_000), ("-", None), ("", None)]
)
def test_a_share_may_be_a_percentage_or_a_fraction(cell: str, ppm: int | None) -> None:
    assert sheets.share(cell) == ppm


@pytest.mark.parametrize("cell", ["25", "120%", "-0.1", "a quarter"])
def test_a_share_beyond_the_whole_is_refused(cell: str) -> None:
    with pytest.raises(UserError):
        sheets.share(cell)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Non-elective spell tariff (£)": "1.234,00"}, "sheet row 1: '1.234,00' is not a number"),
        ({"Reduced short stay emergency tariff _applicable?": "maybe"}, "sheet row 1: 'maybe' is neither Yes nor No"),
    ],
)
def test_a_cell_that_cannot_be_read_names_its_row(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        sheets.read_admitted([ROW | change], "sheet")


def test_a_missing_column_and_a_repeated_group_are_refused() -> None:
    short = {name: cell for name, cell in ROW.items() if "Non-elective spell" not in name}
    with pytest.raises(UserError, match="the column nel_price is missing"):
        sheets.read_admitted([short], "sheet")
    with pytest.raises(UserError, match="'A01' has two rows"):
        sheets.read_admitted([ROW, ROW], "sheet")


def test_a_band_has_one_price_and_a_contact_one_row() -> None:
    rows = [{"hrg_code": "V01", "band": "high", "price": "1"}, {"hrg_code": "V02", "band": "high", "price": "2"}]
    with pytest.raises(UserError, match="two prices"):
        sheets.read_bands(rows, "sheet")
    with pytest.raises(UserError, match="'V01' has two rows"):
        sheets.read_prices([rows[0], rows[0]], ("hrg_code",), "sheet")


def test_a_class_without_a_setting_has_no_price() -> None:
    (price,) = sheets.read_admitted([ROW], "sheet").values()
    assert sheets.setting_price(AdmissionClass.REGULAR_DAY, price) is None
    assert sheets.trim_point(AdmissionClass.DAY_CASE, price) is None


def test_the_shipped_tariff_is_marked_synthetic_and_holds_its_shape() -> None:
    book = open_book("west-herts-2008")
    law = pricing_law(book)
    for subject in ("tariff_apc", "tariff_op", "tariff_ae", "tariff_unbundled"):
        table = book.need_table(f"payment.{subject}")
        assert (table.status, table.citation.mark, table.citation.document) == ("assumed", "SYN", "synthetic-county")
    groups = law.tariff.admitted.values()
    assert 115 <= len(groups) <= 130
    assert all(row.name.startswith("SYNTHETIC ") for row in groups)
    assert min(trim for row in groups for trim in (row.el_trim, row.nel_trim) if trim is not None) >= 5
    per_day = [row.per_day for row in groups if row.per_day]
    assert min(per_day) >= 15_000 and max(per_day) <= 35_000
    assert [row.hrg for row in groups if row.non_elective == 0], "a price of nothing"
    assert [row.hrg for row in groups if row.elective_price is None and row.non_elective is None], "no price at all"
    assert len({key[0] for key in law.tariff.attendances}) == 30
    assert set(law.tariff.ae_bands) == {*(f"V0{n}" for n in range(1, 9)), "DOA"}
