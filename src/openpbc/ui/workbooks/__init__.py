"""Workbooks that go out, come back, and go out again with what to mend: the one place that writes and reads them."""

from openpbc.ui.workbooks.reading import read_workbook
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
