"""The month of a committee's secretary, walked as it is walked: call, agenda, room, decision, minutes, actions."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.effort import Hand
from tests.browser.test_journeys import tab_to

HERE = "/p/west-herts-2008"


def choose(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=text)


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def called(page: Page) -> None:
    """Call a meeting, and put on its agenda what was held before and an item of one's own."""
    follow(page, "Call a meeting")
    choose(page, "Body", "PBC Governance Committee")
    page.get_by_label("Day", exact=True).fill("27 March 2009")
    page.get_by_label("Time", exact=True).fill("9:30")
    press(page, "Call the meeting")
    expect(page.get_by_role("alert")).to_contain_text("is no time of day")
    page.get_by_label("Time", exact=True).fill("09:30")
    press(page, "Call the meeting")
    expect(page.get_by_text("Planned").first).to_be_visible()
    follow(page, "Add an item")
    page.get_by_label("Title").fill("SYNTHETIC: a clinic for wounds")
    choose(page, "Kind", "For decision")
    choose(page, "Commissioning unit that proposes", "DatCom")
    press(page, "Add the item")
    follow(page, "SYNTHETIC: a clinic for wounds")
    follow(page, "Add a paper")
    page.get_by_label("The paper").set_input_files(
        {"name": "wounds.txt", "mimeType": "text/plain", "buffer": b"SYNTHETIC paper"}
    )
    press(page, "Add the paper")
    expect(page.get_by_role("link", name="wounds.txt")).to_be_visible()


def taken(page: Page) -> None:
    """Take the item in the room: interests, a recusal, the vote, the outcome."""
    follow(page, "SYNTHETIC: a clinic for wounds")
    follow(page, "Declare an interest")
    choose(page, "Who", "Demo GP practice lead")
    page.get_by_label("What is declared").fill("SYNTHETIC: partner in a company that may bid")
    press(page, "Record the declaration")
    expect(page.get_by_text("Leave this item")).to_be_visible()
    expect(page.get_by_text("Quorum held: 4 of 5 voting members counted")).to_be_visible()
    follow(page, "Record a show of hands")
    expect(page.get_by_label("Demo GP practice lead")).to_have_count(0)
    choose(page, "Demo information analyst", "Against")
    press(page, "Record the vote")
    follow(page, "Decide or defer")
    choose(page, "Outcome", "Refused")
    page.get_by_label("Reasons").fill("SYNTHETIC: it fits the plan.")
    press(page, "Continue")
    press(page, "Record the outcome")
    expect(page.get_by_role("alert")).to_contain_text("The votes do not say so: 3 for, 1 against")
    choose(page, "Outcome", "Approved")
    press(page, "Continue")
    expect(page.get_by_text("The decision is kept with all of this for good.")).to_be_visible()
    press(page, "Record the outcome")
    expect(page.get_by_role("heading", name="How everybody stood when it was decided")).to_be_visible()


def test_the_month_of_a_secretary_without_javascript(open_as: Open):
    page = open_as(f"{HERE}/meetings", who="secretary@demo", java_script_enabled=False)
    called(page)
    page.get_by_role("link", name=re.compile("PBC Governance Committee, meeting")).first.click()
    follow(page, "Open the meeting")
    press(page, "Continue")
    press(page, "Open the meeting")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who is there")
    press(page, "Record the attendance")
    taken(page)
    page.get_by_role("link", name=re.compile("PBC Governance Committee, meeting")).first.click()
    follow(page, "Minutes")
    follow(page, "Note of item 1")
    page.get_by_label("Note").fill("SYNTHETIC: somebody asked about parking.")
    press(page, "Save the note")
    for told in ("asked about parking", "Left the item: Demo GP practice lead", "Vote: 3 for, 1 against"):
        expect(page.get_by_text(told)).to_be_visible()
    follow(page, "Record an action")
    page.get_by_label("What is to be done").fill("SYNTHETIC: write to the company")
    choose(page, "Who does it", "Demo contract manager")
    page.get_by_label("By", exact=True).fill("30 April 2009")
    press(page, "Record the action")
    page.get_by_role("link", name=re.compile("PBC Governance Committee, meeting")).first.click()
    follow(page, "End the meeting")
    press(page, "Continue")
    press(page, "End the meeting")
    expect(page.get_by_text("Held", exact=True)).to_be_visible()
    owner = open_as(HERE, who="contracts@demo")
    expect(owner.get_by_role("link", name="Do what you agreed: SYNTHETIC: write to the company")).to_be_visible()


def test_a_member_votes_by_keyboard_on_a_telephone(open_as: Open, codes: dict[str, str]):
    page = open_as(f"{HERE}/meeting-items/{codes['beds']}/room", who="analyst@demo", width=320)
    tab_to(page, "a[href$='/vote?choice=against']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/vote"))
    expect(page.get_by_label("Your vote")).to_have_value("against")
    tab_to(page, "select#choice")
    page.keyboard.type("For")
    tab_to(page, "form button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/room$"))
    expect(page.get_by_text("Your vote: for.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_a_vote_costs_on_a_telephone(open_as: Open, codes: dict[str, str]):
    page = open_as(HERE, who="analyst@demo", width=320)
    hand = Hand(page, HERE)
    hand.begin()
    hand.click(page.get_by_role("link", name=re.compile("^Go to the meeting")).first)
    hand.follow(f"/meeting-items/{codes['beds']}/room")
    hand.follow("/vote?choice=for")
    hand.press("Vote")
    expect(page.get_by_text("Your vote: for.")).to_be_visible()
    hand.done("Vote at a meeting, on a telephone")


def test_what_declaring_an_interest_costs(open_as: Open):
    page = open_as(HERE, who="practice@demo")
    hand = Hand(page, HERE)
    hand.begin()
    hand.menu("Interests")
    hand.follow("/interests/new")
    hand.type("Organisation", "SYNTHETIC Clinic")
    hand.type("What you are there", "Adviser")
    hand.choose("Kind of interest", "professional")
    hand.type("Since", "1 April 2008")
    hand.press("Continue")
    hand.press("Declare")
    expect(page.locator("main").get_by_text("SYNTHETIC Clinic").first).to_be_visible()
    hand.done("Declare an interest")
