"""SYNTHETIC commissioning plans for a demonstration: one agreed and published, one submitted, others as drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions import commissioning as write
from openpbc.finance.actions import innovation as fund
from openpbc.finance.actions.incentives import record_achievement, write_competency
from openpbc.finance.actions.operational_plan import write_operational_entry
from openpbc.finance.reads.commissioning import standings
from openpbc.finance.reads.innovation import held_money
from openpbc.finance.reads.ledger import Budget, budget_of
from openpbc.finance.rules.ledger import IN_SCOPE, OUT_OF_SCOPE
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import apply_ppm
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

CONTEXT = "SYNTHETIC: invented for demonstration. Emergency admissions of older people grow faster than the list."
_PRIORITIES = (
    ("SYNTHETIC: 18 weeks from referral to treatment", "national"),
    ("SYNTHETIC: fewer emergency admissions", "local"),
    ("SYNTHETIC: care closer to home", "local"),
)
# Title, cost in pence (none: not costed), priority (none: not linked).
_ITEMS: tuple[tuple[str, int | None, int | None], ...] = (
    ("SYNTHETIC: breathlessness clinic in the community", 185_000_00, 1),
    ("SYNTHETIC: minor surgery in practices", 92_500_00, 2),
    ("SYNTHETIC: review of follow-up appointments", -64_000_00, 0),
    ("SYNTHETIC: telephone advice before referral", None, None),
)
CARRIED_ON = "SYNTHETIC: services carried on from last year"
CARRIED_ON_PPM = 995_000
_FUND = 200_000_00


@audit.action("finance.demonstrate_plans")
def demonstrate_plans(*, by: Actor, place: str) -> None:
    """Write SYNTHETIC plans for the units of a place that has budgets; a second run changes nothing."""
    book = organisations.book(place)
    year, on = str(book.place.year), book.place.year.first
    budgets = {each.line: each.budget for each in standings(book)}
    if models.GroupPlan.objects.filter(place=place, year=year).exists() or not any(budgets.values()):
        audit.nothing_changed()
        return
    codes = [write.add_priority(by=by, place=place, title=title, kind=kind) for title, kind in _PRIORITIES]
    units = [each.code for each in organisations.units(place)]
    for at, unit in enumerate(units[:-1]):
        revision = write.write_group_plan(by=by, place=place, unit=unit, revision=0, context=CONTEXT)
        # Each group in turn leaves one more item open, so that the list shows plans at every stage.
        revision = _write_items(by, place, unit, revision, codes, budgets.get(unit), _ITEMS[: len(_ITEMS) - (at < 2)])
        _carry_forward(by, place, unit, revision, at, on)
    write.assign_support(by=by, place=place, unit=units[0], role="SYNTHETIC public health analyst", hours=8)
    write.ask_support(by=by, place=place, unit=units[0], field="activity modelling", what="SYNTHETIC: model the clinic")
    code = write_competency(by=by, place=place, title="SYNTHETIC: plan agreed before April", basis="group",
                            amount=10_000_00, part_pays=True)  # fmt: skip
    record_achievement(by=by, place=place, unit=units[0], code=code, level="met", evidence="SYNTHETIC: agreed plan")
    _fund_ideas(by, book, units, on)
    _promise(by, book)
    audit.note(subject=f"group-plan/{place}/{year}", after={"units": units[:-1]})


def _fund_ideas(by: Actor, book: Book, units: list[str], on: date) -> None:
    """A SYNTHETIC fund out of what is held, as far as there is something; one bid is awarded and paid in part."""
    held = [each for each in held_money(book) if each.pence >= _FUND]
    if not held:
        return
    place = book.place.id
    told = "SYNTHETIC: set aside for demonstration"
    fund.feed_innovation_fund(by=by, place=place, pence=_FUND, on=on, reason=told, source=held[0].account.code)
    for unit, title in zip(units, ("SYNTHETIC: tele-monitoring at home", "SYNTHETIC: shared record"), strict=False):
        fund.bid_for_innovation(by=by, place=place, unit=unit, title=title, asked=_FUND // 2)
    fund.decide_innovation_bid(by=by, place=place, number=1, revision=1, awarded=_FUND // 4, reason="SYNTHETIC: agreed")
    fund.pay_innovation_bid(by=by, place=place, number=1, pence=_FUND // 10, on=on)


def _promise(by: Actor, book: Book) -> None:
    """A SYNTHETIC operational plan: a pledge under way, a productivity plan without an action, an awaited document."""
    year = book.place.year
    common: dict[str, Any] = {"by": by, "place": book.place.id}
    write_operational_entry(kind="pledge", title="SYNTHETIC pledge: seen by a nurse within a day", state="under way",
                            action="SYNTHETIC: two practices try it", owner="SYNTHETIC lead for primary care",
                            due=year.last, **common)  # fmt: skip
    write_operational_entry(kind="productivity", title="SYNTHETIC: shorter stays after a fall", state="not begun",
                            **common)  # fmt: skip
    write_operational_entry(kind="framework", title="SYNTHETIC: the commissioner's own operating framework",
                            state="under way", due=year.previous.last, missing="vital signs", **common)  # fmt: skip


def _write_items(
    by: Actor,
    place: str,
    unit: str,
    revision: int,
    codes: list[str],
    budget: int | None,
    items: tuple[tuple[str, int | None, int | None], ...],
) -> int:
    for scope, ledger_scope in (("in", IN_SCOPE), ("out", OUT_OF_SCOPE)):
        held = budget_of(organisations.book(place), unit=unit, scope=ledger_scope) if budget else None
        if isinstance(held, Budget):
            carried = apply_ppm(held.pence, CARRIED_ON_PPM)
            write.write_plan_item(by=by, place=place, unit=unit, revision=revision, title=CARRIED_ON, cost=carried,
                                  priority=codes[0], scope=scope)  # fmt: skip
            revision += 1
    for title, cost, at in items:
        priority = "" if at is None else codes[at]
        write.write_plan_item(by=by, place=place, unit=unit, revision=revision, title=title, cost=cost,
                              priority=priority)  # fmt: skip
        revision += 1
    return revision


def _carry_forward(by: Actor, place: str, unit: str, revision: int, at: int, on: date) -> None:
    """The first plan is agreed and published, the second submitted, the others stay drafts."""
    if at > 1:
        return
    write.submit_group_plan(by=by, place=place, unit=unit, revision=revision)
    if at == 0:
        answer = "SYNTHETIC: agreed for demonstration"
        write.answer_group_plan(by=by, place=place, unit=unit, revision=revision + 1, agreed=True, answer=answer)
        write.publish_group_plan(by=by, place=place, unit=unit, revision=revision + 2, on=on)
