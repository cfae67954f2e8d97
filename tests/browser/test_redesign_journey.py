"""A case walked by six people from an idea to "start procurement", in both processes, by forms alone.

On the way through the common process an interest is declared late; a second case there is returned by the committee,
written anew, compared, refused, and opened again. All of that happens to the one case that goes through the conclave.
"""

from __future__ import annotations

import os
import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Open

HERE, COMMON = "/p/west-herts-2008", "/p/blmk-2023"
TITLE, SHARED = "SYNTHETIC: walked in the browser", "SYNTHETIC: shared by all"
RETURNED_ONE = "SYNTHETIC: hearing tests in libraries"
AGREED, RETURNED = "Agreed and recommended", "Returned with reasons"
SHOWN = {"Approve": "carried-out", "Choose as a shared pathway": "chosen", "Return with reasons": "carried-back"}
COMPANY, LEADS = "SYNTHETIC Foot Company", "leads@groups.example"
TESTS = ("Fair", "Swift", "Suited to the plan")
BODIES = {HERE: "PBC Governance Committee", COMMON: "Place committee"}
SEATS = (
    ("gp@demo", "Clinician who commissions for a group", "Commissioner", "Yes"),
    ("provider@demo", "Consultant or other doctor", "Provider", "No"),
    ("practice@demo", "Nurse", "Provider", "No"),
    ("group@demo", "Management support", "Commissioner", "No"),
)
WAIVED = ("Allied health professional", "Finance", "Public health", "Patient")
STAGES = (("Self care", "Knows the signs"), ("Primary and community care", "Sees a nurse"), ("Self care", "Has a plan"))
PROSE = ("Activity", "Finance", "Estates", "Workforce", "Risks", "Plain summary", "Other matters")


def picture(page: Page, name: str) -> None:
    """Keep what somebody sees at a point of the journey, for the documents, when pictures are taken."""
    if os.environ.get("OPENPBC_SCREENSHOTS"):
        folder = ROOT / "docs" / "screenshots" / "journey"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page="phone" not in name)


def send(page: Page, button: str, *, checked: bool = False) -> None:
    """Send the form that is shown; one that checks its answers is sent once more."""
    if checked:
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=text)


class Walk:
    """One case on its way: everybody opens its page and takes the step that is theirs."""

    def __init__(self, open_as: Open, place: str, title: str) -> None:
        self.open_as, self.place, self.title, self.case = open_as, place, title, ""
        self.name = "conclave" if place == HERE else "common"
        self.pages: dict[str, Page] = {}
        self.meeting = ""

    def of(self, who: str, path: str = "") -> Page:
        """Somebody's page, on the case unless said otherwise."""
        where = path or self.case
        if who not in self.pages:
            self.pages[who] = self.open_as(where, who=who, java_script_enabled=False)
        else:
            self.pages[who].goto(where)
        return self.pages[who]

    def step(self, who: str, name: str, reason: str = "") -> Page:
        """Take a step that the page of the case offers to somebody."""
        page = self.of(who)
        page.get_by_role("link", name=name, exact=True).click()
        if reason:
            page.get_by_label("Why").fill(reason)
        send(page, name, checked=True)
        return page

    def proposed(self) -> None:
        """Propose it and let the group rank it."""
        gp = self.of("gp@demo", f"{self.place}/cases")
        follow(gp, "Propose a priority")
        gp.get_by_label("What is to be redesigned").fill(self.title)
        gp.get_by_label("Area of care").fill(f"Feet of {self.title[-5:]}")
        gp.get_by_label("What do patients need").fill("SYNTHETIC: somebody who looks at feet.")
        press(gp, "Continue")
        expect(gp.get_by_text("It follows the process that is in force here")).to_be_visible()
        press(gp, "Propose it")
        self.case = re.sub(r"^.*?(/p/.*)$", r"\1", gp.url)
        expect(gp.get_by_role("link", name="Agree the priority", exact=True).first).to_be_visible()
        picture(gp, f"{self.name}-idea")
        group = self.of("group@demo")
        follow(group, "Agree the priority")
        group.get_by_label("Rank").fill("1")
        send(group, "Agree it", checked=True)

    def invited(self) -> None:
        """Let the administrator invite somebody who speaks for the other groups, and start with a password."""
        admin = self.of("admin@demo", "/people/invite")
        admin.get_by_label("Sign-in name").fill(LEADS)
        admin.get_by_label("Name", exact=True).fill("SYNTHETIC leads of the other groups")
        admin.get_by_label("Role", exact=True).select_option("gp_lead")
        admin.get_by_label("Place", exact=True).select_option(self.place[3:])
        press(admin, "Invite")
        page = self.open_as(admin.locator("main code").inner_text(), who="", java_script_enabled=False)
        for label in ("Password", "The same password again"):
            page.get_by_label(label, exact=True).fill("feet of the county 2008")
        press(page, "Start using OpenPBC")
        page.goto(f"{self.place}/interests/none")
        press(page, "I have no interest to declare")
        self.pages[LEADS] = page

    def reviewed(self) -> None:
        """Return every sheet, each by whose function it is, and close the review."""
        for who in ("finance@demo", "analyst@demo", "contracts@demo"):
            sheets = self.of(who).locator("a[href*='/reviews/']")
            for sheet in [each.get_attribute("href") or "" for each in sheets.all()]:
                page = self.of(who, sheet)
                page.get_by_label("What do you say?").select_option("returned")
                page.get_by_label("What you found").fill("SYNTHETIC: nothing more is needed.")
                press(page, "Return the review")
        self.step("contracts@demo", "Close the review")

    def agreed(self, route: str) -> None:
        """Let every group that it concerns agree it by one route, and send it for approval."""
        for who in ("gp@demo", *({LEADS} & set(self.pages))):
            while (page := self.of(who)).get_by_role("link", name="Agree for a group").count():
                follow(page, "Agree for a group")
                page.get_by_label("Route to a provider").select_option(route)
                send(page, "Agree", checked=True)
                expect(page.locator(".nhsuk-error-summary")).to_have_count(0)
        self.step("gp@demo", "Send for approval")
        page = self.of("gp@demo")
        expect(page.locator(".openpbc-lead")).to_contain_text("waiting for approval")
        expect(page.get_by_text("It waits to be put on the agenda of a meeting.")).to_be_visible()

    def sits(self, body: str = "") -> str:
        """Call and open a meeting with the case on its agenda and everybody there; give the item in its room."""
        page = self.of("secretary@demo", f"{self.place}/meetings/new")
        choose(page, "Body", body or BODIES[self.place])
        page.get_by_label("Day", exact=True).fill(time.strftime("%-d %B %Y"))
        page.get_by_label("Time", exact=True).fill("14:00")
        press(page, "Call the meeting")
        self.meeting = page.url
        room = self.listed(page)
        picture(page, f"{self.name}-agenda")
        expect(self.of("gp@demo").get_by_text(re.compile("It is item 1 of meeting [0-9]+ on"))).to_be_visible()
        page.goto(f"{self.meeting}/open")
        send(page, "Open the meeting", checked=True)
        press(page, "Record the attendance")
        return self.asked(room)

    def listed(self, page: Page) -> str:
        """Put the case on the agenda of the meeting; give its item in the room."""
        page.goto(f"{self.meeting}/agenda")
        waits = page.locator("select[name=item] option", has_text=self.title).get_attribute("value")
        page.get_by_label("What waits").select_option(waits)
        press(page, "Put on the agenda")
        return f"{self.place}/meeting-items/{waits}/room"

    def sits_on(self) -> str:
        """Put the case, which has come back, to the meeting that is going on."""
        return self.asked(self.listed(self.of("secretary@demo", self.place)))

    def asked(self, room: str) -> str:
        """Ask everybody for interests."""
        page = self.of("secretary@demo", room)
        follow(page, "Everybody was asked")
        press(page, "Record it")
        return room

    def chosen(self) -> str:
        """Let the conclave sit on it, and vote."""
        room = self.sits("Clinical Conclave")
        self.voted(room)
        return room

    def voted(self, room: str, *, against: bool = False) -> Page:
        """Take the vote by a show of hands."""
        page = self.of("secretary@demo", room)
        follow(page, "Record a show of hands")
        for voter in page.locator("main select").all() if against else ():
            voter.select_option("against")
        press(page, "Record the vote")
        return page

    def decided(self, room: str, outcome: str, reasons: str, step: str, who: str = "secretary@demo") -> Page:
        """Record the outcome; whoever carries it out does so from their work, with the reasons that it has."""
        page = self.of("secretary@demo", room)
        follow(page, "Decide or defer")
        choose(page, "Outcome", outcome)
        page.get_by_label("Reasons").fill(reasons)
        for test in TESTS if "conclave" not in who else ():
            page.get_by_label(test, exact=True).fill("SYNTHETIC: yes.")
        send(page, "Record the outcome", checked=True)
        home = self.of(who, self.place)
        follow(home, f"Carry out the decision on '{self.title}': {step.lower()}")
        if home.get_by_label("Why").count():
            expect(home.get_by_label("Why")).to_have_value(reasons)
        if step in SHOWN:
            picture(home, f"{self.name}-{SHOWN[step]}")
        send(home, step, checked=True)
        return home

    def concerns_a_company(self) -> None:
        """Name a company that may bid for what the case would buy."""
        matter = f"redesign/{self.case[3:].replace('/cases', '')}"
        page = self.of("contracts@demo", f"{self.place}/matters/parties?matter={matter}")
        page.get_by_label("Whom it concerns").fill(f"{COMPANY}; possible-bidder")
        send(page, "Keep the list", checked=True)

    def declared_late(self, room: str) -> None:
        """Let a member read the paper, have a vote taken, and then say that the company is the member's own."""
        member = self.of("analyst@demo", room)
        with member.expect_download():
            member.get_by_role("link", name=re.compile("^case-.*pdf$")).click()
        self.voted(room)
        member.goto(f"{self.place}/interests/new")
        member.get_by_label("Organisation").fill(COMPANY)
        member.get_by_label("What you are there").fill("SYNTHETIC owner")
        member.get_by_label("Kind of interest").select_option("financial-personal")
        member.get_by_label("Since").fill("1 April 2008")
        press(member, "Continue")
        member.locator("main button[value=yes]").first.click()
        expect(self.of("analyst@demo", room).get_by_text("withheld from you because of an interest")).to_be_visible()
        secretary = self.of("secretary@demo", room)
        expect(secretary.get_by_text("Take the vote again")).to_be_visible()
        picture(secretary, f"{self.name}-late-conflict")
        told = self.of("chair@demo", f"{self.place}/interests/late")
        told.locator("main table a[href*='/late/']").first.click()
        expect(told.get_by_text(re.compile("case-[0-9]+-version-[0-9]+.pdf"))).to_be_visible()
        picture(told, f"{self.name}-what-was-opened")

    def opened_again(self) -> None:
        """Open a case that was refused as a new version of itself."""
        self.step("gp@demo", "Open again as a new version", "SYNTHETIC: for two groups together.")

    def agreed_clinically(self) -> None:
        """Hand the case in to the conclave, which sits already, and have it agreed there."""
        self.step("gp@demo", "Hand in to the conclave")
        room = self.sits_on()
        self.voted(room)
        page = self.decided(room, AGREED, "SYNTHETIC: safe.", "Record clinical agreement", "conclave@demo")
        expect(page.locator(".openpbc-lead")).to_contain_text("clinically agreed, business planning")
        picture(page, "conclave-clinically-agreed")

    def approved(self, room: str) -> None:
        """Let the committee approve it."""
        home = self.decided(room, "Approved", "SYNTHETIC: fair, swift and suited.", "Approve")
        expect(home.locator(".openpbc-lead")).to_contain_text("is at 'approved'")

    def procured(self, step: str) -> None:
        """Start procurement from one's work of the day; whoever works for a provider has left by then."""
        page = self.of("contracts@demo", self.place)
        follow(page, f"{step}: '{self.title}'")
        press(page, "Continue")
        expect(page.get_by_text("People who work for providers no longer see the case.")).to_be_visible()
        press(page, step)
        expect(page.locator(".openpbc-lead")).to_contain_text("It goes on when")
        picture(page, f"{self.name}-procurement")
        away = self.of("provider@demo")
        expect(away.get_by_text("Procurement has begun")).to_be_visible()
        picture(away, f"{self.name}-provider-has-left")


def test_six_people_take_a_case_to_procurement_though_an_interest_is_declared_late(open_as: Open):
    walk = Walk(open_as, COMMON, TITLE)
    walk.proposed()
    walk.step("group@demo", "Start the joint group", "SYNTHETIC: nobody else looks at feet.")
    gp = walk.of("gp@demo")
    form_the_group(gp, walk.of("finance@demo"))
    walk.step("gp@demo", "Open drafting")
    expect(gp.get_by_text("The pathway has no stage yet.").first).to_be_visible()
    write_the_case(gp)
    walk.step("gp@demo", "Hand in the case")
    walk.reviewed()
    walk.agreed("tender")
    walk.concerns_a_company()
    room = walk.sits()
    walk.declared_late(room)
    walk.voted(room)
    walk.approved(room)
    walk.procured("Start the tender")


def test_six_people_take_a_shared_pathway_through_the_conclave_to_procurement(open_as: Open):
    walk = Walk(open_as, HERE, SHARED)
    walk.proposed()
    walk.step("group@demo", "Put it to the conclave")
    expect(walk.of("conclave@demo").get_by_text("No group is named to lead this pathway for all.")).to_be_visible()
    gp = walk.of("gp@demo")
    follow(gp, "Name the group that leads it for all")
    gp.locator("select[name=unit]").select_option(label="DatCom")
    gp.get_by_label("Does it lead").select_option("yes")
    press(gp, "Save")
    room = walk.chosen()
    walk.decided(room, AGREED, "SYNTHETIC: it is wanted by all.", "Choose as a shared pathway", "conclave@demo")
    form_the_group(walk.of("gp@demo"), walk.of("finance@demo"))
    walk.step("gp@demo", "Open drafting")
    write_the_case(walk.of("gp@demo"), walk.case)
    gp = walk.of("gp@demo", f"{walk.case}/parts/limits/write")
    for at in range(3):
        gp.locator("main select").nth(at).select_option("yes")
    press(gp, "Save")
    walk.step("gp@demo", "Hand in to the conclave")
    walk.decided(walk.sits_on(), RETURNED, "SYNTHETIC: say who calls the patient.", "Ask for a change", "conclave@demo")
    expect(walk.of("gp@demo").get_by_text("SYNTHETIC: say who calls the patient.").first).to_be_attached()
    walk.agreed_clinically()
    walk.step("gp@demo", "Hand in the business plan")
    walk.reviewed()
    walk.invited()
    walk.agreed("existing-contract")
    conclave, room = walk.meeting, walk.sits()
    walk.voted(room, against=True)
    picture(walk.decided(room, "Refused", "SYNTHETIC: it helps too few.", "Reject"), "conclave-refused")
    committee, walk.meeting = walk.meeting, conclave
    walk.opened_again()
    walk.agreed_clinically()
    walk.step("gp@demo", "Hand in the business plan")
    walk.reviewed()
    walk.agreed("existing-contract")
    walk.meeting = committee
    walk.concerns_a_company()
    room = walk.sits_on()
    walk.declared_late(room)
    walk.voted(room)
    walk.approved(room)
    walk.procured("Start varying the contract")


def test_a_case_is_returned_written_anew_refused_and_opened_again(open_as: Open):
    walk = Walk(open_as, COMMON, RETURNED_ONE)
    walk.name = "returned"
    gp = walk.of("gp@demo", f"{COMMON}/cases")
    follow(gp, RETURNED_ONE)
    walk.case = re.sub(r"^.*?(/p/.*)$", r"\1", gp.url)
    why = "SYNTHETIC: say who reads the results."
    keeper = walk.of("secretary@demo")
    follow(keeper, "Put it to the body that decides now")
    send(keeper, "Put it there", checked=True)
    walk.decided(walk.sits("Board"), RETURNED, why, "Return with reasons")
    expect(walk.of("gp@demo").locator("main")).to_contain_text(why)
    rewrite(gp, walk, "Risks", "SYNTHETIC: a nurse reads them.")
    compared = walk.of("gp@demo", f"{walk.case}/compare?a=1&b=2")
    expect(compared.get_by_text("SYNTHETIC: a nurse reads them.").first).to_be_visible()
    picture(compared, "returned-compared")
    walk.reviewed()
    walk.agreed("existing-contract")
    room = walk.sits_on()
    walk.voted(room, against=True)
    refused = walk.decided(room, "Refused", "SYNTHETIC: it helps too few.", "Reject")
    expect(refused.locator(".openpbc-lead")).to_contain_text("is at 'rejected'")
    picture(refused, "returned-and-refused")
    walk.opened_again()
    rewrite(gp, walk, "Plain summary", "SYNTHETIC: for more people.")
    expect(gp.locator(".openpbc-lead")).to_contain_text("is at 'review by functions'")
    expect(gp.get_by_role("link", name="Version 3").first).to_be_attached()


def rewrite(page: Page, walk: Walk, part: str, text: str) -> None:
    """Write a part of the case anew and hand the case in."""
    page.goto(f"{walk.case}/parts/{part.split()[-1].lower()}/write")
    page.get_by_label(part, exact=True).fill(text)
    send(page, "Save")
    walk.step("gp@demo", "Hand in the case")


def form_the_group(page: Page, commissioner: Page) -> None:
    """Fill four seats; the commissioner lets the group do without the others."""
    page.get_by_role("link", name="The joint group", exact=True).click()
    for person, seat, side, leads in SEATS:
        page.get_by_role("link", name="Take somebody in").click()
        page.get_by_label("Who", exact=True).select_option(person)
        page.get_by_label("Sits for").select_option(label=seat)
        page.get_by_label("Takes part as").select_option(label=side)
        page.get_by_label("Leads the group?").select_option(label=leads)
        send(page, "Take in")
    commissioner.get_by_role("link", name="The joint group", exact=True).click()
    for seat in WAIVED:
        commissioner.get_by_role("link", name="Do without a seat").click()
        commissioner.get_by_label("Seat").select_option(label=seat)
        commissioner.get_by_label("Why the group can do without").fill("SYNTHETIC: nobody could come.")
        send(commissioner, "Waive it")
    expect(commissioner.get_by_text("Every seat is filled or waived.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()


def write_the_case(page: Page, case: str = "") -> None:
    """Write every part that is due, row by row where it is a table.

    Its forms are found by the links of the pages; ``case`` goes to their addresses instead, where that was tried.
    """
    page.get_by_role("link", name="Pathway", exact=True).click()
    for setting, what in STAGES:
        page.get_by_role("link", name="Add a stage").click()
        page.get_by_label("Setting").select_option(label=setting)
        page.get_by_label("What happens").fill(what)
        send(page, "Save")
    expect(page.get_by_role("img", name=re.compile("In self care: Knows the signs"))).to_be_visible()
    open_part(page, "Specification", "Add an outcome", case and f"{case}/parts/specification/add")
    page.get_by_label("What is wanted").fill("SYNTHETIC: fewer sore feet")
    page.get_by_label("Indicator").fill("feet in 1,000")
    send(page, "Save")
    open_part(page, "Resource shift", "Add a move of money", case and f"{case}/parts/shifts/add")
    page.get_by_label("From").fill("SYNTHETIC hospital")
    page.get_by_label("To", exact=True).fill("SYNTHETIC clinic")
    page.get_by_label("Leaves in a year").fill("1000")
    page.get_by_label("Arrives in a year").fill("1000")
    send(page, "Save")
    for part in PROSE:
        slug = "other" if part == "Other matters" else part.split()[-1].lower()
        open_part(page, part, "Write this part", case and f"{case}/parts/{slug}/write")
        if page.get_by_label("Does this part apply?").count():
            page.get_by_label("Does this part apply?").select_option("yes")
        page.get_by_label(part, exact=True).fill(f"SYNTHETIC: {part.lower()} as it would be.")
        send(page, "Save")
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()


def open_part(page: Page, part: str, way: str, straight: str = "") -> None:
    """Go from one part to another over the page of the case, or straight to an address."""
    if straight:
        page.goto(straight)
        return
    page.get_by_role("link", name=re.compile("^Case [0-9]")).click()
    page.get_by_role("link", name=part, exact=True).click()
    page.get_by_role("link", name=way).click()


def test_a_gp_reads_a_case_on_a_phone(open_as: Open):
    page = open_as("/p/west-herts-2008/cases/1", who="gp@demo", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
    picture(page, "phone-case")
    page.get_by_role("link", name="Pathway", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("table", name="Stages of the pathway")).to_be_visible()
    page.goto("/p/west-herts-2008")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_role("heading", name="My work today")).to_be_visible()
    assert page.locator("main a[href*='/cases/']").count()
    picture(page, "phone-work")
