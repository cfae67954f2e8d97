"""A finance manager's and a group manager's month, walked as they would walk it, with a picture of each step."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Open
from tests.browser.inventory import HERE, MONTH

SHOTS = ROOT / "docs" / "screenshots" / "months"
WORKED_OUT = "Worked out again"


def shot(page: Page, name: str) -> None:
    """Keep a picture of a step, when pictures are being taken."""
    if os.environ.get("OPENPBC_SCREENSHOTS"):
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()


def test_a_finance_managers_month(open_as: Open, tmp_path: Path):
    page = open_as(f"{HERE}/plan/versions")
    follow(page, "Version 1")
    assert "From last year's outturn to the draft" in page.locator("main").inner_text()
    shot(page, "finance-1-plan")
    page.goto(f"{HERE}/fair-shares/compare")
    assert "In short" in page.locator("main").inner_text()
    for folded in page.locator("details.openpbc-folded summary").all():
        folded.click()
    text = page.locator("main").inner_text()
    assert text.count("Deposit of 13.7 million") > 3
    assert "does not hold" in text, "the paper's claim beside what the figures show"
    shot(page, "finance-2-scenarios")

    page.goto(f"{HERE}/budgets")
    follow(page, "Budget set 1")
    assert "minute SYN" in page.locator("main").inner_text()
    shot(page, "finance-3-budget-set")
    follow(page, "See the money in the ledger")
    assert "Every budget of the year is a balance of this ledger" in page.locator("main").inner_text()
    shot(page, "finance-4-ledger")

    page.goto(f"{HERE}/ledger/virement")
    page.get_by_label("From").select_option("held/contingency")
    page.get_by_label("To").select_option("held/not-at-group-level")
    page.get_by_label("Sum").fill("1,000")
    page.get_by_label("Dated").fill("30 November 2008")
    page.get_by_label("Why").fill("SYNTHETIC: a walk through the month")
    press(page, "Continue")
    assert "£1,000.00" in page.locator("main").inner_text(), "checked before it is posted"
    shot(page, "finance-5-virement")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r".*/ledger/(journals|accounts)/.*"))
    assert "SYNTHETIC: a walk through the month" in page.locator("main").inner_text()

    page.goto(f"{HERE}/position/{MONTH}")
    assert "Budgets are the balances of the ledger." in page.locator("main").inner_text()
    shot(page, "finance-6-position")
    page.goto(f"{HERE}/papers/board")
    with page.expect_download() as waited:
        follow(page, "PDF")
    paper = tmp_path / "board.pdf"
    waited.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF")
    shot(page, "finance-7-board-paper")


def test_from_a_statement_back_to_the_allocation(open_as: Open):
    """Each click leads to a figure that is worked out again, from the group's budget to the money that was received."""
    page = open_as(f"{HERE}/units/WATCOM/statement?month={MONTH}")
    page.locator("a.openpbc-figure[data-figure$='group/WATCOM/all/budget']").first.click()
    # A service line, an account of it, the journal that put the money there, and from where.
    for step in ("/prescribing/budget", "/ledger/", "/line/", "/line/"):
        assert WORKED_OUT in page.locator("main").inner_text(), page.url
        found = page.locator(f"main table a[href^='/explain/'][href*='{step}']")
        assert found.count(), f"{page.url} leads no further to {step}"
        found.first.click()
    assert WORKED_OUT in page.locator("main").inner_text()
    page.goto(f"{HERE}/units/WATCOM/statement?month={MONTH}")
    page.locator("a.openpbc-figure[data-figure$='group/WATCOM/all/budget']").first.click()
    # To a practice's account, by what was held before to the group's, the set, the scenario, and the published tables.
    in_ledger = ("/prescribing/budget", "/ledger/", "/line/", "/balance/", "/line/", "/balance/", "/line/")
    published = ("/T4/TOTAL/in08", "/T4/TOTAL/total", "/T3/groups", "/T3/total")
    for step in (*in_ledger, "/budget-set/", "/fair-shares/", "/pot", *published):
        found = page.locator(f"main table a[href^='/explain/'][href*='{step}']")
        assert found.count(), f"{page.url} leads no further to {step}"
        found.first.click()
        assert WORKED_OUT in page.locator("main").inner_text(), page.url
    assert "£710,949,000.00" in page.locator("main").inner_text(), "the published allocation"
    shot(page, "finance-8-back-to-the-allocation")
    page.goto(f"{HERE}/units/WATCOM/statement?month={MONTH}")
    page.locator("main a.openpbc-figure", has_text="710,949,000").first.click()
    assert "Allocation received" in page.locator("main").inner_text()
    for unit in ("DATCOM", "STAHCOM", "HERTSMERE"):
        page.goto(f"{HERE}/units/{unit}/statement?month={MONTH}")
        own = page.locator(f"a.openpbc-figure[data-figure$='group/{unit}/all/budget']")
        received = page.locator("main a.openpbc-figure", has_text="710,949,000")
        for address in [str(each.first.get_attribute("href")) for each in (own, received)]:
            page.goto(address)
            assert WORKED_OUT in page.locator("main").inner_text(), f"{unit}: {address}"
    page.goto(f"{HERE}/ledger/journals/1")
    follow(page, "budget set 1")
    follow(page, "26 March 2008")
    assert "approved" in page.locator("main").inner_text().lower(), "and to the decision of the Board"


def test_a_group_managers_month(open_as: Open):
    page = open_as(HERE, who="group@demo")
    follow(page, "Read the budget statement of DatCom")
    text = page.locator("main").inner_text()
    assert "What you have for the year" in text, "my budget in one click"
    shot(page, "group-1-statement")
    page.locator("a.openpbc-figure[data-figure^='ledger/']").first.click()
    assert WORKED_OUT in page.locator("main").inner_text(), "and why in two"
    shot(page, "group-2-why")

    page.goto(f"{HERE}/units/DATCOM/position/{MONTH}/note")
    page.get_by_label("Service line").select_option("prescribing")
    page.get_by_label("Why it stands where it stands").fill("SYNTHETIC: two drugs went up in price")
    press(page, "Keep the note")
    assert "two drugs went up in price" in page.locator("main").inner_text()
    shot(page, "group-3-note")

    page.goto(f"{HERE}/budgets/replies/DATCOM")
    page.get_by_label("Scenario").select_option("deposit_as_budgeted")
    page.get_by_label("The funding is").select_option("too low")
    page.get_by_label("By how much").fill("1,000,000")
    page.get_by_label("Reason").fill("SYNTHETIC: further from the fair share than before")
    press(page, "Send the reply")
    shot(page, "group-4-reply-checked")
    page.goto(f"{HERE}/budgets/replies?scenario=deposit_as_budgeted")
    assert "Too low" in page.locator("main").inner_text() or "too low" in page.locator("main").inner_text()
    shot(page, "group-4-reply")

    page.goto(f"{HERE}/units/DATCOM/plan/items/add")
    page.get_by_label("What the group will do").fill("SYNTHETIC: a walk-in clinic")
    page.get_by_label("Cost in the year").fill("25,000")
    press(page, "Save the item")
    assert "£25,000.00" in page.locator("main").inner_text()
    shot(page, "group-5-plan")
    page.goto(f"{HERE}/fair-shares/compare")
    assert "WatCom" in page.locator("main").inner_text()
    for path in ("/ledger", "/ledger/virement"):
        page.goto(f"{HERE}{path}")
        assert page.locator("h1").inner_text() == "You may not do this", (
            "a group manager follows its own money through explanations, opens no ledger of others, and moves nothing"
        )
