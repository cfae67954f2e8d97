"""A demonstration's budgets: a SYNTHETIC decision puts a set in force, so that the ledger holds the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openpbc import audit
from openpbc.finance.actions.budget_sets import approve_budget_set, draft_budget_set, propose_budget_set
from openpbc.finance.actions.settlement import mark_task, state_deposit, submit_to_region
from openpbc.finance.models import BudgetSet
from openpbc.finance.reads.budget_set_drafts import Draft, draft
from openpbc.finance.reads.budget_sets import PREFIX
from openpbc.finance.reads.checklist import OPEN, WAIVED, checklist
from openpbc.finance.reads.deposits import ASSUMED
from openpbc.finance.reads.scenarios import Settings
from openpbc.governance import actions as governance
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import thousands
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

DEMONSTRATION = "finance.demonstration"
INVENTED = "SYNTHETIC: waived for demonstration."


@audit.action("finance.demonstrate_budgets")
def demonstrate_budgets(*, by: Actor, place: str) -> int | None:
    """Put a set in force by an invented decision, and give its number; a second run changes nothing.

    Where the place has no demonstration or no scenario, there is nothing to show.
    """
    book = organisations.book(place)
    listed, year = book.table(DEMONSTRATION), str(book.place.year)
    if isinstance(listed, NotSet) or BudgetSet.objects.filter(place=place, year=year).exists():
        audit.nothing_changed()
        return None
    row = listed.rows[0]
    found = draft(book, Settings(scenario=row["scenario"]))
    if isinstance(found, NotSet):
        raise found.problem
    shared = found.pot_that_adds_up
    number = draft_budget_set(
        by=by,
        place=place,
        title=row["title"],
        settings=Settings(scenario=row["scenario"], pot=shared).query,
        note=_note(found),
    )
    for task in _open(book):
        mark_task(by=by, place=place, task=task, state=WAIVED, reason=INVENTED, seen=0)
    _sent(by, place, row, found)
    propose_budget_set(by=by, place=place, number=number, revision=1)
    decision = governance.record_decision(
        by=by,
        place=place,
        body=row["body"],
        taken_on=date.fromisoformat(row["taken_on"]),
        minute=row["minute"],
        outcome="approved",
        text=row["text"],
        matter=f"{PREFIX}/{place}/{year}/{number}",
        title=f"Budget set {number}: {row['title']}",
        synthetic=True,
    )
    approve_budget_set(by=by, place=place, number=number, revision=2, decision=decision)
    audit.note(subject=f"{PREFIX}/{place}/{year}/{number}", after={"decision": decision}, reason=row["text"])
    return number


def _sent(by: Actor, place: str, row: Mapping[str, str], found: Draft) -> None:
    """Record an invented draft sent to the regional body, and the deposit as it assumes it."""
    submit_to_region(
        by=by,
        place=place,
        scenario=row["scenario"],
        plan_version=None,
        deposit=None,
        on=date.fromisoformat(row["sent_on"]),
        basis=row["basis"],
        seen=0,
    )
    state_deposit(
        by=by,
        place=place,
        status=ASSUMED,
        scenario=row["scenario"],
        pence=found.sums.deposits,
        on=date.fromisoformat(row["sent_on"]),
        reason=row["basis"],
        seen=0,
    )


def _open(book: Book) -> list[str]:
    found = checklist(book)
    return [] if isinstance(found, NotSet) else [each.code for each in found if each.by_hand and each.state == OPEN]


def _note(found: Draft) -> str:
    """Say why the set's pot is not the scenario's own, where the printed tables do not add up."""
    gap = found.sums.difference
    if not gap:
        return ""
    way = "above" if gap > 0 else "below"
    return (
        f"The printed budgets and what is held lie £{thousands(abs(gap))} thousand {way} the allocation. The pot in"
        f" scope of this set is £{thousands(found.pot_that_adds_up)} thousand and not £{thousands(found.pot)} thousand,"
        " so that every pound has one place."
    )
