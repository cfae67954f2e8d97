"""What waits on the way to the year's budgets: for finance, the secretary, the groups and the regional body."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.finance.pages.budget_sets import next_step
from openpbc.finance.reads.budget_sets import BudgetSet, budget_set, budget_set_in_force, budget_sets
from openpbc.finance.reads.replies import Replies, replies
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.finance.rules.budget_sets import PROPOSED
from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work

FINANCE = frozenset({"finance_manager"})
RECORDERS = frozenset({"committee_secretary", "committee_chair"})
REGION = frozenset({"sha_manager"})
REPLYING = ("group_manager", "gp_lead")


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Steps of open sets, decisions to be recorded, replies to be given, submissions to be read."""
    place, year = book.place.id, str(book.place.year)
    found = [budget_set(place, year, each.number) for each in budget_sets(place, year) if each.is_open]
    for each in found:
        yield from _of_set(book, each)
    standing = budget_set_in_force(place, year)
    if standing:
        yield from _in_force(viewer, standing)
    else:
        yield from _replies(book, viewer, found[0].facts.scenario if found else "")
    sent = plan_submissions(book)
    if sent:
        latest = sent[0]
        yield Work(
            text=f"Read draft {latest.number} of the {book.word('plan')}",
            reason=f"Sent on {day_text(latest.on)}; behind it stands: {latest.title}.",
            href=reverse("finance:submissions", args=[place]),
            roles=REGION,
        )


def _in_force(viewer: Viewer, standing: BudgetSet) -> Iterator[Work]:
    """What the set in force gives the viewer's own groups."""
    facts = standing.facts
    mine = viewer.codes(facts.place, "unit", REPLYING)
    for unit, name in standing.units.items():
        if unit in mine:
            yield Work(
                text=f"See what {facts.name.lower()} gives {name}",
                reason=f"It is in force: {facts.title}.",
                href=reverse("finance:budget-set", args=[facts.place, facts.number]),
                roles=frozenset(REPLYING),
            )


def _of_set(book: Book, found: BudgetSet) -> Iterator[Work]:
    facts, step = found.facts, next_step(book, found)
    if step is None:
        return
    at = reverse("finance:budget-set", args=[facts.place, facts.number])
    if facts.state == PROPOSED and governance.approval(facts.place, facts.matter) is None:
        yield Work(
            text=f"Record the decision on {facts.name.lower()}",
            reason=f"Finance proposed it: {facts.title}. It comes into force only by a recorded decision.",
            href=f"{reverse(step.route, args=[facts.place])}?{step.query}",
            roles=RECORDERS,
        )
        yield Work(text=f"{facts.name} waits for its decision", reason=step.text, href=at, roles=FINANCE, waits=True)
        return
    kept = bool(step.obstacles)
    reason = step.obstacles[0] if kept else step.text
    more = len(step.obstacles) - 1
    reason += f" And {more} more." if more > 0 else ""
    yield Work(text=f"{facts.name}: {step.button.lower()}", reason=reason, href=at, roles=FINANCE, waits=kept)


def _replies(book: Book, viewer: Viewer, scenario: str) -> Iterator[Work]:
    found = replies(book, scenario)
    if not isinstance(found, Replies):
        return
    for each in found.missing:
        if any(viewer.owns(role, book.place.id, "unit", each.unit) for role in REPLYING):
            at = reverse("finance:reply", args=[book.place.id, each.unit])
            yield Work(
                text=f"Say whether the funding of {each.name} is enough",
                reason=f"{found.count} have replied on: {found.title}. The deposit is agreed when all have.",
                href=f"{at}?scenario={found.scenario}&seen=0",
                roles=frozenset(REPLYING),
            )
