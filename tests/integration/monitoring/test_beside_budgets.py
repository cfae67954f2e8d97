"""Money beside the budgets stands where it belongs: with the group that freed it, or with the partners who share it."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from openpbc.finance import actions as finance
from openpbc.finance import reads as ledger
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.reads.funds import keep_funds, kept_funds
from openpbc.monitoring.reads.holders import GROUP, HELD, Holder
from openpbc.organisations.reads import book
from tests.integration.site.conftest import As, as_role, people, quick_hashing

pytestmark = pytest.mark.one_database
PLACE, OWN, MONTH = "west-herts-2008", "DATCOM", Month(2008, 4)
AT = f"/p/{PLACE}"
__all__ = ["as_role", "people", "quick_hashing"]


@pytest.fixture
def beside(budgeted: str) -> str:
    """£100 freed up by DatCom, of which £10 is used; a pooled fund of ours and of a partner, of which £30 is spent."""
    told: dict[str, Any] = {"by": SYSTEM, "place": PLACE, "on": date(2008, 4, 1), "reason": "SYNTHETIC"}
    finance.free_up(source=f"group/{OWN}/in-scope", pence=100_00, **told)
    finance.use_freed(unit=OWN, pence=10_00, purpose="nurse", **told)
    finance.pay_into_pool(pool="beds", partner="health", pence=50_00, source="held/contingency", **told)
    finance.pay_into_pool(pool="beds", partner="county", pence=100_00, **told)
    finance.spend_from_pool(pool="beds", pence=30_00, purpose="hoists", **told)
    return budgeted


def test_the_commissioner_holds_neither_freed_nor_pooled_money(beside: str) -> None:
    found = reads.in_year(PLACE, MONTH)
    held = sum(each.pence for each in ledger.ledger_balances(PLACE, "2008-09", kind="held"))
    own = next(row.figures["budget"].value for row in found.rows if row.holder == Holder(HELD))
    assert own == held and {fund.kind for fund in found.beside} == {"freed", "pool"}
    group = reads.in_year(PLACE, MONTH, Holder(GROUP, OWN))
    (freed,) = group.beside
    assert freed.code == f"freed/{OWN}" and not reads.in_year(PLACE, MONTH, Holder(GROUP, "WATCOM")).beside
    assert kept_funds(keep_funds(found.funds)) == found.funds
    old = {name: kept for name, kept in keep_funds(found.funds).items() if name != "beside"}
    assert kept_funds(old).beside == ()  # a lock of before


def test_what_was_received_is_held_handed_on_or_used_and_each_is_explained(beside: str) -> None:
    found = ledger.whereabouts(book(PLACE))
    assert sum(each.pence for each in found.stands) == found.pence
    stands = {each.words: each.pence for each in found.stands}
    assert [each.pence for each in found.received][1] == 100_00, "what partners paid in is received, and told apart"
    assert stands["Pooled fund beds: share of county (the partner's money)"] == 80_00
    assert stands["Pooled fund beds: share of health (our money)"] == 40_00
    assert stands["Used for good"] == 40_00
    for each in (*found.received, *found.stands):
        assert ledger.explain(book(PLACE), each.address).value == each.pence, each.words


def test_a_group_reads_and_opens_what_it_has_freed_up(beside: str, people: Any, as_role: As) -> None:
    manager = as_role("group_manager")
    for path in (f"/units/{OWN}/statement?month=2008-04", f"/units/{OWN}/position/2008-04"):
        text = manager.get(f"{AT}{path}").content.decode()
        assert f'data-figure="ledger/{PLACE}/balance/freed.{OWN}"' in text, path
        assert "Pooled fund" not in text, "what partners share is no part of a group's page"
    explained = manager.get(f"/explain/{quote(f'ledger/{PLACE}/balance/freed.{OWN}')}")
    assert explained.status_code == 200 and "Journal" in explained.content.decode()
    whole = as_role("finance_manager").get(f"{AT}/position/2008-04").content.decode()
    for words in ("Where the money received is", "Received from partners", "the partner&#39;s money", "to use"):
        assert words in whole, words
