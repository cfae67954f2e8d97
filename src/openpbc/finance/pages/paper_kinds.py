"""Which papers there are, for the pages and for the shell alike."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.pages.board_paper import board_paper
from openpbc.finance.pages.budget_letter import budget_letter
from openpbc.finance.pages.paper_basis import basis, settings_code
from openpbc.finance.pages.submission_paper import submission_paper
from openpbc.finance.reads.plan_versions import BOOK
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.ui.documents import Document

BOARD, SUBMISSION, LETTER = "board", "submission", "letter"
KINDS = (BOARD, SUBMISSION, LETTER)


@dataclass(frozen=True)
class Asked:
    """What a paper is asked for: each as an address or the shell writes it, empty for what is in force."""

    scenario: str = ""
    version: str = ""
    budgets: str = ""
    group: str = ""
    submission: str = ""


def paper(book: Book, kind: str, asked: Asked) -> Document:
    """Write one paper of a place on a scenario, a version of the plan or a set of budgets; a letter needs its group."""
    if kind == SUBMISSION and asked.submission:
        return _sent(book, asked.submission)
    rests_on = basis(book, asked.scenario, asked.version, asked.budgets)
    if kind == BOARD:
        return board_paper(rests_on)
    if kind == SUBMISSION:
        return submission_paper(rests_on)
    if not asked.group:
        raise UserError("a letter goes to one group", where="--group", do="Name the group by its code.")
    return budget_letter(rests_on, asked.group)


def _sent(book: Book, number: str) -> Document:
    """The paper of a draft that was sent, on the scenario and the version that its record names."""
    sent = next((each for each in plan_submissions(book) if str(each.number) == number), None)
    if sent is None:
        raise UserError(f"there is no submission '{number[:20]}'", do="Choose one from the list of submissions.")
    version = BOOK if sent.plan_version is None else str(sent.plan_version)
    return submission_paper(basis(book, settings_code(book, sent.settings), version), sent)
