"""The month of a group's manager, of a GP and of finance, walked on the pages as they would walk it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

HERE = "/p/west-herts-2008"


def choose(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=text)


def test_a_gp_has_the_budget_and_why_within_two_clicks(open_as: Open):
    page = open_as(HERE, who="gp@demo")
    page.get_by_role("link", name=re.compile("Read the budget statement of SYNTHETIC")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Budget statement of")
    for heading in ("Why", "Where the budget came from", "What to do next"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.locator("a.openpbc-figure[data-figure*='/variance']").first.click()
    expect(page.get_by_text("Worked out again")).to_be_visible()


def test_the_month_of_a_groups_manager(open_as: Open):
    page = open_as(HERE, who="group@demo")
    page.get_by_role("link", name=re.compile("Read the budget statement of DatCom")).click()
    with page.expect_download() as kept:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert kept.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="Write a note").click()
    choose(page, "Service line", "Emergency hospital care")
    page.get_by_label("Why it stands where it stands").fill("SYNTHETIC: two wards were closed in October.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("two wards were closed in October").first).to_be_visible()
    page.get_by_role("link", name="Agree an action").click()
    page.get_by_role("button", name="Agree the action").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what is to be done.")
    page.get_by_label("What is to be done").fill("SYNTHETIC: meet the wards' managers")
    choose(page, "Who does it", "Manager of a commissioning group")
    page.get_by_label("By when").fill("31 January 2009")
    page.get_by_role("button", name="Agree the action").click()
    page.goto(page.url.split("/units/")[0])
    page.get_by_role("link", name="SYNTHETIC: meet the wards' managers").click()
    page.get_by_label("What came of it").fill("Met on 12 January")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("done: Met on 12 January")).to_be_visible()


def test_finance_enters_an_amount_after_checking_it(open_as: Open):
    page = open_as(f"{HERE}/entries/new", who="finance@demo", java_script_enabled=False)
    choose(page, "Month", "February 2009")
    choose(page, "PBC group", "WatCom")
    choose(page, "Service line", "Community services")
    page.get_by_label("Amount").fill("1,234.56")
    page.get_by_label("Source").fill("SYNTHETIC statement")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("£1,234.56")).to_be_visible()
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("February 2009")
    page.goto(page.url.replace("/position/2009-02", "/position/2008-11/lock"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("are refused from now on")).to_be_visible()
