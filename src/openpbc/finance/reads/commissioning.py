"""Groups' commissioning plans: what each holds and costs, against the money that there is, and what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpbc.finance import models
from openpbc.finance.reads.ledger import Budget, NoBudget, budget_of
from openpbc.finance.reads.scenarios import FairShares, Settings, fair_shares
from openpbc.finance.rules.commissioning import (
    PRIORITY_KINDS,
    PlannedItem,
    cost_of,
    gap,
    plan_findings,
    support_due,
)
from openpbc.kernel.findings import Finding
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Unit
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table, Value

PREFIX = "group-plan"
SOURCES = "finance.policy_sources"
AIMS = "finance.commissioning_aims"
# What is asked for to see the priorities that name no aim.
NO_AIM = "none"
SUPPORT_RATE = "finance.management_support_rate"


@dataclass(frozen=True)
class PriorityFacts:
    """One priority, the units whose plans serve it, and what their items for it cost together (pence)."""

    code: str
    title: str
    kind: str
    policy_source: str
    aim: str
    units: tuple[str, ...]
    cost: int

    @property
    def shared(self) -> bool:
        """Whether more than one unit serves it."""
        return len(self.units) > 1


@dataclass(frozen=True)
class PlanItem:
    """One item of a plan; ``cost`` in pence, none while it is not costed."""

    number: int
    title: str
    priority: str
    priority_title: str
    scope: str
    cost: int | None
    runs_on: bool
    state: str
    address: str


@dataclass(frozen=True)
class Request:
    """Help that a group asked for; without an owner nobody gives it yet."""

    id: int
    field: str
    what: str
    owner: str


@dataclass(frozen=True)
class GroupPlan:
    """The plan of one unit; a unit that has none has the state "missing" and revision 0."""

    place: str
    year: str
    unit: Unit
    state: str
    context: str
    answer: str
    revision: int
    changed_by: str
    changed_at: datetime | None
    items: tuple[PlanItem, ...]
    requests: tuple[Request, ...]
    findings: tuple[Finding, ...]

    @property
    def cost(self) -> int:
        """What is costed, in pence."""
        return cost_of(planned(self.items))

    @property
    def not_costed(self) -> int:
        """How many items have no cost."""
        return sum(item.cost is None for item in self.items)

    def address(self, figure: str) -> str:
        """The address of a figure of the plan."""
        return f"{PREFIX}/{self.place}/{self.unit.code}/{figure}"


@dataclass(frozen=True)
class Standing:
    """Plans of one budget line against its money; ``budget`` and ``gap`` are none where there is no budget."""

    line: str
    name: str
    units: tuple[str, ...]
    cost: int
    cost_address: str
    budget: int | None
    budget_address: str
    gap: int | None
    gap_address: str
    against: str


@dataclass(frozen=True)
class Support:
    """The commissioner's staff that works for a unit, and what its practices would bring it."""

    unit: Unit
    practices: int
    roles: tuple[tuple[str, int], ...]
    due: int | None
    due_address: str

    @property
    def hours(self) -> int:
        """Hours a week in all."""
        return sum(hours for _, hours in self.roles)


@dataclass(frozen=True)
class Published:
    """A plan as it was published."""

    unit: str
    version: int
    published_on: date
    body: Mapping[str, Any]


def planned(items: tuple[PlanItem, ...]) -> tuple[PlannedItem, ...]:
    """The items as the rule reads them."""
    return tuple(PlannedItem(each.number, each.title, each.cost, each.priority, each.scope) for each in items)


def choices(book: Book, table: str) -> tuple[tuple[str, str], ...]:
    """The rows of a list of the rulebook, as pairs of code and title; none where it is not set."""
    found = book.table(table)
    return tuple((row["code"], row["title"]) for row in found) if isinstance(found, Table) else ()


def group_plans(book: Book) -> tuple[GroupPlan, ...]:
    """The plan of every unit of the place, those without one included."""
    rows = models.GroupPlan.objects.filter(place=book.place.id, year=str(book.place.year))
    found = {row.unit: row for row in rows.prefetch_related("items__priority", "requests")}
    return tuple(_plan(book, unit, found.get(unit.code)) for unit in organisations.units(book.place.id))


def group_plan(book: Book, unit: str) -> GroupPlan:
    """The plan of one unit; an unknown unit is a person's mistake."""
    wanted = organisations.unit_by_alias(book.place.id, unit)
    return next(plan for plan in group_plans(book) if plan.unit.code == wanted.code)


def _plan(book: Book, unit: Unit, row: models.GroupPlan | None) -> GroupPlan:
    place, year = book.place.id, str(book.place.year)
    if row is None:
        return GroupPlan(place, year, unit, "missing", "", "", 0, "", None, (), (), ())
    items = tuple(_item(place, unit, each) for each in row.items.all())
    return GroupPlan(
        place,
        year,
        unit,
        row.state,
        row.context,
        row.answer,
        row.revision,
        row.changed_by,
        row.changed_at,
        items,
        tuple(Request(each.pk, each.field, each.what, each.owner) for each in row.requests.all()),
        plan_findings(planned(items), has_context=bool(row.context)),
    )


def _item(place: str, unit: Unit, row: models.GroupPlanItem) -> PlanItem:
    code, title = (row.priority.code, row.priority.title) if row.priority else ("", "")
    address = f"{PREFIX}/{place}/{unit.code}/item-{row.number}"
    return PlanItem(row.number, row.title, code, title, row.scope, row.cost, row.runs_on, row.state, address)


def priorities(book: Book) -> tuple[PriorityFacts, ...]:
    """Every priority of the year, once, with the units that serve it."""
    rows = models.Priority.objects.filter(place=book.place.id, year=str(book.place.year)).order_by("code")
    return tuple(_priority(row) for row in rows.prefetch_related("items__plan"))


def by_aim(book: Book) -> tuple[tuple[str, str, tuple[PriorityFacts, ...]], ...]:
    """Each aim of commissioning with the priorities that serve it, and last those that name none."""
    found = priorities(book)
    listed = (*choices(book, AIMS), (NO_AIM, "No aim named"))
    known = {code for code, _ in listed}
    return tuple(
        (code, title, tuple(each for each in found if (each.aim if each.aim in known else NO_AIM) == code))
        for code, title in listed
    )


def serving(book: Book, aim: str) -> tuple[PriorityFacts, ...]:
    """The priorities that serve one aim (or name none); all of them where no aim is asked for."""
    if not aim:
        return priorities(book)
    found = {code: served for code, _, served in by_aim(book)}
    if aim not in found:
        raise UserError(f"'{aim[:40]}' is no aim of commissioning", do=f"Choose one of {', '.join(found)}.")
    return found[aim]


def _priority(row: models.Priority) -> PriorityFacts:
    items = list(row.items.all())
    units = tuple(sorted({item.plan.unit for item in items}))
    return PriorityFacts(
        row.code,
        row.title,
        PRIORITY_KINDS[row.kind],
        row.policy_source,
        row.aim,
        units,
        sum(item.cost or 0 for item in items),
    )


def standings(book: Book, scenario: str = "") -> tuple[Standing, ...]:
    """Plans against budgets, one row a budget line: the ledger's budget, or that of a scenario where one is named.

    ``scenario`` is its code, or settings as the query of an address.
    """
    plans = group_plans(book)
    lines = dict.fromkeys(plan.unit.budget_line or plan.unit.code for plan in plans)
    settings = Settings.parse(scenario) if "=" in scenario else Settings(scenario)
    shares = fair_shares(book, settings) if scenario else None
    return tuple(_standing(book, line, plans, shares) for line in lines)


def _standing(book: Book, line: str, plans: tuple[GroupPlan, ...], shares: FairShares | NotSet | None) -> Standing:
    own = [plan for plan in plans if (plan.unit.budget_line or plan.unit.code) == line]
    cost = sum(plan.cost for plan in own)
    budget, address, against = _budget(book, line, shares)
    against_shares = shares.settings if isinstance(shares, FairShares) else None
    left = None if budget is None else gap(budget, cost)
    name = next((plan.unit.name for plan in own if plan.unit.code == line), line)
    units = tuple(plan.unit.name for plan in own)
    return Standing(
        line, name, units, cost, line_address(book, line, "line-cost"), budget, address, left,
        line_address(book, line, "gap", against_shares), against,
    )  # fmt: skip


def line_address(book: Book, line: str, figure: str, settings: Settings | None = None) -> str:
    """The address of a budget line's ``line-cost``, or of its ``gap`` under settings of fair shares."""
    return f"{PREFIX}/{book.place.id}/{line}/{figure}" + (f"?{settings.query}" if settings else "")


def _budget(book: Book, line: str, shares: FairShares | NotSet | None) -> tuple[int | None, str, str]:
    if isinstance(shares, FairShares):
        group = next((each for each in shares.groups if each.code == line), None)
        return (group.total, shares.address(line, "total"), shares.scenario.title) if group else (None, "", "")
    found: Budget | NoBudget = budget_of(book, unit=line)
    return (found.pence, found.address, "the ledger") if isinstance(found, Budget) else (None, "", found.why)


def support(book: Book) -> tuple[Support, ...]:
    """Who of the commissioner's staff works for each unit, and what the scale by practices gives."""
    place, year = book.place.id, str(book.place.year)
    rate = book.value(SUPPORT_RATE)
    rows = models.SupportRole.objects.filter(place=place, year=year)
    practices = organisations.practices(place, on=book.place.year.last)
    found = []
    for unit in organisations.units(place):
        number = sum(each.unit == unit.code for each in practices)
        roles = tuple((row.role, row.hours) for row in rows if row.unit == unit.code)
        due = support_due(number, rate.pence).effect if isinstance(rate, Value) else None
        found.append(Support(unit, number, roles, due, f"{PREFIX}/{place}/{unit.code}/support"))
    return tuple(found)


def published_body(plan: models.GroupPlan) -> dict[str, Any]:
    """What is published of a plan: context, items with cost and the priorities that they serve."""
    return {
        "context": plan.context,
        "items": [
            {
                "title": item.title,
                "priority": item.priority.title if item.priority else "",
                "cost": item.cost,
                "state": item.state,
            }
            for item in plan.items.select_related("priority")
        ],
    }


def published_plans(place: str) -> tuple[Published, ...]:
    """The newest published version of each unit's plan."""
    rows = models.PublishedPlan.objects.filter(place=place).order_by("unit", "version")
    newest = {row.unit: row for row in rows}
    return tuple(Published(row.unit, row.version, row.published_on, row.body) for row in newest.values())
