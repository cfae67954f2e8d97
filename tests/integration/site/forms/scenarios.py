"""Saved scenarios, returns of the deposit, and the scope register."""

from __future__ import annotations

from datetime import date

from openpbc.finance import actions
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.finance.rules.scope_moves import ItemAmounts
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, form

DAY = date(2008, 4, 1)
QUERY = "scenario=no_deposit&cap=68000"
SHARES, AHEAD, SCOPE = f"/p/{HERE}/fair-shares", f"/p/{HERE}/multi-year", f"/p/{HERE}/scope"
SAVED = f"{SHARES}/saved/saved-1"
RETURN = {
    "unit": "WATCOM",
    "year": "2009-10",
    "amount": "10",
    "purpose": "one_off",
    "kind": "one-off",
    "title": "Premises",
    "revision": "0",
}
ITEM = {"title": "Minor surgery", "scope": "in", "last-0": "100", "this-0": "100"}


def _saved() -> None:
    actions.save_scenario(by=SYSTEM, place=HERE, title="Smaller", query=QUERY)


def _return() -> None:
    given = {name: RETURN[name] for name in ("unit", "year", "purpose", "kind", "title")}
    actions.add_reserve_call(by=SYSTEM, place=HERE, revision=0, pence=1_000_000, **given)


def _lodged() -> None:
    money = (Entry("allocation", -2_000_000), Entry("held/unallocated", 2_000_000))
    deposit = (Entry("held/unallocated", -2_000_000), Entry("deposit/WATCOM", 2_000_000))
    drafts = (Draft("allocation", money, DAY, "SYNTHETIC"), Draft("deposit", deposit, DAY, "SYNTHETIC"))
    actions.post_many(by=SYSTEM, place=HERE, journals=drafts)
    _return()


def _item() -> None:
    amounts = {"WATCOM": ItemAmounts(10_000_000, 10_000_000)}
    actions.add_scope_item(by=SYSTEM, place=HERE, title="Minor surgery", scope="in", amounts=amounts)


def _proposal() -> None:
    _item()
    actions.propose_scope(by=SYSTEM, place=HERE, number=1, revision=1, wanted="out", reason="SYNTHETIC")


_SURE = {"confirmed": "yes"}
_WHY = {"reason": "SYNTHETIC", "revision": "1"}
FORMS = {
    "finance:scenario-save": form("group_manager", f"{SHARES}/save", {"title": "Smaller", "query": QUERY}),
    "finance:scenario-change": form(
        "finance_manager", f"{SAVED}/change", {"title": "Other", "cap": "6", "revision": "1"}, _saved
    ),
    "finance:scenario-withdraw": form("finance_manager", f"{SAVED}/withdraw", _WHY | _SURE, _saved),
    "finance:reserve-add": form("finance_manager", f"{AHEAD}/returns/add", RETURN),
    "finance:reserve-remove": form("finance_manager", f"{AHEAD}/returns/1/remove", _WHY, _return),
    "finance:reserve-record": form(
        "finance_manager", f"{AHEAD}/returns/1/record", {"on": "1/4/2008"} | _WHY | _SURE, _lodged
    ),
    "finance:scope-add": form("finance_manager", f"{SCOPE}/add", ITEM),
    "finance:scope-propose": form("group_manager", f"{SCOPE}/1/propose", {"wanted": "out"} | _WHY | _SURE, _item),
    "finance:scope-decide": form(
        "finance_manager", f"{SCOPE}/1/decide", {"outcome": "agreed", "proposal": "1"} | _WHY | _SURE, _proposal
    ),
    "finance:scope-remove": form("finance_manager", f"{SCOPE}/1/remove", _WHY | _SURE, _item),
}
