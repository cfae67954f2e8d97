"""Explains what a group's plan costs, what the money leaves of it, what support it is due and what it has earned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from openpbc.finance.reads import commissioning as plans
from openpbc.finance.reads import incentives
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.rules.commissioning import COST, cost_steps, support_due
from openpbc.kernel.citations import Citation
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Value

PLANNING = Citation("west-herts-intentions-2008-09", "PBC groups' commissioning plans", "S")
SCALE = Citation("patient-led-nhs-2005", "Practice-based commissioning, management support", "S")


def explain_group_plan(book: Book, address: str) -> Explanation:
    """Explain a figure of a unit's plan: its cost, one item, its budget line's cost, the gap, or support due."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 4:
        raise no_figure(address)
    unit, figure = parts[2], parts[3]
    if figure in ("line-cost", "gap"):
        return _line(book, address, unit, figure, query)
    if figure == "support":
        return _support(book, address, unit)
    plan = plans.group_plan(book, unit)
    items = plans.planned(plan.items)
    if figure.startswith("item-"):
        items = tuple(item for item in items if f"item-{item.number}" == figure and item.cost is not None)
        if not items:
            raise no_figure(address)
    return Explanation(
        address=address,
        title=f"{plan.unit.name}: {'cost of the plan' if figure == 'cost' else items[0].title}, {plan.year}",
        value=sum(item.cost or 0 for item in items),
        unit="pence",
        formula="Sum of the costed items of the plan" if figure == "cost" else "As the group costed the item",
        steps=cost_steps(items, plan.unit.name),
        citations=(PLANNING,),
        evidence=(*book_evidence(book), ("revision of the plan", str(plan.revision)), ("changed by", plan.changed_by)),
        notes=(f"{plan.not_costed} items are not costed.",) if plan.not_costed and figure == "cost" else (),
    )


def _line(book: Book, address: str, line: str, figure: str, scenario: str) -> Explanation:
    row = next((each for each in plans.standings(book, scenario) if each.line == line), None)
    if row is None or (figure == "gap" and row.gap is None):
        raise no_figure(address)
    costs = tuple(_costs(book, line))
    if figure == "line-cost":
        return Explanation(
            address, f"{row.name}: cost of its plans", row.cost, "pence", "Sum over the plans of its units", costs,
            citations=(PLANNING,), evidence=book_evidence(book),
        )  # fmt: skip
    budget = Step("group-plan-budget", f"Budget: {row.against}", row.budget or 0, (), PLANNING, row.budget_address)
    less = Step(COST, "Less: cost of the plans", -row.cost, (), PLANNING, row.cost_address)
    return Explanation(
        address, f"{row.name}: budget less cost of its plans", row.gap or 0, "pence", "Budget - cost of the plans",
        (budget, less), citations=(PLANNING,), evidence=book_evidence(book),
    )  # fmt: skip


def _costs(book: Book, line: str) -> Iterator[Step]:
    for plan in plans.group_plans(book):
        if (plan.unit.budget_line or plan.unit.code) == line and plan.cost:
            yield Step(COST, plan.unit.name, plan.cost, (), PLANNING, plan.address("cost"))


def _support(book: Book, address: str, unit: str) -> Explanation:
    row = next((each for each in plans.support(book) if each.unit.code == unit), None)
    rate = book.value(plans.SUPPORT_RATE)
    if row is None or not isinstance(rate, Value):
        raise no_figure(address)
    step = support_due(row.practices, rate.pence)
    return Explanation(
        address, f"{row.unit.name}: management support", step.effect, "pence", "practices x rate for each practice",
        (step,), citations=(SCALE, rate.citation), evidence=book_evidence(book, rate.path),
        statuses=(str(rate.status),),
    )  # fmt: skip


def explain_incentive(book: Book, address: str) -> Explanation:
    """Explain what a unit has earned under the incentive scheme."""
    parts = address.partition("?")[0].split("/")
    if len(parts) != 4 or parts[3] != "earned":
        raise no_figure(address)
    found = incentives.result_of(book, incentives.unit_of(book, parts[2]))
    notes = [f"Nobody has looked at: {', '.join(found.not_looked_at)}."] if found.not_looked_at else []
    if found.result.without_amount:
        notes.append(f"Shown, but without an amount: {', '.join(found.result.without_amount)}.")
    return Explanation(
        address=address,
        title=f"{found.unit.name}: earned under the incentive scheme",
        value=found.earned,
        unit="pence",
        formula="Sum over the competencies that the group has shown",
        steps=found.result.steps,
        citations=(PLANNING,),
        evidence=(*book_evidence(book), *((f"evidence {each.code}", each.evidence) for each in found.shown)),
        notes=tuple(notes),
    )


EXPLAIN: Mapping[str, Callable[[Book, str], Explanation]] = {
    plans.PREFIX: explain_group_plan,
    incentives.PREFIX: explain_incentive,
}
