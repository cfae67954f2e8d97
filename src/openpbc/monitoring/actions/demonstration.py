"""Fills a demonstration with SYNTHETIC amounts, a division, notes and actions; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc import audit
from openpbc.finance import actions as finance_actions
from openpbc.finance import reads as finance
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import PPM, apply_ppm, share_out
from openpbc.kernel.periods import Month
from openpbc.monitoring.actions.dividing import divide_budget
from openpbc.monitoring.actions.entering import enter_many
from openpbc.monitoring.actions.following import note_variance, set_task
from openpbc.monitoring.actions.periods import lock_position
from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.amounts import Amount
from openpbc.monitoring.reads.bases import period_events
from openpbc.monitoring.reads.entered import ACCRUAL, ACTUAL, FORECAST
from openpbc.monitoring.reads.funds import BUDGETS
from openpbc.monitoring.reads.holders import GROUP, Holder
from openpbc.monitoring.reads.ingredients import Ingredients, ingredients
from openpbc.monitoring.reads.lines import EMERGENCY, EVERY_OTHER, lines_of_pods
from openpbc.monitoring.reads.plans import planned
from openpbc.monitoring.rules.profiles import MONTHS, spread
from openpbc.organisations import reads as organisations

SOURCE = "SYNTHETIC, invented for demonstration"
# How the money beside hospital care is cut, and how far its actual lies from a twelfth, in parts per million.
WEIGHTS = (40, 35, 25)
DRIFTS = (22_000, -9_000, 4_000)
WOBBLE = 4_000
LAST_YEAR = 955_000
ACCRUED, EXPECTED = 15_000, 1_012_000


@dataclass(frozen=True)
class _Cut:
    """One group's invented year: each service line's pence."""

    unit: str
    lines: dict[str, int]


@audit.action("monitoring.show_in_year")
def show_in_year(*, by: Actor, place: str, months: Sequence[Month]) -> int:
    """Divide the budgets, enter SYNTHETIC amounts for closed months, say something of the last one, lock the first.

    The number of entries made is given; nought when everything was there.
    """
    if not months:
        audit.nothing_changed()
        return 0
    found = ingredients(place, months[-1])
    cuts = tuple(_cuts(found))
    if finance.has_budgets(place, str(found.book.place.year)):
        for cut in cuts:
            _issue(by, found, cut.unit)
            _divide(by, found, cut)
    amounts = [amount for cut in cuts for amount in _amounts(found, cut, months)]
    made = enter_many(by=by, place=place, amounts=amounts)
    for cut in cuts:
        _say(by, place, months[-1], cut.unit, found)
    if cuts and not period_events(place, months[0]):
        lock_position(by=by, place=place, month=months[0])
    if made:
        audit.note(subject=f"place/{place}", after={"entries": len(made)})
    else:
        audit.nothing_changed()
    return len(made)


def _cuts(found: Ingredients) -> Iterator[_Cut]:
    """Hospital lines follow the activity plan, the other lines share what the plan leaves of the budget."""
    pods, year = lines_of_pods(found.book), str(found.book.place.year)
    others = [line.code for line in found.lines if line.is_entered]
    for unit in found.holders.groups:
        held = [fund for fund in found.funds.funds if fund.kind in BUDGETS]
        budget = sum(fund.pence for fund in held if Holder(GROUP, unit) in _of(found, fund.unit))
        lines: dict[str, int] = {line.code: 0 for line in found.lines if not line.is_entered}
        for row in planned(found.book.place.id, year, Selection(budget_line=unit)).rows:
            lines[pods.get(row.pod, pods[EVERY_OTHER])] += row.charge
        rest = budget - sum(lines.values())
        if rest > 0 and others:
            weights = {code: WEIGHTS[at % len(WEIGHTS)] for at, code in enumerate(others)}
            yield _Cut(unit, lines | share_out(rest, weights))


def _of(found: Ingredients, unit: str) -> tuple[Holder, ...]:
    return found.holders.of(unit, "")


def _issue(by: Actor, found: Ingredients, unit: str) -> None:
    """Hand the group's budget on to its practices by their lists, where every list is known."""
    place, day = found.book.place.id, found.book.place.year.first
    lists = [each.list_size for each in organisations.practices(place, day) if each.unit == unit]
    if lists and None not in lists:
        reason = f"Indicative budgets by registered list. {SOURCE}"
        finance_actions.issue_indicative(by=by, place=place, unit=unit, method="registered-list", on=day, reason=reason)


def _divide(by: Actor, found: Ingredients, cut: _Cut) -> None:
    place, year = found.book.place.id, found.book.place.year
    if any(line for (holder, line) in found.shared if holder == Holder(GROUP, cut.unit) and line != "undivided"):
        return
    divide_budget(
        by=by,
        place=place,
        unit=cut.unit,
        amounts=cut.lines,
        on=year.first,
        reason=f"Division over service lines. {SOURCE}",
        key=f"synthetic-division/{cut.unit}",
    )


def _amounts(found: Ingredients, cut: _Cut, months: Sequence[Month]) -> Iterator[Amount]:
    others = [line.code for line in found.lines if line.is_entered]
    for at, code in enumerate(others):
        twelfths = spread(cut.lines[code], (1,) * MONTHS)
        for month in months:
            drift = DRIFTS[at % len(DRIFTS)] + (month.number * 7 + at * 3) % 5 * WOBBLE - 2 * WOBBLE
            pence = apply_ppm(twelfths[month.number - 1], PPM + drift)
            yield from _parts(found, cut.unit, code, month, pence, by_practice=at == 0)
    yield from _before(found, cut)
    last, code = months[-1], others[-1]
    accrued = apply_ppm(cut.lines[others[len(others) // 2]], ACCRUED)
    yield Amount(last, cut.unit, "", others[len(others) // 2], ACCRUAL, accrued, f"Invoices to come. {SOURCE}")
    expected = apply_ppm(cut.lines[code], EXPECTED)
    yield Amount(last, cut.unit, "", code, FORECAST, expected, f"Placements known for the year. {SOURCE}")


def _parts(
    found: Ingredients, unit: str, code: str, month: Month, pence: int, *, by_practice: bool
) -> Iterator[Amount]:
    """Prescribing is known by practice; what is not by practice is entered for the group."""
    sizes = {
        each.code: each.list_size or 0
        for each in organisations.practices(found.book.place.id)
        if found.holders.unit_of.get(each.code) == unit
    }
    if not by_practice or not any(sizes.values()):
        yield Amount(month, unit, "", code, ACTUAL, pence, SOURCE)
        return
    for practice, share in share_out(pence, sizes).items():
        yield Amount(month, unit, practice, code, ACTUAL, share, SOURCE)


def _before(found: Ingredients, cut: _Cut) -> Iterator[Amount]:
    """Last year, month by month, a little below this year's budget."""
    for code, pence in cut.lines.items():
        shares = spread(apply_ppm(pence, LAST_YEAR), (1,) * MONTHS)
        for month in found.book.place.year.previous.months:
            yield Amount(month, cut.unit, "", code, ACTUAL, shares[month.number - 1], SOURCE)


def _say(by: Actor, place: str, month: Month, unit: str, found: Ingredients) -> None:
    line = next((line for line in found.lines if line.care == EMERGENCY), None)
    first = next((line for line in found.lines if line.is_entered), None)
    if line is None or first is None:
        return
    due = _day_after(month)
    note_variance(
        by=by,
        place=place,
        month=month,
        unit=unit,
        service_line=first.code,
        text="SYNTHETIC note: two dear drugs came in during the summer; switching has begun in half of the practices.",
    )
    set_task(
        by=by,
        place=place,
        month=month,
        unit=unit,
        service_line=line.code,
        text="SYNTHETIC action: look at short stays that began at night",
        role="group_manager",
        due=due,
    )


def _day_after(month: Month) -> date:
    """The last day of the month in which the position is talked about."""
    return month.next().next().last
