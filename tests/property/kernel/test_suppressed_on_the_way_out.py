"""A hidden count is a mark wherever it is printed: never a number, never nought, never part of a sum."""

from __future__ import annotations

import csv
import io
import json
import random

import pytest
from openpyxl import load_workbook

from openpbc.kernel.disclosure import Profile, published
from openpbc.kernel.suppressed import Suppressed
from openpbc.ui import tables
from openpbc.ui.cells import cell_html
from openpbc.ui.charts import Chart
from openpbc.ui.exports import Sheet, csv_bytes, json_bytes, workbook_bytes
from openpbc.ui.figures import Cell, Figure
from openpbc.ui.tables import Table, control_totals

CASES, ROWS = 100_000, 1_000
HES_2018 = Profile("HES_2018", 7, 5)


def shown(dice: random.Random) -> Suppressed | int:
    value = published(dice.choice((0, dice.randrange(1, 8), dice.randrange(8, 60))), HES_2018)
    assert value is not None
    return value


def as_cell(value: Suppressed | int) -> Cell:
    return value if isinstance(value, Suppressed) else Figure(value)


def printed(values: list[Suppressed | int]) -> Table:
    columns = [tables.text("Name"), tables.number("People")]
    return tables.table("few", "SYNTHETIC", columns, [[f"row {at}", as_cell(v)] for at, v in enumerate(values)])


def test_html_csv_and_json_tell_hidden_from_nought() -> None:
    dice = random.Random(1)
    for _ in range(CASES // ROWS):
        values = [shown(dice) for _ in range(ROWS)]
        told = list(csv.reader(io.StringIO(csv_bytes(Sheet(printed(values))).decode("utf-8-sig"))))[-ROWS:]
        read = json.loads(json_bytes(Sheet(printed(values))))["rows"]
        assert [cell for _, cell in read] == ["*" if isinstance(each, Suppressed) else each for each in values]
        for value, row in zip(values, told, strict=True):
            assert row[1] == ("*" if isinstance(value, Suppressed) else str(value))
            html = str(cell_html(as_cell(value)))
            assert (">*<" in html) == isinstance(value, Suppressed)
        assert control_totals(printed(values)) == ()


def test_a_workbook_holds_a_mark_and_no_number() -> None:
    values = [shown(random.Random(at)) for at in range(ROWS)]
    sheet = load_workbook(io.BytesIO(workbook_bytes([Sheet(printed(values))]))).active
    held = [row[1].value for row in sheet.iter_rows() if str(row[0].value).startswith("row ")]
    assert held == ["*" if isinstance(value, Suppressed) else value for value in values]


def test_neither_json_nor_a_sum_nor_an_order_nor_a_chart_takes_one() -> None:
    hidden = HES_2018.hidden
    for wrong in (
        lambda: json.dumps({"people": hidden}),
        lambda: sum([1, hidden]),
        lambda: sorted([3, hidden, 1]),
        lambda: int(hidden),
        lambda: f"{hidden:d}",
        lambda: max(hidden, 1),
        lambda: bool(hidden),
    ):
        with pytest.raises(TypeError):
            wrong()
    assert "Suppressed" not in str(Chart.__annotations__)


def test_a_column_without_hidden_counts_still_has_its_control_total() -> None:
    ((_, total),) = control_totals(printed([10, 0, 15]))
    assert total == 25
