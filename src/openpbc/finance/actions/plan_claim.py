"""How a plan version is taken in hand for one change: whoever comes second is told who was first, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from openpbc.finance import models
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules import plan_versions as rule
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

LONGEST = 400
_DONE = {
    rule.SUBMITTED: "was submitted",
    rule.APPROVED: "was approved",
    rule.SUPERSEDED: "was replaced by a later version",
    rule.WITHDRAWN: "was withdrawn",
}


@dataclass(frozen=True)
class PlanChanged:
    """A version after a change: its number, the revision that the change made, and what was done."""

    place: str
    number: int
    revision: int
    what: str
    already: bool = False


@dataclass(frozen=True)
class Claim:
    """A version taken in hand: nobody else can change it until the transaction ends."""

    book: Book
    row: models.PlanVersion
    before: Version
    revision: int


def claim(place: str, number: int, revision: int, states: tuple[str, ...], **changes: Any) -> Claim:
    """Raise the revision that the person looked at, if nobody was faster and the version is in one of the states.

    The comparison and the change are one statement, so of two people exactly one succeeds, on every database.
    """
    book = organisations.book(place)
    year = str(book.place.year)
    rows = models.PlanVersion.objects.filter(place=place, year=year, number=number)
    taken = rows.filter(revision=revision, state__in=states).update(revision=F("revision") + 1, **changes)
    before = reads.plan_version(place, year, number)
    if not taken:
        raise refusal(before, revision)
    return Claim(book, rows.get(), before, revision + 1)


def refusal(found: Version, revision: int) -> UserError:
    """Say why a change came to nothing: the version cannot be changed, or somebody was faster."""
    assert found.facts is not None, "a version that was drafted has facts"
    state, last = found.facts.state, found.changes[0] if found.changes else None
    told = f"{last.by}, {when(last.at)}: {last.what}" if last else f"it is {state}"
    if found.facts.revision != revision:
        return Stale(
            f"somebody changed version {found.facts.number} of the plan since you looked ({told})",
            do="Nothing of yours was kept. Look at it again, then make your change.",
        )
    return UserError(
        f"version {found.facts.number} of the plan {_DONE.get(state, 'is a draft')} ({told}), so this cannot be done",
        do="Draft a new version from it." if state != rule.DRAFT else "Submit it first.",
    )


def when(at: datetime) -> str:
    """Write a moment as people say it."""
    return moment_text(timezone.localtime(at))


def record(by: Actor, claimed: Claim, what: str, effect: int = 0) -> PlanChanged:
    """Write down one change of a version that was claimed."""
    return write_down(by, claimed.row, claimed.revision, what, effect)


def write_down(by: Actor, row: models.PlanVersion, revision: int, what: str, effect: int = 0) -> PlanChanged:
    """Write down what made a revision."""
    models.PlanChange.objects.create(
        version=row, revision=revision, what=what[:LONGEST], effect=effect, by=by.name[:200], at=timezone.now()
    )
    return PlanChanged(row.place, row.number, revision, what[:LONGEST])
