"""The value of a case over its whole life, by whom it is decided on that, and which cases may be one with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc.finance.reads import NoBudget
from openpbc.governance import reads as governance
from openpbc.governance.reads import Facts
from openpbc.governance.reads.delegation import Judged
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.interests import conflicted
from openpbc.redesign.reads.parts import bodies, case_for_change
from openpbc.redesign.rules.diagram import ROUTE_FACTS
from openpbc.redesign.rules.shifts import ShiftTable
from openpbc.redesign.rules.transitions import APPROVAL, EXISTING
from openpbc.redesign.rules.value import covers, missing, whole_life


def money(case: Case) -> ShiftTable:
    """The money of a case as it is written now."""
    return case_for_change(bodies(case)).shifts


def value(case: Case) -> int | None:
    """What a case is worth over its whole life, in pence; none while it is not known."""
    return whole_life(money(case))


def why_no_value(case: Case) -> str:
    """Say why a case has no value yet; empty when it has one."""
    return missing(money(case))


@dataclass(frozen=True)
class HeldBudget:
    """Whether the group of a case holds the budget for it, and why or why not."""

    held: bool
    because: str


def held_budget(case: Case, on: date | None = None, beside: Beside | None = None) -> HeldBudget:
    """Say whether the group's budget, as the ledger had it on a day, covers what the case costs in its dearest year."""
    if told := why_no_value(case):
        return HeldBudget(held=False, because=told)
    known = beside or alone(case)
    budget, name, year = known.budget(case.unit, on), known.group(case.unit), known.book.place.year
    if isinstance(budget, NoBudget):
        return HeldBudget(held=False, because=f"The ledger of {year} holds no budget of {name}.")
    held = covers(budget.pence, money(case))
    which = "covers" if held else "does not cover"
    because = f"The budget of {name} in the ledger of {year} {which} the year that costs most."
    return HeldBudget(held=held, because=because)


def question(case: Case, route: str, on: date | None = None, beside: Beside | None = None) -> Judged:
    """What the scheme of delegation is asked of a case on a route on a day, which is today unless it is said.

    Cases of one group and area are valued together. A budget that came or went later changes nothing for that day.
    ``beside`` is what stands beside the cases among which this one is asked.
    """
    known = beside or alone(case)
    day = on or known.today
    facts = Facts(
        budget_held=held_budget(case, day, known).held,
        value_pence=value(case),
        route=ROUTE_FACTS.get(route, ""),
        conflicted=conflicted(case, known),
        disputed=case.refusals > 1,
        new_provider=bool(route) and route != EXISTING,
    )
    area = governance.folded(case.area)
    return Judged(case.place, case.matter, facts, case.unit, area, day)


def alone(case: Case) -> Beside:
    """What stands beside a case that is asked alone."""
    return Beside(organisations.book(case.place), (case,))


def named_route(case: Case, beside: Beside | None = None) -> str:
    """The one route that the groups that agree named; empty while they differ or none did."""
    named = {each.route for each in (beside or alone(case)).answers(case).values() if each.agreed}
    return named.pop() if len(named) == 1 else ""


def agreed_route(case: Case, beside: Beside | None = None) -> str:
    """The route that the body decided, else the one that the groups named; empty while there is neither."""
    return case.decided_route or named_route(case, beside)


def decides(case: Case, route: str, beside: Beside | None = None) -> governance.Level:
    """By whom a case is decided if it were sent on this route today, and why."""
    known = beside or alone(case)
    return known.judges.judged(question(case, route, beside=known))


def decided_elsewhere(
    case: Case, now: governance.Level | None = None, beside: Beside | None = None
) -> governance.Level | None:
    """By whom a case that waits for approval is decided today, if that is not where it was sent; else none.

    An interest that was declared since, a scheme that came into force, or another case that is one with it raise it.
    ``now`` is the level of today, if somebody worked it out already.
    """
    if case.stage != APPROVAL:
        return None
    known = beside or alone(case)
    kept, now = known.levels.get(case.matter), now or decides(case, agreed_route(case, known), known)
    return now if kept is not None and kept.level.body != now.body else None
