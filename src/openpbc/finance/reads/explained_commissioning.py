"""Explains what a group's plan costs, what the money leaves of it, what support it is due and what it has earned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from openpbc.finance.reads import commissioning as plans
from openpbc.finance.reads import incentives, innovation
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.rules.commissioning import COST, cost_steps, support_due
from openpbc.finance.rules.incentives import BASES
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


def explain_innovation(book: Book, address: str) -> Explanation:
    """Explain what the fund has promised and has free, and what a bid asked for and was awarded."""
    parts = address.partition("?")[0].split("/")
    if len(parts) != 4:
        raise no_figure(address)
    found = innovation.fund(book)
    if parts[2] == "fund":
        return _fund(book, address, found, parts[3])
    bid = next((each for each in found.bids if str(each.number) == parts[2]), None)
    value = {"asked": bid.asked, "awarded": bid.awarded}.get(parts[3]) if bid else None
    if bid is None or value is None:
        raise no_figure(address)
    said = "asked for" if parts[3] == "asked" else f"awarded: {bid.reason}"
    step = Step("innovation-bid", f"Bid {bid.number}, {bid.title}: {said}", value)
    return Explanation(
        address, f"Bid {bid.number}: {parts[3]}", value, "pence", "As written down", (step,),
        citations=(PLANNING,), evidence=(*book_evidence(book), ("last changed by", bid.changed_by)),
    )  # fmt: skip


def _fund(book: Book, address: str, found: innovation.Fund, figure: str) -> Explanation:
    place = book.place.id
    promised = tuple(
        Step("innovation-bid", f"Bid {bid.number}, {sign}", effect, (), None, where)
        for bid in found.bids
        if bid.state == "awarded"
        for sign, effect, where in (
            ("awarded", bid.awarded or 0, innovation.address(place, str(bid.number), "awarded")),
            ("less paid", -bid.paid, bid.paid_address),
        )
        if effect
    )
    if figure == "promised":
        return Explanation(
            address, "Innovation fund: awarded and not paid", found.promised, "pence", "Awards less what was paid",
            promised, citations=(PLANNING,), evidence=book_evidence(book),
        )  # fmt: skip
    if figure != "free":
        raise no_figure(address)
    held = Step("innovation-fund", "In the fund", found.held, (), None, found.balance.address if found.balance else "")
    less = Step("innovation-fund", "Less: awarded and not paid", -found.promised, (), None,
                innovation.address(place, "fund", "promised"))  # fmt: skip
    return Explanation(
        address, "Innovation fund: free to award", found.free, "pence", "In the fund - awarded and not paid",
        (held, less), citations=(PLANNING,), evidence=book_evidence(book),
    )  # fmt: skip


def _competency(book: Book, address: str, code: str) -> Explanation:
    line = next((each for each in incentives.scheme(book) if each.rule.code == code), None)
    if line is None or line.rule.amount is None:
        raise no_figure(address)
    step = Step("incentive-amount", f"{line.rule.title}, {BASES[line.rule.basis]}", line.rule.amount)
    return Explanation(
        address, f"Incentive scheme: {line.rule.title}", line.rule.amount, "pence", "As the scheme sets it", (step,),
        citations=(PLANNING,), evidence=(*book_evidence(book), ("revision", str(line.revision))),
    )  # fmt: skip


def explain_incentive(book: Book, address: str) -> Explanation:
    """Explain what a unit has earned under the incentive scheme, was credited, or what a competency earns."""
    parts = address.partition("?")[0].split("/")
    if len(parts) == 4 and parts[2] == "scheme":
        return _competency(book, address, parts[3])
    if len(parts) != 4 or parts[3] not in ("earned", "credited"):
        raise no_figure(address)
    if parts[3] == "credited":
        return _credited(book, address, parts[2])
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


def _credited(book: Book, address: str, unit: str) -> Explanation:
    found = incentives.result_of(book, incentives.unit_of(book, unit))
    steps = tuple(
        Step("ledger", f"Journal {number}", pence, (("on", on),))
        for number, on, pence in incentives.credits(book, unit)
    )
    return Explanation(
        address, f"{found.unit.name}: credited under the incentive scheme", found.credited, "pence",
        "Sum of the journals that credit the group, reversals taken off", steps,
        citations=(PLANNING,), evidence=book_evidence(book),
    )  # fmt: skip


EXPLAIN: Mapping[str, Callable[[Book, str], Explanation]] = {
    plans.PREFIX: explain_group_plan,
    incentives.PREFIX: explain_incentive,
    innovation.PREFIX: explain_innovation,
}
