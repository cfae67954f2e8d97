"""Budget sets for reading: which one counts and what comes next; one set with everything that stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import budget_set_tables as shown
from openpbc.finance.reads import budget_sets
from openpbc.finance.reads.budget_set_figures import Beside, beside, comparable, measured
from openpbc.finance.reads.budget_sets import BudgetSet, BudgetSetFacts
from openpbc.finance.reads.checklist import open_tasks
from openpbc.finance.rules.budget_sets import APPROVED, DRAFT, PROPOSED, STATES, mend, told_difference
from openpbc.governance import reads as governance
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.pages import Crumb, Page, respond

CRUMB = "Budget sets"


@dataclass(frozen=True)
class NextStep:
    """What is to be done with a set, who does it, the button that does it, and what stands in the way."""

    text: str
    route: str = ""
    button: str = ""
    query: str = ""
    obstacles: tuple[str, ...] = ()


def budgets_crumb(book: Book) -> Crumb:
    """The way back to the list of sets."""
    return Crumb(CRUMB, reverse("finance:budget-sets", args=[book.place.id]))


def set_crumb(facts: BudgetSetFacts) -> Crumb:
    """The way back to a set."""
    return Crumb(facts.name, reverse("finance:budget-set", args=[facts.place, facts.number]))


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """All sets of the year by state, which one counts, and what comes next for those that are open."""
    book = open_book(place)
    year = str(book.place.year)
    found = [budget_sets.budget_set(place, year, each.number) for each in budget_sets.budget_sets(place, year)]
    standing = next((each for each in found if each.facts.state == APPROVED), None)
    page = Page(
        template="finance/budget_sets.jinja",
        title=f"{CRUMB} {book.place.year.label}",
        book=book,
        tables=(shown.sets_table(book, found),),
        synthetic=_is_synthetic(book, standing),
        context={
            "standing": standing.facts if standing else None,
            "decision": shown.decision_words(book, standing.facts) if standing else "",
            "open": [(each.facts, next_step(book, each)) for each in found if each.facts.is_open],
            "waiting": open_tasks(book),
            "funded": not isinstance(reads.funding(book), NotSet),
            "path": book.table(reads.FUNDING).path,
        },
    )
    return respond(request, page)


def _is_synthetic(book: Book, found: BudgetSet | None) -> bool:
    """A set that rests on an invented decision is invented as far as it goes."""
    decision = found.facts.decision if found else None
    return decision is not None and governance.decision(decision, book.place.id).synthetic


def next_step(book: Book, found: BudgetSet) -> NextStep | None:
    """Say what comes next for a set that is open."""
    facts = found.facts
    if facts.state == DRAFT:
        told = told_difference(found.sums)
        obstacles = [f"{told}. {mend(found.sums)}"] if told else []
        obstacles += [f"Still open: {step}" for step in open_tasks(book)]
        who = " or ".join(governance.bodies(book, approves="budgets").values()) or book.word("board")
        text = f"Propose it to the {who}."
        return NextStep(text, "finance:budget-set-propose", "Propose", f"revision={facts.revision}", tuple(obstacles))
    if facts.state != PROPOSED:
        return None
    decided = governance.approval(facts.place, facts.matter)
    if decided is None:
        bodies = [*governance.bodies(book, approves="budgets")]
        body = bodies[0] if len(bodies) == 1 else ""
        query = urlencode({"matter": facts.matter, "title": f"{facts.name}: {facts.title}"[:200], "body": body})
        text = "It waits for a decision; the secretary or chair records it from the minutes."
        return NextStep(text, "governance:record", "Record the decision", query)
    text = f"It was approved on {decided.when.name}, minute {decided.minute}: put it in force."
    query = urlencode({"revision": facts.revision, "decision": decided.id})
    return NextStep(text, "finance:budget-set-approve", "Put in force", query)


def one(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One set: groups, sums, lines, history; ``?with=`` another set or a published table beside it."""
    book = open_book(place)
    found = budget_sets.budget_set(place, str(book.place.year), number)
    facts = found.facts
    result, other = measured(book, found), _beside(request, book, facts)
    may_change = facts.is_open and request.may("finance:budget-set-line", place=place)
    chosen = reads.fair_shares(book, reads.Settings.parse(facts.settings))
    page = Page(
        template="finance/budget_set.jinja",
        title=f"{facts.name}: {facts.title}",
        book=book,
        trail=(budgets_crumb(book),),
        tables=(
            shown.groups_table(book, found, result),
            shown.sums_table(found),
            shown.lines_table(found, may_change=may_change),
            shown.history_table(found),
            *((shown.compare_table(found, other),) if other else ()),
        ),
        facts=(("Budget set", f"{facts.matter}, {facts.state}, revision {facts.revision}"),),
        synthetic=_is_synthetic(book, found),
        draft=facts.is_open,
        context={
            "facts": facts,
            "state": STATES[facts.state],
            "tag": shown.STATE_TAGS[facts.state],
            "decision": shown.decision_words(book, facts),
            "lost": _lost(book, facts),
            "problem": told_difference(found.sums),
            "mend": mend(found.sums),
            "step": next_step(book, found),
            "scenario": "" if isinstance(chosen, NotSet) else chosen.scenario.title,
            "others": _others(book, facts),
            "with": other.code if other else "",
        },
    )
    return respond(request, page)


def _beside(request: HttpRequest, book: Book, facts: BudgetSetFacts) -> Beside | None:
    code = request.GET.get("with", "")
    found = beside(book, facts.year, code) if code else None
    return None if isinstance(found, NotSet) else found


def _others(book: Book, facts: BudgetSetFacts) -> list[tuple[str, str]]:
    sets = [
        (str(each.number), f"{each.name} ({each.state})")
        for each in budget_sets.budget_sets(facts.place, facts.year)
        if each.number != facts.number
    ]
    return [*comparable(book).items(), *sets]


def _lost(book: Book, facts: BudgetSetFacts) -> str:
    """Warn when the decision behind a set no longer stands."""
    if facts.decision is None:
        return ""
    decided = governance.decision(facts.decision, facts.place)
    if decided.stands:
        return ""
    return f"Decision {decided.id}, which put this set in force, was corrected: look at the record that replaced it."


def matter_page(address: str) -> str:
    """Give the page of a budget set, or of the deposit, from the address by which a decision names it."""
    kind, place, _, *rest = (*address.split("/"), "", "")
    if kind == budget_sets.PREFIX and rest[0].isdecimal():
        return reverse("finance:budget-set", args=[place, int(rest[0])])
    return reverse("finance:deposit", args=[place]) if kind == "deposit" and place else ""
