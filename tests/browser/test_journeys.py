"""The main journeys by keyboard alone, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.demonstration import PASSWORD

FAR = 400


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element that a selector matches has the focus; the focus must be visible there."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            style = "const s = getComputedStyle(document.activeElement); "
            seen = page.evaluate(f"() => {{ {style} return s.outlineStyle + s.boxShadow + s.backgroundColor }}")
            assert "none" not in seen.split(" ")[0] or "rgb" in seen, f"the focus on {wanted} cannot be seen"
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def sign_in_by_keyboard(page: Page, who: str) -> None:
    tab_to(page, "#sign_in")
    page.keyboard.type(who)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_skip_link_comes_first_and_leads_to_the_content(open_as: Open):
    page = open_as("/p/west-herts-2008/plan")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "maincontent"


def test_sign_in_and_what_if_by_keyboard(open_as: Open):
    page = open_as("/sign-in", who="")
    sign_in_by_keyboard(page, "finance@demo")
    page.goto("/p/west-herts-2008")
    tab_to(page, "a[href$='/fair-shares']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fair-shares")
    tab_to(page, "#floor")
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_url("**floor=5**")
    assert page.get_by_role("heading", name="What-if on").count() == 1
    assert page.get_by_text("Change by the what-if").first.is_visible()


def test_a_figure_down_to_a_record_by_keyboard(open_as: Open):
    page = open_as("/p/west-herts-2008/months/2008-11", who="analyst@demo")
    tab_to(page, "a.openpbc-figure[data-figure*='actual-charge']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explain/position/**")
    assert page.get_by_text("Worked out again").is_visible()
    tab_to(page, "a.openpbc-figure[data-figure^='price/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explain/price/**")
    assert page.get_by_text("Worked out again").is_visible()


def test_mistakes_in_the_what_if_are_told_first(open_as: Open):
    page = open_as("/p/west-herts-2008/fair-shares?floor=much")
    summary = page.get_by_role("alert")
    assert "There is a problem" in summary.inner_text()
    assert page.evaluate("document.activeElement.matches('.nhsuk-error-summary')"), "the summary has the focus"
    page.get_by_role("link", name="Minimum growth").click()
    assert page.evaluate("document.activeElement.id") == "floor"


def test_everything_works_without_javascript(open_as: Open):
    page = open_as("/sign-in", who="", java_script_enabled=False)
    page.get_by_label("Sign-in name").fill("analyst@demo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/p/west-herts-2008")
    for name, heading in (
        ("Plan", "Allocation and plan"),
        ("Months", "Months"),
        ("Submissions", "Submissions"),
        ("Contracts", "Contracts"),
        ("Rulebook", "Rulebook"),
    ):
        page.get_by_label("Menu").get_by_role("link", name=name, exact=True).click()
        assert heading in page.locator("h1").inner_text()
    page.goto("/p/west-herts-2008/fair-shares")
    page.get_by_label("Minimum growth").fill("5")
    page.get_by_role("button", name="Work it out").click()
    assert page.get_by_role("heading", name="What-if on").count() == 1
    page.locator("a.openpbc-figure").first.click()
    assert page.get_by_text("Worked out again").is_visible()
    page.get_by_role("button", name="Sign out").click()
    assert "Sign in" in page.locator("h1").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-javascript", "without-javascript"])
def test_on_a_phone_one_menu_holds_what_stands_above_the_page_and_opens_by_keyboard(open_as: Open, scripts: bool):
    page = open_as("/p/west-herts-2008", width=320, java_script_enabled=scripts)
    folded = (
        page.get_by_label("Menu").get_by_role("link", name="Rulebook"),
        page.get_by_role("link", name="Your account"),
        page.get_by_role("button", name="Sign out"),
        page.get_by_label("Place").get_by_role("link", name="Go to"),
    )
    assert not any(each.is_visible() for each in folded)
    assert page.get_by_label("Place").get_by_text("West Hertfordshire PCT").is_visible()
    page.locator(".openpbc-menu summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # the script measures the menu again a moment after it has opened
    assert all(each.is_visible() for each in folded)
    assert not page.locator("#toggle-menu").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Your account"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(500)
    assert all(each.is_visible() for each in folded[1:]) and not page.locator(".openpbc-menu summary").is_visible()


def test_on_a_phone_one_line_says_that_a_page_is_invented_and_opens_to_the_whole_of_it(open_as: Open):
    page = open_as("/p/west-herts-2008", width=320, java_script_enabled=False)
    told = page.get_by_text("No record is of a real patient")
    line = page.locator(".openpbc-banner__line summary")
    assert "SYNTHETIC" in line.inner_text() and not told.is_visible()
    assert line.bounding_box()["height"] < 30
    line.focus()
    page.keyboard.press("Enter")
    assert told.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert told.is_visible() and not line.is_visible()


def test_charts_are_pictures_with_words(open_as: Open):
    page = open_as("/p/west-herts-2008/fair-shares")
    picture = page.locator("figure.openpbc-chart img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert "WatCom" in (picture.get_attribute("alt") or "")
