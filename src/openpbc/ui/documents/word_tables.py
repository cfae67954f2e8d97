"""Tables for Word: fixed widths, thin rules, a header row that repeats, figures to the right, totals bold."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from openpbc.ui.documents.layout import Layout, layout
from openpbc.ui.documents.model import cell_text, clean
from openpbc.ui.figures import Cell, Missing, Tag
from openpbc.ui.tables import Column, Row, Table

PORTRAIT, LANDSCAPE = Mm(172), Mm(259)
RULE, INK, BLUE, PALE = "AEB7BD", "212B32", "005EB8", "E8EDEE"
QUIET = RGBColor(0x4C, 0x62, 0x72)
_Edge = tuple[str, int]  # colour, and eighths of a point


def write_table(word: WordDocument, table: Table, *, landscape: bool = False) -> None:
    """Add a table to a Word document; one without rows is its sentence."""
    if not table.rows:
        word.add_paragraph(clean(table.empty))
        return
    laid_out = layout(table, landscape=landscape)
    heads = 2 if table.groups else 1
    grid = word.add_table(rows=heads + len(table.rows), cols=len(table.columns))
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _describe(grid, table)
    rows = list(grid.rows)
    lines = [row.cells for row in rows]
    _set_widths(grid, lines, laid_out, LANDSCAPE if landscape else PORTRAIT)
    style = _print_style(word, laid_out)
    if table.groups:
        _write_groups(lines[0], table, style)
    for cell, column in zip(lines[heads - 1], table.columns, strict=True):
        _write_heading(cell, column, style)
    for line, row in zip(lines[heads:], table.rows, strict=True):
        _write_row(line, row, table.columns, style)
    for number, row in enumerate(rows):
        _mark(row, "w:tblHeader" if number < heads else "w:cantSplit")


def _describe(grid: Any, table: Table) -> None:
    """Say what the table is to those who listen, and that its first row and first column are headings."""
    look = grid._tbl.tblPr.find(qn("w:tblLook"))
    for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("lastRow", "0"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{name}"), value)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), clean(table.caption))
    look.addnext(caption)


def _set_widths(grid: Any, lines: list[tuple[Any, ...]], laid_out: Layout, sheet: int) -> None:
    widths = [Emu(sheet * share // 1000) for share in laid_out.widths]
    for place, width in enumerate(widths):
        grid.columns[place].width = width
    for cells in lines:
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width


def _print_style(word: WordDocument, laid_out: Layout) -> str:
    """Give the id of the paragraph style of a table's print; one for each size."""
    name = f"Table {laid_out.points}"
    if name not in word.styles:
        style: Any = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.size = Pt(laid_out.size / 4)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    return str(word.styles[name].style_id)


def _write_groups(cells: tuple[Any, ...], table: Table, style: str) -> None:
    place = 0
    for name, span in table.groups:
        cell = cells[place].merge(cells[place + span - 1])
        line = _line(cell, style, WD_ALIGN_PARAGRAPH.CENTER)
        line.add_run(clean(name)).bold = True
        _rules(cell, bottom=(RULE, 4) if name else None)
        place += span


def _write_heading(cell: Any, column: Column, style: str) -> None:
    line = _line(cell, style, _side(column))
    line.add_run(clean(column.title)).bold = True
    if column.unit:
        line.add_run(f" {clean(column.unit)}").font.color.rgb = QUIET
    _rules(cell, bottom=(BLUE, 10))
    _append(cell, "w:vAlign", val="bottom")


def _write_row(cells: tuple[Any, ...], row: Row, columns: tuple[Column, ...], style: str) -> None:
    for cell, shown, column in zip(cells, row.cells, columns, strict=True):
        _write_cell(_line(cell, style, _side(column)), shown, row.total)
        if row.total:
            _rules(cell, top=(INK, 8), bottom=(INK, 8))
            _append(cell, "w:shd", val="clear", color="auto", fill=PALE)
        else:
            _rules(cell, bottom=(RULE, 4))


def _write_cell(line: Paragraph, shown: Cell, total: bool) -> None:
    run = line.add_run(cell_text(shown))
    run.bold = total or isinstance(shown, Tag) or None
    if isinstance(shown, Missing):
        run.italic, run.font.color.rgb = True, QUIET


def _side(column: Column) -> WD_ALIGN_PARAGRAPH:
    return WD_ALIGN_PARAGRAPH.RIGHT if column.numeric else WD_ALIGN_PARAGRAPH.LEFT


def _line(cell: Any, style: str, side: WD_ALIGN_PARAGRAPH) -> Paragraph:
    line: Paragraph = cell.paragraphs[0]
    # By its id: the library looks a style's name up among all styles, for each cell of a table anew.
    line._p.style, line.alignment = style, side
    return line


def _rules(cell: Any, *, top: _Edge | None = None, bottom: _Edge | None = None) -> None:
    held = _append(cell, "w:tcBorders")
    for name, edge in (("top", top), ("bottom", bottom)):
        if edge:
            colour, eighths = edge
            rule = OxmlElement(f"w:{name}")
            for attribute, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour)):
                rule.set(qn(f"w:{attribute}"), value)
            held.append(rule)


def _append(cell: Any, name: str, **attributes: str) -> Any:
    """Add a property to a cell; the order of the calls is the order that the format asks for."""
    held = OxmlElement(name)
    for attribute, value in attributes.items():
        held.set(qn(f"w:{attribute}"), value)
    cell._tc.get_or_add_tcPr().append(held)
    return held


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
