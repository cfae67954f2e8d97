"""A case walked by six people from an idea to the agenda of the body that approves it, by keyboard forms alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

CASES = "/p/blmk-2023/cases"
TITLE = "SYNTHETIC: walked in the browser"
SEATS = (
    ("gp@demo", "Clinician who commissions for a group", "Yes"),
    ("provider@demo", "Consultant or other doctor", "No"),
    ("practice@demo", "Nurse", "No"),
    ("group@demo", "Management support", "No"),
)
WAIVED = ("Allied health professional", "Finance", "Public health", "Patient")
STAGES = (("Self care", "Knows the signs"), ("Primary and community care", "Sees a nurse"), ("Self care", "Has a plan"))
PROSE = ("Activity", "Finance", "Estates", "Workforce", "Risks", "Plain summary")


def send(page: Page, button: str, *, checked: bool = False) -> None:
    """Send the form that is shown; one that checks its answers is sent once more."""
    if checked:
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=button, exact=True).click()


def test_six_people_take_a_case_from_an_idea_to_the_agenda(open_as: Open):
    def of(who: str) -> Page:
        return open_as(CASES, who=who, java_script_enabled=False)

    gp = of("gp@demo")
    gp.get_by_role("link", name="Propose a priority").click()
    gp.get_by_label("What is to be redesigned").fill(TITLE)
    gp.get_by_label("Area of care").fill("Feet")
    gp.get_by_label("What do patients need").fill("SYNTHETIC: somebody who looks at feet.")
    send(gp, "Propose it", checked=True)
    here = re.sub(r"^.*?(/p/.*)$", r"\1", gp.url)
    expect(gp.get_by_text("No group has agreed this priority and given it a rank yet.")).to_be_visible()

    group = open_as(here, who="group@demo", java_script_enabled=False)
    group.get_by_role("link", name="Agree the priority").click()
    group.get_by_label("Rank").fill("1")
    send(group, "Agree it", checked=True)
    group.get_by_role("link", name="Start the joint group").click()
    group.get_by_label("Why").fill("SYNTHETIC: nobody else looks at feet.")
    send(group, "Start the joint group", checked=True)

    form_the_group(gp, here)
    gp.get_by_role("link", name="Open drafting").click()
    send(gp, "Open drafting", checked=True)
    expect(gp.get_by_text("The pathway has no stage yet.").first).to_be_visible()
    write_the_case(gp, here)
    gp.get_by_role("link", name="Hand in the case").click()
    send(gp, "Hand in the case", checked=True)

    for who in ("finance@demo", "analyst@demo", "contracts@demo"):
        reviewer = open_as(here, who=who, java_script_enabled=False)
        sheets = reviewer.locator("a[href*='/reviews/']")
        for at in range(sheets.count()):
            review(reviewer, here, at)
    reviewer.get_by_role("link", name="Close the review").click()
    send(reviewer, "Close the review", checked=True)

    gp.goto(gp.url.split("/p/")[0] + here)
    gp.get_by_role("link", name="Agree for a group").click()
    gp.get_by_label("Does").select_option("yes")
    gp.get_by_label("Route to a provider").select_option("existing-contract")
    send(gp, "Answer", checked=True)
    gp.get_by_role("link", name="Send for approval").click()
    send(gp, "Send for approval", checked=True)
    expect(gp.locator(".openpbc-lead")).to_contain_text("waiting for approval")
    expect(gp.get_by_text("It waits to be put on the agenda of a meeting.")).to_be_visible()

    secretary = open_as(here, who="secretary@demo", java_script_enabled=False)
    expect(secretary.get_by_text("your turn").first).to_be_visible()
    expect(secretary.get_by_role("link", name="Decide the case")).to_be_visible()


def form_the_group(page: Page, here: str) -> None:
    """Fill four seats and do without the others."""
    page.goto(page.url.split("/p/")[0] + here)
    page.get_by_role("link", name="The joint group", exact=True).click()
    for person, seat, leads in SEATS:
        page.get_by_role("link", name="Take somebody in").click()
        page.get_by_label("Who", exact=True).select_option(person)
        page.get_by_label("Sits for").select_option(label=seat)
        page.get_by_label("Leads the group?").select_option(label=leads)
        send(page, "Take in")
    for seat in WAIVED:
        page.get_by_role("link", name="Do without a seat").click()
        page.get_by_label("Seat").select_option(label=seat)
        page.get_by_label("Why the group can do without").fill("SYNTHETIC: nobody could come.")
        send(page, "Waive it")
    expect(page.get_by_text("Every seat is filled or waived.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()


def write_the_case(page: Page, here: str) -> None:
    """Write every part that is due, row by row where it is a table."""
    page.get_by_role("link", name="Pathway", exact=True).click()
    for setting, what in STAGES:
        page.get_by_role("link", name="Add a stage").click()
        page.get_by_label("Setting").select_option(label=setting)
        page.get_by_label("What happens").fill(what)
        send(page, "Save")
    expect(page.get_by_role("img", name=re.compile("In self care: Knows the signs"))).to_be_visible()
    open_part(page, "Specification", "Add an outcome")
    page.get_by_label("What is wanted").fill("SYNTHETIC: fewer sore feet")
    page.get_by_label("Indicator").fill("feet in 1,000")
    send(page, "Save")
    open_part(page, "Resource shift", "Add a move of money")
    page.get_by_label("From").fill("SYNTHETIC hospital")
    page.get_by_label("To", exact=True).fill("SYNTHETIC clinic")
    page.get_by_label("Leaves in a year").fill("1000")
    page.get_by_label("Arrives in a year").fill("1000")
    send(page, "Save")
    for part in PROSE:
        open_part(page, part, "Write this part")
        if page.get_by_label("Does this part apply?").count():
            page.get_by_label("Does this part apply?").select_option("yes")
        page.get_by_label(part, exact=True).fill(f"SYNTHETIC: {part.lower()} as it would be.")
        send(page, "Save")
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()


def open_part(page: Page, part: str, way: str) -> None:
    """Go from one part to another over the page of the case."""
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()
    page.get_by_role("link", name=part, exact=True).click()
    page.get_by_role("link", name=way).click()


def review(page: Page, here: str, at: int) -> None:
    """Return one sheet."""
    page.goto(page.url.split("/p/")[0] + here)
    sheet = page.locator("a[href*='/reviews/']").nth(at)
    if not sheet.is_visible():
        return
    sheet.click()
    if page.get_by_label("What do you say?").count():
        page.get_by_label("What do you say?").select_option("returned")
        page.get_by_label("What you found").fill("SYNTHETIC: nothing more is needed.")
        page.get_by_role("button", name="Return the review").click()


def test_a_gp_reads_a_case_on_a_phone(open_as: Open):
    page = open_as("/p/west-herts-2008/cases/1", who="gp@demo", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
    page.get_by_role("link", name="Pathway", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("table", name="Stages of the pathway")).to_be_visible()
