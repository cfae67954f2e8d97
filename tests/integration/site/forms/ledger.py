"""Moving and undoing money in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openpbc.finance import actions as finance
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
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
    return lambda: send(browser, f"{at}/virement", given | {"reason": "needed", "confirmed": "yes"})


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


FORMS = {
    "finance:ledger-indicative": indicative,
    "finance:ledger-virement": virement,
    "finance:ledger-reverse": reversal,
}
