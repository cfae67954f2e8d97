"""Need of every practice in the published file, added up by any of its areas: read once for a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from openpbc.finance.reads.need import (
    PREFIX,
    NeedReport,
    NeedRows,
    need_report,
    need_rows,
    practice_need,
)
from openpbc.finance.rules.need_shares import PracticeNeed
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

ENGLAND = "fair_shares.england_weights"
AREAS = "fair_shares.england_areas"
PRACTICE = "Practice_Code"
BY: Mapping[str, str] = {
    "ICS22": "Integrated care board",
    "CCG21": "Part of a board (former group of practices)",
    "R22": "Region",
    "LTLA21": "Local authority",
    PRACTICE: "Practice",
}
"""Column of the published file -> what it holds."""


@lru_cache(maxsize=4)
def england_rows(book: Book) -> NeedRows | NotSet:
    """Read the whole published file as the book holds it; a year without one is not set."""
    return need_rows(book, ENGLAND)


@lru_cache(maxsize=4)
def england_practices(book: Book) -> Mapping[str, PracticeNeed] | NotSet:
    """Give every practice's people, exact, by code."""
    found = england_rows(book)
    if isinstance(found, NotSet):
        return found
    return {row.cells[PRACTICE]: practice_need(row, found.columns, "ICS22") for row in found.rows}


@lru_cache(maxsize=16)
def england_need(book: Book, by: str = "ICS22") -> NeedReport | NotSet:
    """Give need shares of all areas in one column of the published file, against the whole file."""
    if by not in BY:
        raise UserError(f"the published file cannot be added up by '{by[:20]}'", do=f"Choose one of {', '.join(BY)}.")
    found, areas = england_rows(book), book.table(AREAS)
    if isinstance(found, NotSet):
        return found
    report = need_report(found.rows, found.columns, by)
    names = {row["code"]: row["name"] for row in (() if isinstance(areas, NotSet) else areas) if row["column"] == by}
    return replace(
        report,
        names={code: names.get(code, code) for code in report.names},
        citation=found.citation,
        status=found.status,
        address=f"{PREFIX}/{book.place.id}",
        prefix=f"{by}~",
    )
