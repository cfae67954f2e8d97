"""Budget sets from draft to force, and what is settled around them."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.organisations import reads
from tests.integration.finance import budget_setting as setting
from tests.integration.site.conftest import HERE, As, form, send

AT = f"/p/{HERE}/budgets"
YES = {"confirmed": "yes"}


def approved(as_role: As) -> Callable[[], object]:
    number, browser = setting.drafted(), as_role("finance_manager")
    setting.propose(number)
    given = {"revision": "2", "decision": str(setting.decide(number))} | YES
    return lambda: send(browser, f"{AT}/{number}/approve", given)


def proposed(as_role: As) -> Callable[[], object]:
    number, browser = setting.drafted(), as_role("finance_manager")
    setting.finish_steps()
    return lambda: send(browser, f"{AT}/{number}/propose", {"revision": "1"} | YES)


def reply(as_role: As) -> Callable[[], object]:
    browser = as_role("group_manager")
    unit = reads.viewer(reads.person_by_sign_in("group@demo").id).codes(HERE, "unit")[0]
    given = {"scenario": "no_deposit", "answer": "right", "reason": "a test", "seen": "0"}
    return lambda: send(browser, f"{AT}/replies/{unit}", given)


FINANCE = "finance_manager"
DRAFT = {"title": "Budgets", "scenario": "no_deposit"} | YES
LINE = {"account": setting.IN, "pence": "1", "reason": "a test", "revision": "1"} | YES
STATED = {
    "status": "assumed",
    "pence": "13700",
    "scenario": "deposit_as_budgeted",
    "on": "24/1/2008",
    "seen": "0",
} | YES
SENT = {"scenario": "deposit_as_asked", "plan_version": "book", "on": "24/1/2008", "seen": "0"} | YES
FORMS = {
    "finance:budget-set-new": form(FINANCE, f"{AT}/new", DRAFT),
    "finance:budget-set-line": form(FINANCE, f"{AT}/1/line", LINE, setting.drafted),
    "finance:budget-set-propose": proposed,
    "finance:budget-set-approve": approved,
    "finance:budget-set-withdraw": form(
        FINANCE, f"{AT}/1/withdraw", {"revision": "1", "reason": "a test"} | YES, setting.drafted
    ),
    "finance:checklist-task": form(FINANCE, f"{AT}/steps/out_of_scope", {"state": "done", "seen": "0"}),
    "finance:reply": reply,
    "finance:deposit-state": form(FINANCE, f"{AT}/deposit/state", STATED),
    "finance:submission-new": form(FINANCE, f"{AT}/sent/new", SENT),
    "finance:question-close": form(FINANCE, f"/p/{HERE}/plan/checks/Q-01", {"reason": "a test"} | YES),
}
