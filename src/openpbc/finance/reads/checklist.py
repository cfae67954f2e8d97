"""The next steps before a year's budgets come into force, with the state of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from openpbc.finance.models import TaskMark
from openpbc.finance.reads.budget_sets import budget_set_in_force
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

STEPS = "finance.next_steps"
OPEN, DONE, WAIVED = "open", "done", "waived"
BY_HAND = "hand"
REPLIES, DEPOSIT = "replies", "deposit"


@dataclass(frozen=True)
class Task:
    """One next step; ``number`` counts how often it was marked, so that nobody overwrites a mark unseen."""

    code: str
    step: str
    who: str
    by_hand: bool
    evidence: str
    state: str
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    number: int = 0


def checklist(book: Book) -> tuple[Task, ...] | NotSet:
    """Give the next steps in the order of the pack."""
    listed = book.table(STEPS)
    if isinstance(listed, NotSet):
        return listed
    place, year = book.place.id, str(book.place.year)
    marks = {mark.task: mark for mark in TaskMark.objects.filter(place=place, year=year).order_by("number")}
    approved = any(row["closes"] != BY_HAND for row in listed) and budget_set_in_force(place, year) is not None
    return tuple(_task(row, marks.get(row["code"]), approved) for row in listed)


def _task(row: Mapping[str, str], mark: TaskMark | None, approved: bool) -> Task:
    by_hand = row["closes"] == BY_HAND
    state = DONE if approved and not by_hand else OPEN
    known = Task(row["code"], row["step"], row["who"], by_hand, row["evidence"], state)
    if mark is None or not by_hand:
        return known
    return replace(known, state=mark.state, reason=mark.reason, by=mark.by, at=mark.at, number=mark.number)


def open_tasks(book: Book) -> tuple[str, ...]:
    """Name the steps that stand in the way of proposing a set; the decision itself does not."""
    found = checklist(book)
    return () if isinstance(found, NotSet) else tuple(t.step for t in found if t.by_hand and t.state == OPEN)
