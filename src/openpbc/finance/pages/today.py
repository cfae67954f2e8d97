"""What the room says on a place's home page: the plan's headline figures, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import budget_work, plan_work
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import commissioning
from openpbc.finance.reads.budget_set_figures import moved_since
from openpbc.finance.reads.budget_sets import BudgetSet, budget_set_in_force
from openpbc.finance.reads.questions import questions
from openpbc.finance.reads.waiting import waiting_journals
from openpbc.kernel.money import pounds
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Missing
from openpbc.ui.offers import Headline, Work
from openpbc.ui.pages import capital

FINANCE = frozenset({"finance_manager"})
GROUPS = frozenset({"gp_lead", "group_manager"})


def headlines(book: Book, viewer: Viewer) -> Iterator[Headline]:
    """The year's allocation as published, and what the groups get of it."""
    plan = reverse("finance:plan", kwargs={"place": book.place.id})
    title = f"{capital(book.word('allocation'))} {book.place.year.label}, £000"
    found = reads.plan_scenarios(book)
    if isinstance(found, NotSet):
        yield Headline(title, Missing(found.path), "See the plan", plan)
    else:
        line = found[0].plan.funding[0]
        yield Headline(title, money(line.amount, line.address), "See the plan", plan)
    yield _budgets(book)


def _budgets(book: Book) -> Headline:
    """What the groups have: by the ledger once a set is in force, before that by the place's first scenario."""
    title = f"{capital(book.word('group_budgets'))}, £000"
    held = reads.budget_of(book)
    if isinstance(held, reads.Budget):
        standing = budget_set_in_force(book.place.id, str(book.place.year))
        more = f"{standing.facts.name}, in force{_moved(book, standing)}" if standing else "See the ledger"
        href = reverse("finance:budget-sets" if standing else "finance:ledger", args=[book.place.id])
        return Headline(title, money(held.pence, held.address), more, href)
    shares = reverse("finance:fair-shares", kwargs={"place": book.place.id})
    budgets = reads.fair_shares(book)
    if isinstance(budgets, NotSet):
        return Headline(title, Missing(budgets.path), f"See {book.word('fair_shares')}", shares)
    figure = money(budgets.total, budgets.address("all", "total"))
    return Headline(title, figure, f"Draft: {budgets.scenario.title}", shares)


def _moved(book: Book, standing: BudgetSet) -> str:
    """Say how far the ledger has moved from the set; nothing while it stands as it was approved."""
    moved = moved_since(book, standing)
    if moved is None or not moved.value:
        return ""
    return f"; {pounds(moved.value)} moved since"


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Differences that nobody has explained, questions that wait for finance, and scenarios for the groups."""
    checks = reverse("finance:checks", kwargs={"place": book.place.id})
    found = reads.check_summary(book)
    if found.get("unexplained"):
        yield Work(
            text=f"Explain {found['unexplained']} printed figures that do not recompute",
            reason=f"{found['rounding']} more differ only by rounding and {found['exact']} are exact.",
            href=f"{checks}?verdict=unexplained",
            roles=FINANCE,
        )
    asked = questions(book)
    waiting = [] if isinstance(asked, NotSet) else [each for each in asked if each.is_open and each.owner == "finance"]
    if waiting:
        yield Work(
            text=f"Answer {len(waiting)} open questions on the published figures",
            reason="Until they are answered, each figure stands on the assumption named beside it.",
            href=f"{checks}#table-questions",
            roles=FINANCE,
        )
    yield from _second(book, viewer)
    yield from plan_work.work(book)
    yield from _plans(book, viewer)
    yield from budget_work.work(book, viewer)
    for due in reads.reminders(book, organisations.today()):
        yield Work(
            text=f"{due.shown}: {due.event}",
            reason=f"{due.owner} acts; somebody asked to be reminded {due.remind_days} days before.",
            href=reverse("finance:calendar-entry", kwargs={"place": book.place.id, "code": due.code}),
        )
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    waiting_units = [names.get(code, code) for code in reads.issuable(book)]
    if waiting_units:
        yield Work(
            text=f"Issue indicative budgets of {', '.join(waiting_units)} to the practices",
            reason=f"Each {book.word('group')} named holds money that no practice has been told of.",
            href=reverse("finance:ledger-indicative", kwargs={"place": book.place.id}),
            roles=FINANCE,
        )
    scenarios = reads.scenarios(book)
    if not isinstance(scenarios, NotSet) and not budget_set_in_force(book.place.id, str(book.place.year)):
        yield Work(
            text=f"Compare your {book.word('group_budget')} under {len(scenarios)} scenarios",
            reason=f"The {book.word('plan')} is a draft: {book.word('groups')} are asked whether the growth fits.",
            href=reverse("finance:compare", kwargs={"place": book.place.id}),
            roles=GROUPS,
        )


def _second(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Journals that wait for a second person; one's own waits for somebody else."""
    for each in waiting_journals(book.place.id):
        mine = each.asked.put_up_by(viewer.actor)
        yield Work(
            text=f"Agree to a journal of {pounds(each.pence)}, or turn it down",
            reason=f"You put it up: another finance manager agrees. {each.draft.reason}"
            if mine
            else f"{each.asked.by} put it up: {each.draft.reason}",
            href=reverse("finance:ledger-agree", args=[book.place.id, each.asked.number]),
            roles=FINANCE,
            waits=mine,
        )


def _missing(things: int) -> str:
    if not things:
        return "It can be submitted."
    return "1 thing is still missing." if things == 1 else f"{things} things are still missing."


def _plans(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Plans that wait for their group, and plans that wait for an answer."""
    place = book.place.id
    for plan in commissioning.group_plans(book):
        page = reverse("finance:plan-of-unit", kwargs={"place": place, "unit": plan.unit.code})
        own = any(viewer.owns(role, place, "unit", plan.unit.code) for role in GROUPS)
        if plan.state in ("missing", "draft", "returned") and own:
            text = "Begin" if plan.state == "missing" else "Finish"
            lacks = _missing(len(plan.findings))
            reason = lacks if plan.state != "missing" else f"Every {book.word('unit')} writes one for the year."
            yield Work(f"{text} the commissioning plan of {plan.unit.name}", reason, page, GROUPS)
        if plan.state == "submitted":
            reason = f"{plan.changed_by} submitted it; it cannot be changed until it is answered."
            yield Work(f"Answer the commissioning plan of {plan.unit.name}", reason, page, FINANCE)
