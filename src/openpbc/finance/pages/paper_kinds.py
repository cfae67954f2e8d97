"""Which papers there are, for the pages and for the shell alike."""

from __future__ import annotations

from openpbc.finance.pages.board_paper import board_paper
from openpbc.finance.pages.budget_letter import budget_letter
from openpbc.finance.pages.paper_basis import basis
from openpbc.finance.pages.submission_paper import submission_paper
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.ui.documents import Document

BOARD, SUBMISSION, LETTER = "board", "submission", "letter"
KINDS = (BOARD, SUBMISSION, LETTER)


def paper(
    book: Book, kind: str, *, scenario: str = "", version: str = "", budgets: str = "", group: str = ""
) -> Document:
    """Write one paper of a place on a scenario, a version of the plan or a set of budgets; a letter needs its group."""
    rests_on = basis(book, scenario, version, budgets)
    if kind == BOARD:
        return board_paper(rests_on)
    if kind == SUBMISSION:
        return submission_paper(rests_on)
    if not group:
        raise UserError("a letter goes to one group", where="--group", do="Name the group by its code.")
    return budget_letter(rests_on, group)
