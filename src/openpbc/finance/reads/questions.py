"""Open questions on the published figures, and who closed which with what reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from openpbc.finance.models import QuestionClosing
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

QUESTIONS = "finance.open_questions"
FINANCE = "finance"


@dataclass(frozen=True)
class Question:
    """A question of the pack; closed when ``closed_at`` is there."""

    code: str
    question: str
    owner: str
    check: str
    assumed: str
    about: str = ""
    reason: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.closed_at is None


def questions(book: Book) -> tuple[Question, ...] | NotSet:
    """List the questions in the order of the pack."""
    listed = book.table(QUESTIONS)
    if isinstance(listed, NotSet):
        return listed
    closings = QuestionClosing.objects.filter(place=book.place.id, year=str(book.place.year))
    closed = {row.question: row for row in closings}
    return tuple(_question(row, closed.get(row["code"])) for row in listed)


def _question(row: Mapping[str, str], closing: QuestionClosing | None) -> Question:
    known = Question(row["code"], row["question"], row["owner"], row["check"], row["assumed"], row.get("about", ""))
    if closing is None:
        return known
    return replace(known, reason=closing.reason, closed_by=closing.by, closed_at=closing.at)


def open_question(book: Book, code: str) -> Question:
    """Find a question that finance can close; another is a person's mistake."""
    listed = questions(book)
    if isinstance(listed, NotSet):
        raise listed.problem
    found = next((each for each in listed if each.code == code), None)
    if found is None:
        raise UserError(f"there is no question '{code[:20]}'", do="Choose one from the list of open questions.")
    if found.owner != FINANCE:
        raise UserError(f"question {code} is answered by {found.owner}", do="Leave it to those who own it.")
    return found
