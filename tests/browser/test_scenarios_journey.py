"""A scenario's way through a month, without JavaScript: tried and saved by a group, compared, and looked ahead with."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open

SHARES = "/p/west-herts-2008/fair-shares"


def test_a_group_saves_a_what_if_and_compares_it(open_as: Open):
    page = open_as(SHARES, who="group@demo", java_script_enabled=False)
    page.get_by_label("Cap on growth").fill("6.4")
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("link", name="Save this as a scenario").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Give it a name")).to_be_visible()
    page.get_by_label("Name").fill("SYNTHETIC: what we could live with")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="SYNTHETIC: what we could live with")).to_be_visible()
    page.get_by_role("link", name="Compare it").click()
    expect(page.get_by_role("checkbox", name="SYNTHETIC: what we could live with")).to_be_checked()
    page.get_by_role("checkbox", name=re.compile("Deposit of 15.6 million")).check()
    page.get_by_label("Cap on growth in scope").fill("7")
    page.get_by_role("button", name="Show").click()
    solved = page.get_by_role("table", name="Caps and deposits")
    expect(solved.get_by_role("link", name="13,618", exact=True).first).to_be_visible()
    own = page.get_by_role("table", name="DatCom")
    expect(own.get_by_role("row", name=re.compile("what we could live with"))).to_be_visible()
    own.get_by_role("row", name=re.compile("15.6 million")).get_by_role("link", name="6,105", exact=True).click()
    expect(page.get_by_text("Worked out again")).to_be_visible()


def test_finance_sees_the_effect_of_a_move_before_it_decides(open_as: Open):
    page = open_as("/p/west-herts-2008/scope", java_script_enabled=False)
    page.get_by_role("link", name="SYNTHETIC: provider services").click()
    page.get_by_role("link", name="Decide on the proposal that waits").click()
    expect(page.get_by_role("heading", name="What it changes to share it by capitation")).to_be_visible()
    page.get_by_label("Decision").select_option("refused")
    page.get_by_label("Why").fill("SYNTHETIC: the recent work is by actual budget")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Refuse: it stays as it is")).to_be_visible()
    # Other tests look at the proposal that waits, so it is left waiting.
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("Why")).to_have_value("SYNTHETIC: the recent work is by actual budget")


def test_the_regional_body_sees_whose_deposit_comes_back_when(open_as: Open):
    page = open_as("/p/west-herts-2008/multi-year", who="sha@demo", width=390, java_script_enabled=False)
    page.locator("summary", has_text="Whose deposit it is").click()
    donors = page.get_by_role("table", name="Whose deposit it is")
    expect(donors.get_by_role("rowheader", name="DatCom")).to_be_visible()
    expect(page.get_by_role("link", name="Write down a return")).to_have_count(0)
    page.get_by_label("Growth of years not set").fill("3")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("table", name="Growth with and without the deposit")).to_contain_text("3.00%")
