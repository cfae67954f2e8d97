"""Moving and undoing money in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openpbc.finance import actions as finance
from openpbc.finance.reads.waiting import ACT, facts_of
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations.actions import second
from openpbc.organisations.reads.second import asked
from tests.integration.site.conftest import HERE, As, send

DAY = date(2008, 4, 1)


def posted() -> str:
    """Post a journal of two pounds received; give the address of the ledger."""
    entries = (Entry("held/unallocated", 200), Entry("allocation", -200))
    finance.post(by=SYSTEM, place=HERE, kind="allocation", entries=entries, on=DAY, reason="SYNTHETIC")
    return f"/p/{HERE}/ledger"


def virement(as_role: As) -> Callable[[], object]:
    at, browser = posted(), as_role("finance_manager")
    given = {"source": "held/unallocated", "target": "held/contingency", "pence": "1", "on": "1/4/2008"}
    entries = (Entry("held/unallocated", -1), Entry("held/contingency", 1))
    finance.post(by=SYSTEM, place=HERE, kind="top-slice", entries=entries, on=DAY, reason="SYNTHETIC")
    return lambda: send(browser, f"{at}/virement", given | {"reason": "needed", "seen": "2", "confirmed": "yes"})


def reversal(as_role: As) -> Callable[[], object]:
    at, browser = posted(), as_role("finance_manager")
    given = {"on": "1/4/2008", "reason": "wrong", "confirmed": "yes"}
    return lambda: send(browser, f"{at}/journals/1/reverse", given)


def indicative(as_role: As) -> Callable[[], object]:
    browser = as_role("finance_manager")
    entries = (Entry("group/WATCOM/in-scope", 10_000), Entry("allocation", -10_000))
    finance.post(by=SYSTEM, place=HERE, kind="budget", entries=entries, on=DAY, reason="SYNTHETIC")
    given = {"unit": "WATCOM", "method": "registered-list", "on": "1/4/2008", "reason": "SYNTHETIC"}
    return lambda: send(browser, f"/p/{HERE}/ledger/indicative", given | {"confirmed": "yes"})


def _group_money() -> None:
    entries = (Entry("group/WATCOM/in-scope", 10_000), Entry("allocation", -10_000))
    finance.post(by=SYSTEM, place=HERE, kind="budget", entries=entries, on=DAY, reason="SYNTHETIC")


def _fund(path: str, given: dict[str, str], *ready: Callable[[], object]) -> Callable[[As], Callable[[], object]]:
    def prepared(as_role: As) -> Callable[[], object]:
        browser = as_role("finance_manager")
        for make in ready:
            make()
        sent = given | {"on": "1/4/2008", "reason": "SYNTHETIC", "confirmed": "yes"}
        return lambda: send(browser, f"/p/{HERE}/ledger/{path}", sent)

    return prepared


def _pooled() -> None:
    told = {"by": SYSTEM, "place": HERE, "pool": "equipment", "on": DAY, "reason": "SYNTHETIC"}
    finance.pay_into_pool(partner="county", pence=5_00, **told)


def _freed() -> None:
    told = {"by": SYSTEM, "place": HERE, "on": DAY, "reason": "SYNTHETIC"}
    finance.free_up(source="group/WATCOM/in-scope", pence=50_00, **told)


def waiting() -> int:
    """Put up a journal as if the rulebook had said that it takes two people, and give its number."""
    draft = Draft("allocation", (Entry("held/unallocated", 900), Entry("allocation", -900)), DAY, "SYNTHETIC")
    return second.put_up(SYSTEM, HERE, ACT, facts_of("2008-09", draft))


def agree(as_role: As) -> Callable[[], object]:
    browser = as_role("finance_manager")
    number = waiting()
    sent = {"answer": "agree", "seen": "0", "sha256": asked(HERE, number, ACT).sha256, "confirmed": "yes"}
    return lambda: send(browser, f"/p/{HERE}/ledger/waiting/{number}", sent)


OPENING = {"rows": "account,amount\nallocation,-5\nheld/contingency,5"}
FORMS = {
    "finance:pool-pay": _fund("funds/pay", {"pool": "equipment", "partner": "county", "pence": "5"}),
    "finance:pool-spend": _fund("funds/spend", {"pool": "equipment", "purpose": "beds", "pence": "5"}, _pooled),
    "finance:free-up": _fund("funds/free-up", {"source": "group/WATCOM/in-scope", "pence": "9"}, _group_money),
    "finance:freed-use": _fund(
        "funds/use", {"unit": "WATCOM", "purpose": "scanner", "pence": "9"}, _group_money, _freed
    ),
    "finance:ledger-opening": _fund("opening", OPENING),
    "finance:ledger-year-end": _fund("year-end", {"seen": "1"}, _group_money),
    "finance:ledger-indicative": indicative,
    "finance:ledger-virement": virement,
    "finance:ledger-agree": agree,
    "finance:ledger-reverse": reversal,
}
