"""A finance manager's and a group manager's month, walked as they would walk it, with a picture of each step."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Open
from tests.browser.effort import Hand
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

    hand = Hand(page, HERE)
    hand.begin()
    hand.menu("Ledger")
    hand.follow("/ledger/virement")
    hand.type("Budgets that give: words of the title", "contingency")
    hand.type("Budgets that take: words of the title", "group level")
    hand.press("Shorten")
    hand.choose("From", "held/contingency")
    hand.choose("To", "held/not-at-group-level")
    hand.type("Sum", "1,000")
    hand.type("Dated", "30 November 2008")
    hand.type("Why", "SYNTHETIC: a walk through the month")
    hand.press("Continue")
    assert "£1,000.00" in page.locator("main").inner_text(), "checked before it is posted"
    shot(page, "finance-5-virement")
    hand.press("Post the virement")
    page.wait_for_url(re.compile(r".*/ledger/(journals|accounts)/.*"))
    assert "SYNTHETIC: a walk through the month" in page.locator("main").inner_text()
    hand.done("Move money between two budgets")

    page.goto(f"{HERE}/position/{MONTH}")
    assert "Budgets are the balances of the ledger." in page.locator("main").inner_text()
    shot(page, "finance-6-position")
    lock_send_and_return(page, hand)
    hand.begin()
    hand.menu("Papers")
    hand.follow("/papers/board?scenario=deposit_as_budgeted")
    with page.expect_download() as waited:
        hand.click(page.locator("main").get_by_role("link", name="PDF").first)
    hand.done("Take the Board paper away as PDF")
    paper = tmp_path / "board.pdf"
    waited.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF")
    shot(page, "finance-7-board-paper")


def lock_send_and_return(page: Page, hand: Hand) -> None:
    """Lock a month, record what was sent to the regional body, and post a deposit that came back."""
    page.goto(f"{HERE}/position/2008-05")
    follow(page, "Lock this position")
    press(page, "Continue")
    press(page, "Lock")
    assert "locked" in page.locator("main").inner_text().lower()

    hand.begin()
    hand.menu("Budgets")
    hand.follow("/budgets/sent")
    hand.follow("/budgets/sent/new")
    hand.choose("Scenario", "deposit_as_budgeted")
    hand.choose("Plan version", "book")
    hand.type("On", "25 March 2008")
    hand.press("Continue")
    assert "Say why they may differ" in page.locator("main").inner_text(), "Table 2 has 15.6 million"
    hand.type("Basis", "SYNTHETIC: the later passage")
    hand.press("Continue")
    hand.press("Record it")
    assert "SYNTHETIC: the later passage" in page.locator("main").inner_text()
    hand.done("Record a draft sent to the SHA")
    shot(page, "finance-9-sent")

    hand.begin()
    hand.menu("Plan")
    hand.follow("/multi-year")
    hand.follow("#table-calls")
    hand.click(page.locator("main a[href$='/record']").last)
    hand.type("On which day", "30 November 2008")
    hand.type("Reason", "SYNTHETIC: came back")
    hand.press("Continue")
    assert "gives it to the budget in scope of" in page.locator("main").inner_text()
    hand.press("Post it to the ledger")
    hand.done("Post a return of the deposit that came back")
    page.goto(f"{HERE}/ledger/journals")
    assert "SYNTHETIC: came back" in page.locator("main").inner_text()


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
    hand = Hand(page, HERE)
    hand.begin()
    hand.follow("/units/DATCOM/statement")
    text = page.locator("main").inner_text()
    assert "What you have for the year" in text, "my budget in one click"
    shot(page, "group-1-statement")
    hand.click(page.locator("a.openpbc-figure[data-figure^='ledger/']").first)
    assert WORKED_OUT in page.locator("main").inner_text(), "and why in two"
    hand.done("My budget, and why")
    shot(page, "group-2-why")

    hand.begin()
    hand.follow("/units/DATCOM/statement")
    hand.follow("/note")
    hand.choose("Service line", "prescribing")
    hand.type("Why it stands where it stands", "SYNTHETIC: two drugs went up in price")
    hand.press("Keep the note")
    assert "two drugs went up in price" in page.locator("main").inner_text()
    hand.done("Say why a line stands where it stands")
    shot(page, "group-3-note")

    hand.begin()
    hand.menu("Budgets")
    hand.follow("/budgets/replies")
    hand.follow("/budgets/replies/DATCOM")
    hand.choose("The funding is", "too low")
    hand.type("By how much", "1,000,000")
    hand.type("Reason", "SYNTHETIC: further from the fair share than before")
    hand.press("Send the reply")
    assert "too low" in page.locator("main").inner_text().lower()
    hand.done("Reply whether the funding is enough")
    shot(page, "group-4-reply")

    hand.begin()
    hand.menu("Plans of groups")
    hand.follow("/units/DATCOM/plan")
    hand.follow("/units/DATCOM/plan/items/add")
    hand.type("What the group will do", "SYNTHETIC: a walk-in clinic")
    hand.type("Cost in the year", "25,000")
    hand.press("Save the item")
    assert "£25,000.00" in page.locator("main").inner_text()
    hand.done("Add an item with its cost to the plan")
    shot(page, "group-5-plan")
    page.goto(f"{HERE}/fair-shares/compare")
    assert "WatCom" in page.locator("main").inner_text()
    for path in ("/ledger", "/ledger/virement"):
        page.goto(f"{HERE}{path}")
        assert page.locator("h1").inner_text() == "You may not do this", (
            "a group manager follows its own money through explanations, opens no ledger of others, and moves nothing"
        )
