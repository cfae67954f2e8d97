"""The workbook that goes back when it could not be taken: the sender's own, with what to mend beside each row."""

from __future__ import annotations

from openpbc.finance.rules.plan_columns import COLUMNS, PLAN_SHEET, TO_MEND, Takes, amount_formula
from openpbc.finance.rules.plan_workbook import READ_ME, ReadPlan
from openpbc.kernel.findings import Finding
from openpbc.kernel.sheets import ReadWorkbook, SheetRow, cell_name
from openpbc.ui.workbooks import Allowed, FormSheet, ToMend, copied, form_bytes, returned


def mending(workbook: ReadWorkbook, read: ReadPlan) -> bytes:
    """Write the workbook anew with a sentence for every row that is at fault; mended, it can be sent back."""
    sheet, facts = workbook.sheet(PLAN_SHEET), workbook.sheet(READ_ME)
    assert sheet is not None, "a plan that was read stood on its sheet"
    told: dict[int, list[str]] = {}
    for each in read.errors:
        told.setdefault(each.place.line, []).append(_sentence(each))
    places = {cell_name(row.number, place): (row.number, place) for row in sheet.rows for place in range(len(COLUMNS))}
    wrong = {places[each.place.field] for each in read.errors if each.place.field in places}
    own = {at for row in sheet.rows if (at := _own(row, read)) is not None}
    sentences = {row: " ".join(parts) for row, parts in told.items()}
    mend = ToMend(read.header.row, TO_MEND, sentences, wrong, own)
    allowed = {
        read.header.places[column.field]: Allowed(tuple(filter(None, column.choices)), column.hint)
        for column in COLUMNS
        if column.takes is not Takes.TEXT
    }
    sheets: list[FormSheet] = [copied(facts)] if facts else []
    return form_bytes("Plan, to be mended", [*sheets, returned(sheet, mend, allowed)])


def _sentence(found: Finding) -> str:
    return f"{found.place.field}: {found.sentence}" if found.place.field else found.sentence


def _own(row: SheetRow, read: ReadPlan) -> tuple[int, int] | None:
    """The cell in which our own formula stands untouched, if there is one in the row."""
    places = read.header.places
    own = amount_formula(row.number, places["base"], places["rate"])
    return (row.number, places["amount"]) if row.at(places["amount"]).formula == own else None
