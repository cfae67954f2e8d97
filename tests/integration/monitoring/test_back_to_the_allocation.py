"""From each group's budget statement back to the published allocation, by addresses alone, as somebody would click."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import unquote

import pytest

from openpbc.finance import actions as finance
from openpbc.finance import reads as ledger
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Step, recompute
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads.holders import GROUP, Holder
from openpbc.organisations import reads as organisations
from openpbc.site import rooms
from tests.integration.finance.budget_setting import approved, decide, drafted, propose, revision
from tests.integration.monitoring.invented import unit
from tests.integration.site.conftest import As, as_role, people, quick_hashing

__all__ = ["as_role", "people", "quick_hashing"]

PLACE, APRIL = "west-herts-2008", Month(2008, 4)
FINANCE = Actor("finance@demo", "A finance manager", frozenset({"finance_manager"}))
GROUPS = ("WATCOM", "DATCOM", "STAHCOM", "HERTSMERE")
ALLOCATION = f"finance/{PLACE}/T3/total/y0809"
# What is passed, in this order, on the way back: ledger, budget set, scenario, published table.
LANDMARKS = ("/balance/", "/line/", "budget-set/", "fair-shares/", f"finance/{PLACE}/T")
POSTED = {"by": FINANCE, "place": PLACE, "on": date(2008, 4, 30), "reason": "SYNTHETIC: a test"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def statements(publish) -> dict[str, str]:
    """Each group's statement figure after April, with budgets issued to practices and divided over service lines."""
    approved()
    publish("2008-04", [unit(1)])
    members = [each.code for each in organisations.practices(PLACE, APRIL.first) if each.unit == "WATCOM"][:2]
    issued = [Entry(f"practice/{code}/in-scope", pence) for code, pence in zip(members, (600, 301), strict=True)]
    finance.post(kind="indicative", entries=(Entry("group/WATCOM/in-scope", -901), *issued), **POSTED)
    whole = reads.division(organisations.book(PLACE), "WATCOM").total
    actions.divide_budget(unit="WATCOM", amounts={"prescribing": 1_000_000, "acute": whole - 1_000_000}, **POSTED)
    return {code: _figure(code) for code in GROUPS}


def _figure(code: str) -> str:
    return reads.statement(PLACE, APRIL, Holder(GROUP, code)).position.total.figures["budget"].address


def explain(address: str) -> Explanation:
    found = rooms.explain(address, organisations.Viewer(FINANCE))
    assert recompute(found) == found.value, address
    assert not found.grounds or sum(step.effect for step in found.grounds) == found.value, address
    return found


def ways_back(start: str, goal: str) -> list[str]:
    """Follow addresses, what a figure rests on before its steps, until the goal is reached: the addresses passed."""
    came_from, waiting = {start: ""}, [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return _path(came_from, here)
        found = explain(here)
        onward = [step.address for step in (*found.grounds, *found.steps) if step.address]
        for address in reversed([each for each in onward if each not in came_from]):
            came_from[address] = here
            waiting.append(address)
        assert len(came_from) < 400, f"{start} leads astray"
    raise AssertionError(f"{start} leads nowhere near {goal}")


def _path(came_from: dict[str, str], here: str) -> list[str]:
    path = [here]
    while came_from[path[-1]]:
        path.append(came_from[path[-1]])
    return path[::-1]


def test_every_group_reaches_the_published_allocation_click_by_click(statements: dict[str, str]) -> None:
    for code, start in statements.items():
        path = ways_back(start, ALLOCATION)
        first = [next(at for at, address in enumerate(path) if mark in address) for mark in LANDMARKS]
        assert first == sorted(first), (code, path)
        assert any(f"budget-set/{PLACE}/1/{code}/" in address for address in path), (code, path)
        assert len(path) <= 16, "nobody clicks more often"
    printed = explain(ALLOCATION)
    assert printed.value == 71_094_900_000
    assert printed.citations, "and there stands what was published"


@pytest.mark.one_database
def test_each_link_from_a_groups_statement_to_the_allocation_is_on_the_page_before(
    statements: dict[str, str], as_role: As
) -> None:
    browser = as_role("finance_manager")
    for code in GROUPS[1:]:
        path = ways_back(statements[code], ALLOCATION)
        page = browser.get(f"/p/{PLACE}/units/{code}/statement?month={APRIL}").content.decode()
        for address in path:
            links = {unquote(unescape(each)): unescape(each) for each in re.findall(r'href="([^"]+)"', page)}
            assert f"/explain/{address}" in links, f"{code}: nothing leads to {address}"
            answer = browser.get(links[f"/explain/{address}"])
            page = answer.content.decode()
            assert answer.status_code == 200 and "Worked out again" in page, address


def test_out_of_scope_and_held_money_lead_back_as_well(statements: dict[str, str]) -> None:
    for account in ("group/HERTSMERE/out-of-scope", "held/contingency", "deposit/DATCOM", "allocation"):
        assert ways_back(ledger.balance(PLACE, "2008-09", account).address, ALLOCATION)


def _grounds(kind: str, code: str, year: str = "2008-09") -> tuple[Step, ...]:
    latest = next(each for each in ledger.journals(PLACE, year) if each.kind == kind)
    return explain(next(each.address for each in latest.entries if each.account.code == code)).grounds


def test_a_later_set_rests_on_itself_less_the_one_before(statements: dict[str, str]) -> None:
    second = drafted("scenario=no_deposit&pot=49567800000")
    propose(second)
    decision = decide(second)
    code = "group/DATCOM/in-scope"
    finance.approve_budget_set(by=FINANCE, place=PLACE, number=second, revision=revision(second), decision=decision)
    found = _grounds("budget", code)
    assert [step.address.split("/")[2] for step in found] == ["2", "1"]
    assert found[0].effect > 0 > found[1].effect


def test_a_reversal_rests_on_what_it_undoes_and_a_virement_on_what_was_held(statements: dict[str, str]) -> None:
    moved = (Entry("held/contingency", -5_000), Entry("group/DATCOM/in-scope", 5_000))
    posted = finance.post(kind="virement", entries=moved, **POSTED)
    (before, left) = _grounds("virement", "group/DATCOM/in-scope")
    assert before.effect == 710_800_000 and before.effect + left.effect == 5_000
    assert explain(before.address).value == before.effect
    finance.reverse(by=SYSTEM, place=PLACE, number=posted.number, on=date(2008, 5, 1), reason="a mistake")
    (undone,) = _grounds("reversal", "group/DATCOM/in-scope")
    assert undone.effect == -5_000 and f"/line/{posted.number}." in undone.address


def test_who_only_says_that_a_set_was_the_source_gets_no_figure_of_the_set(statements: dict[str, str]) -> None:
    moved = (Entry("held/contingency", -7), Entry("group/DATCOM/in-scope", 7))
    finance.post(kind="budget", entries=moved, source="budget-set/1", **POSTED)
    assert not any("budget-set/" in step.address for step in _grounds("budget", "group/DATCOM/in-scope"))
