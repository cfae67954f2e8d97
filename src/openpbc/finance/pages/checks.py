"""Printed against recomputed: every check with its verdict, and the faults of the papers that were found."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from openpbc.finance import reads
from openpbc.finance.pages.printed import checks_table
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table

ANOMALIES = "finance.anomalies"
QUESTIONS = "finance.open_questions"
ALL = "all"
_STATES = {"treated": Tag("treated", "green"), "open": Tag("open", "orange")}


def checks(request: HttpRequest, place: str) -> HttpResponse:
    """All checks of the place (``?verdict=`` keeps one kind), its open questions, and the anomalies of its sources."""
    book = open_book(place)
    found = reads.checks(book)
    listed = () if isinstance(found, NotSet) else found
    wanted = request.GET.get("verdict", ALL)
    kept = [check for check in listed if wanted in (ALL, "different" if check.difference else "", str(check.verdict))]
    page = Page(
        template="finance/checks.jinja",
        title="Printed against recomputed",
        book=book,
        tables=(checks_table("checks", "Checks", kept), questions_table(book), anomalies_table(book)),
        rests_on=(book.table(reads.CHECKS), book.table(ANOMALIES), book.table(QUESTIONS)),
        context={"summary": reads.check_summary(book), "count": len(listed), "wanted": wanted},
    )
    return respond(request, page)


def questions_table(book: Book) -> Table:
    """Questions that only the owner of a figure can answer, with what stands meanwhile."""
    found = book.table(QUESTIONS)
    listed = () if isinstance(found, NotSet) else found.rows
    names = ("code", "question", "owner", "check", "assumed")
    rows = [[row[name] for name in names] for row in listed]
    columns = [tables.text(title) for title in ("Question", "What is asked", "Who can answer", "Check", "Until then")]
    return tables.table("questions", "Open questions", columns, rows, cards=True, empty="No question is open.")


def anomalies_table(book: Book) -> Table:
    """Faults of the papers, each kept beside its treatment."""
    found = book.table(ANOMALIES)
    listed = () if isinstance(found, NotSet) else found.rows
    rows = [_anomaly_row(row) for row in listed]
    columns = [tables.text(title) for title in ("Anomaly", "What is wrong", "What was done", "State", "Where")]
    empty = "No fault of a source is recorded."
    return tables.table("anomalies", "Faults of the sources", columns, rows, cards=True, empty=empty)


def _anomaly_row(row: Mapping[str, str]) -> list[Cell]:
    state = _STATES.get(row["state"], row["state"])
    return [row["id"], row["anomaly"], row["treatment"], state, f"{row['document']}, lines {row['lines']}"]
