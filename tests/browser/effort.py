"""What a task costs a person, in clicks and keystrokes from the place's first page, held to the published table."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from tests.browser.conftest import ROOT

PUBLISHED = ROOT / "docs" / "explanation" / "what-a-task-costs.md"
_ROW = re.compile(r"^\| [^|]+ \| (?P<task>[^|]+) \| (?P<clicks>\d+) \| (?P<keys>\d+) \|", re.MULTILINE)


class Hand:
    """A hand on the mouse and the keys of one page, which counts what it does."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home, self.clicks, self.keys = page, home, 0, 0

    def begin(self) -> None:
        """Start a task on the place's first page."""
        self.page.goto(self.home)
        self.clicks = self.keys = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def menu(self, name: str) -> None:
        """Click an entry of the menu; one for which the line had no room stands under "More"."""
        entry = self.page.locator("header nav").get_by_role("link", name=name, exact=True, include_hidden=True).first
        if not entry.is_visible():
            self.click(self.page.locator("header button", has_text="More"))
        self.click(entry)

    def follow(self, address: str) -> None:
        """Click the first link of the page that leads to an address of this kind."""
        self.click(self.page.locator(f"main a[href*='{address}']").first)

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def choose(self, label: str, value: str) -> None:
        """Open a list and choose from it: two clicks."""
        self.clicks += 2
        self.page.get_by_label(label, exact=True).select_option(value)

    def type(self, label: str, text: str) -> None:
        """Click into a field and write in it."""
        self.clicks, self.keys = self.clicks + 1, self.keys + len(text)
        self.page.get_by_label(label, exact=True).fill(text)

    def done(self, task: str) -> None:
        """Hold what the task took to the published table."""
        told = {row["task"]: (int(row["clicks"]), int(row["keys"])) for row in _ROW.finditer(PUBLISHED.read_text())}
        assert told.get(task) == (self.clicks, self.keys), (
            f"{PUBLISHED.name} says {told.get(task)} for '{task}'; it took {self.clicks} clicks and {self.keys} keys"
        )
