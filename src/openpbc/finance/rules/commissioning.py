"""What a group's commissioning plan must say, what it comes to, and how it compares with the money that there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.steps import Step

STATES = ("draft", "submitted", "returned", "agreed")
ITEM_STATES = ("proposed", "under way", "done", "stopped")
PRIORITY_KINDS = {"national": "national", "regional": "regional", "pledge": "regional pledge", "local": "local"}
SUPPORT_FIELDS = ("activity modelling", "prescribing", "mental health")

COST = "group-plan-cost"
SUPPORT = "management-support"


@dataclass(frozen=True)
class PlannedItem:
    """One item of a plan: its cost in pence (none while nobody has costed it) and the priority that it serves."""

    number: int
    title: str
    cost: int | None
    priority: str
    scope: str


def cost_of(items: Iterable[PlannedItem]) -> int:
    """Add up what is costed, in pence; savings are below nought."""
    return sum(item.cost for item in items if item.cost is not None)


def cost_steps(items: Sequence[PlannedItem], name: str) -> tuple[Step, ...]:
    """The cost as steps, one a costed item."""
    return tuple(Step(COST, f"{name}: {item.title}", item.cost) for item in items if item.cost is not None)


def plan_findings(items: Sequence[PlannedItem], *, has_context: bool) -> tuple[Finding, ...]:
    """Say what a plan still lacks: its context, a cost, or the priority that an item serves."""
    found = []
    if not has_context:
        found.append(_lacks("GP-01", "", "The plan does not say its context yet."))
    if not items:
        found.append(_lacks("GP-02", "", "The plan has no item yet."))
    for item in items:
        if item.cost is None:
            found.append(_lacks("GP-03", item.title, f"'{item.title}' is not costed."))
        if not item.priority:
            found.append(_lacks("GP-04", item.title, f"'{item.title}' serves no national or local priority."))
    return tuple(found)


def _lacks(rule: str, field: str, sentence: str) -> Finding:
    return Finding(rule, Level.WARNING, Place(field=field), sentence)


def gap(budget: int, cost: int) -> int:
    """What the budget leaves after the plan, in pence; below nought the plan costs more than there is."""
    return budget - cost


def support_due(practices: int, rate: int) -> Step:
    """Management support by number of practices: a set sum for each, in pence."""
    inputs = (("practices", str(practices)),)
    return Step(SUPPORT, f"{practices} practices at the set rate", practices * rate, inputs)
