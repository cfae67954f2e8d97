"""What is printed, what is exported and what is explained are one number."""

from __future__ import annotations

import pytest

from openpbc.kernel.suppressed import Suppressed
from openpbc.ui import tables
from openpbc.ui.cells import cell_html
from openpbc.ui.figures import Figure, Link, Missing, Style, Tag, status_tag
from openpbc.ui.tables import Row


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure(23_176_300_000, Style.THOUSANDS), "231,763"),
        (Figure(-168_700_000, Style.THOUSANDS), "-1,687"),
        (Figure(123_456, Style.POUNDS), "£1,235"),
        (Figure(123_456, Style.PENCE), "£1,234.56"),
        (Figure(-123_456, Style.PENCE, signed=True), "-£1,234.56"),
        (Figure(123_456, Style.PENCE, signed=True), "+£1,234.56"),
        (Figure(0, Style.PENCE, signed=True), "£0.00"),
        (Figure(45_000, Style.PERCENT), "4.50%"),
        (Figure(1_023_000, Style.INDEX, places=3), "1.023"),
        (Figure(1_234_567), "1,234,567"),
    ],
)
def test_figures_print_as_people_write_them(figure, text):
    assert figure.text == text


def test_a_figure_is_a_link_that_carries_its_whole_number():
    html = cell_html(Figure(-150, Style.PENCE, "position/x/2008-04/A B/all?floor=4.5&cap="))
    assert html == (
        '<a class="openpbc-figure" data-figure="position/x/2008-04/A B/all?floor=4.5&amp;cap=" data-value="-150"'
        ' href="/explain/position/x/2008-04/A%20B/all?floor=4.5&amp;cap=">-£1.50</a>'
    )


def test_a_figure_without_an_address_is_plain_text():
    assert cell_html(Figure(5)) == "5"


def test_cells_escape_what_people_wrote():
    assert "<script>" not in cell_html("<script>alert(1)</script>")
    assert "<b>" not in cell_html(Link("<b>", '/x"><b>'))
    assert "<b>" not in cell_html(Tag("<b>"))
    assert "<b>" not in cell_html(Missing("<b>"))
    assert "<b>" not in cell_html(Suppressed("<b>"))


def test_a_missing_value_names_the_file_to_fill_for_eyes_and_ears():
    html = cell_html(Missing("places/blmk-2023/finance/plan_lines.yaml"))
    assert html.count("places/blmk-2023/finance/plan_lines.yaml") == 2
    assert ">not set<" in html


def test_empty_cells_are_empty_and_counts_are_grouped():
    assert cell_html(None) == ""
    assert cell_html(1234) == "1,234"


def test_every_rulebook_status_has_a_colour_of_its_own_kind():
    assert {status_tag(word).colour for word in ("enacted", "approved")} == {"green"}
    assert status_tag("assumed").colour == "yellow"
    assert status_tag("not set").colour == "red"
    assert status_tag("something new").colour == "grey"


def test_a_table_refuses_a_row_of_another_width():
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        tables.table("t", "T", [tables.text("a")], [["x", "y"]])


def test_groups_of_columns_span_their_columns():
    columns = [tables.text("Group"), tables.number("a", group="In"), tables.number("b", group="In"), tables.number("c")]
    assert tables.table("t", "T", columns, []).groups == (("", 1), ("In", 2), ("", 1))
    assert tables.table("t", "T", [tables.text("a")], []).groups == ()


def test_control_totals_leave_totals_out():
    shown = tables.table(
        "t", "T", [tables.text("a"), tables.number("n")], [["x", Figure(3)], ["y", 4], Row(("Total", Figure(7)), True)]
    )
    assert [(column.title, int(total)) for column, total in tables.control_totals(shown)] == [("n", 7)]
