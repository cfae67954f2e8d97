"""Drafts of the plan that were sent to the regional body, each with the scenario and the deposit on which it rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.finance.models import PlanSubmission
from openpbc.finance.reads import cells
from openpbc.finance.reads.scenarios import FairShares, scenario
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

SUBMISSION = "submission"


@dataclass(frozen=True)
class Submission:
    """One draft as it was sent; ``plan_version`` is none where the published plan itself was sent."""

    number: int
    scenario: str
    title: str
    settings: str
    plan_version: int | None
    deposit: int
    on: date
    basis: str
    by: str
    at: datetime
    address: str


def plan_submissions(book: Book) -> tuple[Submission, ...]:
    """List what was sent, the latest first."""
    rows = PlanSubmission.objects.filter(place=book.place.id, year=str(book.place.year)).order_by("-number")
    return tuple(_submission(book, row) for row in rows)


def _submission(book: Book, row: PlanSubmission) -> Submission:
    chosen = scenario(book, row.scenario)
    title = row.scenario if isinstance(chosen, NotSet) else chosen.title
    names = [name for name in Submission.__dataclass_fields__ if name not in ("title", "address")]
    address = f"{SUBMISSION}/{book.place.id}/{row.number}/deposit"
    return Submission(**{name: getattr(row, name) for name in names}, title=title, address=address)


def deposit_of(book: Book, found: FairShares) -> int:
    """Give the deposit that a scenario assumes: of a what-if its own, else what the pack names; nought without one."""
    if found.settings.deposit is not None:
        return found.settings.deposit
    total = cells.total(book, found.scenario.deposit)
    if isinstance(total, NotSet):
        raise total.problem
    return total
