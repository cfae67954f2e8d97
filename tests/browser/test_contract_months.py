"""A contract manager's month, walked as they would walk it, with a picture of each step."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.inventory import HERE, MONTH
from tests.browser.test_money_months import follow, press, shot

WHO = "contracts@demo"


def said(page: Page) -> str:
    return page.locator("main").inner_text()


def test_a_contract_managers_month(open_as: Open):
    """What came and when, what it is worth by contract, which provider misses what, and who does what about it."""
    page = open_as(f"{HERE}/months/{MONTH}/files", who=WHO)
    assert "data sets are in" in said(page)
    shot(page, "contract-1-files")
    follow(page, re.compile("^Data quality of"))
    assert "Index" in said(page)
    shot(page, "contract-2-quality")
    page.goto(f"{HERE}/months/{MONTH}/totals")
    assert "A provider's totals (ACM) must equal the care that is priced here" in said(page)
    shot(page, "contract-3-totals")
    page.goto(f"{HERE}/payments/{MONTH}")
    page.locator("main a.openpbc-figure").first.click()
    page.wait_for_url("**/explain/**")
    assert "Worked out again" in said(page)
    shot(page, "contract-4-why-it-is-paid")

    page.goto(f"{HERE}/measures/M-NFU")
    assert "New to follow-up by provider" in said(page)
    shot(page, "contract-5-measure")
    follow(page, "missed: open an action")
    page.get_by_label("What is to be done").fill("SYNTHETIC: review follow-ups by specialty")
    page.get_by_label("Who does it").fill("the provider's contract lead")
    page.get_by_label("By when").fill("31 January 2009")
    press(page, "Open the action")
    page.wait_for_url("**/measures/M-NFU*")
    assert "SYNTHETIC: review follow-ups by specialty" in said(page)
    page.goto(HERE)
    assert "SYNTHETIC: review follow-ups by specialty" in said(page), "what is open stands on the start page"
    shot(page, "contract-6-work")
    page.goto(f"{HERE}/measures/M-NFU")
    follow(page, "open: end it")
    page.get_by_label("What came of it").fill("SYNTHETIC: two clinics discharge at the first visit")
    press(page, "Continue")
    page.locator("main form button").first.click()
    page.wait_for_url("**/measures/M-NFU*")
    assert "ended: SYNTHETIC: two clinics discharge at the first visit" in said(page)
    assert page.complaints == []  # type: ignore[attr-defined]
