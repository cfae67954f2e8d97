"""Groups' plans, the incentive scheme and the innovation fund."""

from __future__ import annotations

from datetime import date

from openpbc.finance import actions
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, form

UNIT = "DATCOM"
PLAN, FUND, SCHEME = f"/p/{HERE}/units/{UNIT}/plan", f"/p/{HERE}/innovation-fund", f"/p/{HERE}/incentives"
DAY = date(2008, 4, 1)
ITEM = {"title": "Clinic", "scope": "in", "cost": "5", "runs_on": "no", "state": "proposed"}


def _item() -> None:
    actions.write_plan_item(by=SYSTEM, place=HERE, unit=UNIT, revision=0, title="Clinic", cost=5_00)


def _submitted() -> None:
    _item()
    actions.submit_group_plan(by=SYSTEM, place=HERE, unit=UNIT, revision=1)


def _agreed() -> None:
    _submitted()
    actions.answer_group_plan(by=SYSTEM, place=HERE, unit=UNIT, revision=2, agreed=True, answer="")


def _money() -> None:
    entries = (Entry("allocation", -1_000_00), Entry("held/unallocated", 1_000_00))
    actions.post(by=SYSTEM, place=HERE, kind="allocation", entries=entries, on=DAY, reason="SYNTHETIC")


def _bid() -> None:
    _money()
    actions.feed_innovation_fund(by=SYSTEM, place=HERE, pence=500_00, on=DAY, reason="SYNTHETIC")
    actions.bid_for_innovation(by=SYSTEM, place=HERE, unit=UNIT, title="Idea", asked=100_00)


def _award() -> None:
    _bid()
    actions.decide_innovation_bid(by=SYSTEM, place=HERE, number=1, revision=1, awarded=100_00, reason="SYNTHETIC")


def _paid() -> None:
    _award()
    actions.pay_innovation_bid(by=SYSTEM, place=HERE, number=1, pence=50_00, on=DAY)


def _competency() -> None:
    actions.write_competency(by=SYSTEM, place=HERE, title="Plan", basis="group", amount=10_00, part_pays=False)


def _earned() -> None:
    _money()
    _competency()
    actions.record_achievement(by=SYSTEM, place=HERE, unit=UNIT, code="C01", level="met", evidence="SYNTHETIC")


def _promised() -> None:
    actions.write_operational_entry(by=SYSTEM, place=HERE, kind="pledge", title="A pledge", state="not begun")


_PROMISE = {"kind": "pledge", "title": "A pledge", "state": "under way", "due": "31/3/2008"}
_SURE = {"confirmed": "yes"}
FORMS = {
    "finance:plan-context": form("group_manager", f"{PLAN}/context", {"context": "Older", "revision": "0"}),
    "finance:plan-item-add": form("group_manager", f"{PLAN}/items/add", ITEM | {"revision": "0"}),
    "finance:plan-item": form("gp_lead", f"{PLAN}/items/1", ITEM | {"revision": "1"}, _item),
    "finance:plan-item-remove": form("group_manager", f"{PLAN}/items/1/remove", {"revision": "1"}, _item),
    "finance:plan-support": form("group_manager", f"{PLAN}/support", {"what": "Help", "field": "prescribing"}),
    "finance:plan-submit": form("group_manager", f"{PLAN}/submit", {"revision": "1"} | _SURE, _item),
    "finance:plan-answer": form("finance_manager", f"{PLAN}/answer", {"agreed": "yes", "revision": "2"}, _submitted),
    "finance:plan-publish": form(
        "finance_manager", f"{PLAN}/publish", {"on": "1/4/2008", "revision": "3"} | _SURE, _agreed
    ),
    "finance:operational-add": form("finance_manager", f"/p/{HERE}/operational-plan/add", _PROMISE),
    "finance:operational-entry": form(
        "finance_manager", f"/p/{HERE}/operational-plan/OP01", _PROMISE | {"revision": "1"}, _promised
    ),
    "finance:priority-add": form(
        "group_manager", f"/p/{HERE}/commissioning-plans/priorities/add", {"title": "18 weeks", "kind": "national"}
    ),
    "finance:plan-staff": form(
        "finance_manager", f"/p/{HERE}/commissioning-plans/staff", {"unit": UNIT, "role": "Analyst", "hours": "8"}
    ),
    "finance:competency-add": form(
        "finance_manager",
        f"{SCHEME}/competencies/add",
        {"title": "Plan", "basis": "group", "part_pays": "no", "revision": "0"},
    ),
    "finance:competency": form(
        "finance_manager",
        f"{SCHEME}/competencies/C01",
        {"title": "Plan", "basis": "patient", "part_pays": "no", "revision": "1"},
        _competency,
    ),
    "finance:achievement": form(
        "finance_manager",
        f"{SCHEME}/shown",
        {"unit": UNIT, "code": "C01", "level": "met", "evidence": "Minute"},
        _competency,
    ),
    "finance:incentive-credit": form(
        "finance_manager",
        f"{SCHEME}/{UNIT}/credit",
        {"pence": "10", "on": "1/4/2008", "seen": "0", "source": "held/unallocated"} | _SURE,
        _earned,
    ),
    "finance:innovation-feed": form(
        "finance_manager",
        f"{FUND}/set-aside",
        {"pence": "5", "on": "1/4/2008", "reason": "fence", "source": "held/unallocated"} | _SURE,
        _money,
    ),
    "finance:innovation-bid-add": form("gp_lead", f"{FUND}/bids/add", {"unit": UNIT, "title": "Idea", "asked": "5"}),
    "finance:innovation-decide": form(
        "finance_manager",
        f"{FUND}/bids/1/decide",
        {"decision": "award", "awarded": "5", "reason": "good", "revision": "1"} | _SURE,
        _bid,
    ),
    "finance:innovation-pay": form(
        "finance_manager", f"{FUND}/bids/1/pay", {"pence": "5", "on": "1/4/2008"} | _SURE, _award
    ),
    "finance:innovation-return": form(
        "finance_manager", f"{FUND}/bids/1/return", {"pence": "5", "on": "1/4/2008", "reason": "unspent"}, _paid
    ),
    "finance:innovation-evaluate": form(
        "finance_manager", f"{FUND}/bids/1/evaluate", {"evaluation": "It worked", "revision": "2"}, _award
    ),
}
