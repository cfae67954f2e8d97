"""The key journeys, each by keyboard alone and without JavaScript; one page a person carries all of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.test_journeys import tab_to

HERE = "/p/west-herts-2008"
FORM = "main form[method=post] button"


class Keys:
    """The keyboard of one person, who has no mouse and runs no script."""

    def __init__(self, page: Page) -> None:
        self.page, self.status = page, 0

    def open(self, path: str) -> None:
        """Open a page and go on from its content, to which the skip link leads (tests.browser.test_journeys)."""
        answer = self.page.goto(path)
        assert answer
        self.status = answer.status
        self.skip()

    def skip(self) -> None:
        self.page.evaluate("document.getElementById('maincontent').focus()")

    def enter(self) -> None:
        """Press Enter on what leads elsewhere, and go on from the content of what it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.skip()

    def follow(self, href: str) -> None:
        """Go to the next link to an address of this kind, and take it."""
        tab_to(self.page, f"main a[href{href}]")
        self.enter()

    def write(self, **written: str) -> None:
        """Write into fields in their order; of a list, the choice that begins with these letters is taken."""
        for name, text in written.items():
            tab_to(self.page, f"#{name}")
            self.page.keyboard.type(text)

    def send(self, times: int = 1) -> None:
        """Press the first button of the form; one that checks its answers is sent twice."""
        for _ in range(times):
            tab_to(self.page, FORM)
            self.enter()

    def reads(self, *words: str) -> None:
        told = " ".join(self.page.locator("main").inner_text().split())
        missing = [each for each in words if each not in told]
        assert not missing, f"{missing} not in: {told[:900]}"


def signs_in_and_tries_a_what_if(keys: Keys) -> None:
    keys.open(f"{HERE}/fair-shares")
    tab_to(keys.page, "#floor")
    keys.page.keyboard.press("Control+A")
    keys.page.keyboard.type("5")
    keys.enter()
    keys.reads("What-if on", "Change by the what-if")


def follows_a_figure_down_to_a_record(keys: Keys) -> None:
    keys.open(f"{HERE}/months/2008-11")
    tab_to(keys.page, "a.openpbc-figure[data-figure*='actual-charge']")
    keys.enter()
    tab_to(keys.page, "a.openpbc-figure[data-figure^='price/']")
    keys.enter()
    keys.reads("Worked out again")


def declares_an_interest_and_confirms(keys: Keys) -> None:
    keys.open(f"{HERE}/interests")
    keys.follow("$='/interests/new'")
    keys.write(organisation="SYNTHETIC Reading Circle", role="Member", nature="Professional", held_from="1 April 2008")
    keys.send(times=2)
    keys.reads("SYNTHETIC Reading Circle")
    keys.follow("$='/interests/confirm'")
    keys.send()
    keys.reads("You last declared on")


def proposes_a_case(keys: Keys) -> None:
    keys.open(f"{HERE}/cases")
    keys.follow("$='/cases/propose'")
    keys.write(title="SYNTHETIC: proposed by keyboard", area="Hearing", need="SYNTHETIC: tests near home.")
    keys.send(times=2)
    assert "SYNTHETIC: proposed by keyboard" in keys.page.locator("h1").inner_text()
    keys.reads("Agree the priority", "your turn")


def agrees_for_a_group(keys: Keys) -> None:
    keys.open(f"{HERE}/cases/5")
    keys.follow("*='agreed=yes'")
    assert "Agree for" in keys.page.locator("h1").inner_text()
    keys.write(route="Existing")
    keys.send(times=2)
    keys.reads("Agree for a group", "Send for approval", "cannot start yet")


def votes_in_the_room(keys: Keys) -> None:
    keys.open(f"{HERE}/meetings/6/room")
    keys.follow("*='/meeting-items/'")
    keys.follow("$='/vote?choice=for'")
    keys.send()
    keys.reads("winter beds")


def is_refused_what_is_withheld(keys: Keys) -> None:
    keys.open(f"{HERE}/cases/2")
    assert keys.status == 403
    keys.reads("withheld from you because of an interest", "It opens again when", "tell the secretary, who can")
    assert keys.page.locator("main").inner_text().count("declared on") == 1, "one holding is told once"
    keys.follow("='/'")
    assert keys.page.locator("h1").count() == 1


def records_a_decision(keys: Keys) -> None:
    keys.open(f"{HERE}/decisions")
    keys.follow("$='/decisions/new'")
    keys.write(body="PBC Gov", taken_on="1 October 2008", minute="4.2", title="SYNTHETIC: recorded by keyboard")
    keys.write(outcome="Noted", text="SYNTHETIC: for information.")
    keys.send(times=2)
    keys.reads("SYNTHETIC: for information.")


def appeals_and_takes_it_back(keys: Keys) -> None:
    keys.open(f"{HERE}/decisions")
    row = keys.page.locator("tr", has_text="breathlessness clinic in the community")
    keys.follow(f"='{row.get_by_role('link').first.get_attribute('href')}'")
    keys.follow("$='/appeal'")
    keys.write(appellant="DatCom", grounds="SYNTHETIC: nobody asked the patients.")
    keys.send(times=2)
    keys.reads("SYNTHETIC: nobody asked the patients.")
    keys.follow("$='/take-back'")
    keys.write(reason="SYNTHETIC: they were asked.")
    keys.send(times=2)
    keys.reads("taken back")


def reads_what_changes(keys: Keys) -> None:
    keys.open(f"{HERE}/changes")
    tab_to(keys.page, "main summary")
    keys.page.keyboard.press("Enter")
    keys.write(area="Wound")
    tab_to(keys.page, "main form button")
    keys.enter()
    keys.reads("1 of", "published changes are shown")
    keys.follow("*='/changes/'")
    keys.reads("Led by")


def searches(keys: Keys) -> None:
    keys.open(f"{HERE}/search")
    keys.write(q="winter beds")
    keys.enter()
    keys.follow("*='/meeting-items/'")
    assert "winter beds" in keys.page.locator("h1").inner_text()


def confirms_a_receipt(keys: Keys) -> None:
    keys.open(f"{HERE}/conclave/reports/1")
    keys.reads("To whom it went")
    keys.follow("*='/received/'")
    keys.send()
    keys.reads("Report 1")


# Twelve journeys, by the person whose they are; nobody signs in for the public's.
JOURNEYS: tuple[tuple[str, Callable[[Keys], None]], ...] = (
    ("finance@demo", signs_in_and_tries_a_what_if),
    ("analyst@demo", follows_a_figure_down_to_a_record),
    ("contracts@demo", declares_an_interest_and_confirms),
    ("group@demo", proposes_a_case),
    ("groups@demo", agrees_for_a_group),
    ("gp@demo", votes_in_the_room),
    ("gp@demo", is_refused_what_is_withheld),
    ("secretary@demo", records_a_decision),
    ("group@demo", appeals_and_takes_it_back),
    ("", reads_what_changes),
    ("gp@demo", searches),
    ("secretary@demo", confirms_a_receipt),
)


@pytest.fixture(scope="module")
def hands(
    browser: Browser, site: str, cookies: Callable[[str], list[dict[str, Any]]]
) -> Iterator[Callable[[str], Keys]]:
    """Give the keyboard of a person, with one page for all of their journeys."""
    contexts: dict[str, BrowserContext] = {}
    keys: dict[str, Keys] = {}

    def of(who: str) -> Keys:
        if who not in keys:
            contexts[who] = browser.new_context(
                viewport={"width": 1280, "height": 900}, base_url=site, java_script_enabled=False
            )
            if who:
                contexts[who].add_cookies(cookies(who))  # type: ignore[arg-type]
            keys[who] = Keys(contexts[who].new_page())
        return keys[who]

    yield of
    for each in contexts.values():
        each.close()


@pytest.mark.parametrize(("who", "journey"), JOURNEYS, ids=lambda each: getattr(each, "__name__", each or "public"))
def test_by_keyboard_without_javascript(who: str, journey: Callable[[Keys], None], hands: Callable[[str], Keys]):
    journey(hands(who))
