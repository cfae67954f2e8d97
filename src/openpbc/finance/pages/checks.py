"""Printed against recomputed: every check with its verdict, and the faults of the papers that were found."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance import reads
from openpbc.finance.pages.printed import checks_table
from openpbc.finance.reads.questions import FINANCE, QUESTIONS, Question, questions
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table

ANOMALIES = "finance.anomalies"
ALL = "all"
_STATES = {"treated": Tag("treated", "green"), "open": Tag("open", "orange")}


def checks(request: HttpRequest, place: str) -> HttpResponse:
    """All checks of the place (``?verdict=`` keeps one kind), its open questions, and the anomalies of its sources."""
    book = open_book(place)
    found = reads.checks(book)
    listed = () if isinstance(found, NotSet) else found
    wanted = request.GET.get("verdict", ALL)
    kept = [check for check in listed if wanted in (ALL, "different" if check.difference else "", str(check.verdict))]
    may_close = request.may("finance:question-close", place=place, question="x")
    page = Page(
        template="finance/checks.jinja",
        title="Printed against recomputed",
        book=book,
        tables=(
            checks_table("checks", "Checks", kept),
            questions_table(book, may_close=may_close),
            anomalies_table(book),
        ),
        rests_on=(book.table(reads.CHECKS), book.table(ANOMALIES), book.table(QUESTIONS)),
        context={"summary": reads.check_summary(book), "count": len(listed), "wanted": wanted},
    )
    return respond(request, page)


def questions_table(book: Book, *, may_close: bool = False) -> Table:
    """Questions that only the owner of a figure can answer, with what stands meanwhile, or what closed them."""
    found = questions(book)
    listed = () if isinstance(found, NotSet) else found
    rows = [_question_row(book, each, may_close) for each in listed]
    titles = ("Question", "What is asked", "Who can answer", "Check", "Until then", "State")
    columns = [tables.text(title) for title in (*titles, *(("Close",) if may_close else ()))]
    return tables.table("questions", "Open questions", columns, rows, cards=True, empty="No question is open.")


def _question_row(book: Book, each: Question, may_close: bool) -> list[Cell]:
    state: Cell = Tag("open", "orange")
    if each.closed_at is not None:
        state = f"Closed by {each.closed_by} on {day_text(localtime(each.closed_at))}: {each.reason}"
    row: list[Cell] = [each.code, each.question, each.owner, each.check, each.assumed, state]
    if may_close:
        at = reverse("finance:question-close", args=[book.place.id, each.code])
        row.append(Link("Close", at) if each.is_open and each.owner == FINANCE else "")
    return row


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
