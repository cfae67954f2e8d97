"""Workbooks that go out, come back, and go out again with what to mend: the one place that writes and reads them."""

from openpbc.kernel.sheets import ReadWorkbook
from openpbc.ui.workbooks.returning import ToMend, copied, returned
from openpbc.ui.workbooks.writing import (
    WORKBOOK_TYPE,
    Allowed,
    Filled,
    Fine,
    FormSheet,
    Formula,
    Line,
    Look,
    Mark,
    Marked,
    Rate,
    form_bytes,
)

__all__ = [
    "WORKBOOK_TYPE",
    "Allowed",
    "Filled",
    "Fine",
    "FormSheet",
    "Formula",
    "Line",
    "Look",
    "Mark",
    "Marked",
    "Rate",
    "ToMend",
    "copied",
    "form_bytes",
    "read_workbook",
    "returned",
]


def read_workbook(content: bytes, name: str) -> ReadWorkbook:
    """Read every sheet of a workbook; one that cannot be read, or is not safe to, is refused with a sentence."""
    from openpbc.ui.workbooks import reading  # with its library, which no start should wait for

    return reading.read_workbook(content, name)
