"""An analyst's and a provider's file, sent and looked at by keyboard alone, with a picture of each step.

Both take their file back in the end, so that other tests find the demonstration as it was.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import openpyxl
from playwright.sync_api import Page

from tests.browser.conftest import AXE, ROOT, Open
from tests.browser.inventory import HERE
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import RULES

SHOTS = ROOT / "docs" / "screenshots" / "files"
OWN = f"{HERE}/providers/RWG/submissions"
READY = "button[value='receive']"
LONG = 180_000


def shot(page: Page, name: str) -> None:
    """Keep a picture of a step, when pictures are being taken."""
    if os.environ.get("OPENPBC_SCREENSHOTS"):
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png")


def changed(home: Path, folder: Path) -> Path:
    """The SYNTHETIC file of a month as its sender would send it again: lines taken out, changed and added."""
    name = "RWG_2008-06_op.csv"
    with (home / "synthetic" / "west-herts-2008" / name).open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    at = header.index("first_attendance")
    for line in lines[10:20]:
        line[at] = "2" if line[at] == "1" else "1"
    added = [*lines[30]]
    added[header.index("cds_unique_id")], added[header.index("attendance_id")] = "SYNNEW1", "SYNNEW1"
    sent = [[*header, "local note"], *([*line, "x"] for line in [*lines[3:], added])]
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(sent)
    return folder / name


def choose_by_keyboard(page: Page, path: Path) -> None:
    tab_to(page, "#file")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(path)


def send_by_keyboard(page: Page, path: Path) -> None:
    choose_by_keyboard(page, path)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/waiting/**")


def take_back_by_keyboard(page: Page) -> None:
    waiting = page.url
    tab_to(page, "button[value='cancel']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions")
    # others may have sent files too
    assert waiting.rsplit("/", 1)[-1] not in page.content()


def test_an_analyst_looks_at_a_file_before_it_counts(open_as: Open, home: Path, tmp_path: Path):
    page = open_as(f"{HERE}/submissions", who="analyst@demo")
    tab_to(page, "a[href$='/submissions/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/new")
    shot(page, "analyst-1-send")
    send_by_keyboard(page, changed(home, tmp_path))
    text = page.locator("main").inner_text()
    assert "Nothing of it counts yet" in text and "local note" in text, "what it seems to be, at once"
    shot(page, "analyst-2-first-look")
    page.wait_for_selector(READY, timeout=LONG)
    text = page.locator("main").inner_text()
    assert "10 changed" in text and "1 new, 3 removed" in text
    assert "Price of the month moves by" in text
    shot(page, "analyst-3-what-it-changes")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations] == []
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, "the page is wider than the screen"
    page.set_viewport_size({"width": 1280, "height": 900})
    tab_to(page, "a.openpbc-figure[data-figure*='/all/all/effect-price']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explain/draft/**")
    assert page.get_by_text("Worked out again").is_visible()
    shot(page, "analyst-4-why")
    page.go_back()
    take_back_by_keyboard(page)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_a_provider_mends_lines_and_sends_them_back(open_as: Open, tmp_path: Path):
    page = open_as(HERE, who="provider@demo")
    tab_to(page, f"main a[href='{OWN}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{OWN}")
    shot(page, "provider-1-submissions")
    page.goto(f"{OWN}?month=2008-06")
    tab_to(page, "main table a[href*='/submissions/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Every row")
    shot(page, "provider-2-what-was-found")
    tab_to(page, "a[href$='/to-mend.xlsx']")
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    path = tmp_path / "to_mend.xlsx"
    waited.value.save_as(path)
    page.goto(f"{OWN}/new")
    choose_by_keyboard(page, path)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=no line was changed")
    shot(page, "provider-3-untouched")
    book = openpyxl.load_workbook(path)
    sheet = book["Lines to mend"]
    head = [cell.value for cell in sheet[1]]
    sheet[2][head.index("consultant")].value = "C9999998"
    sheet[2][head.index("csn")].value = "MENDED"
    book.save(path)
    page.goto(f"{OWN}/new")
    send_by_keyboard(page, path)
    page.wait_for_selector(READY, timeout=LONG)
    text = page.locator("main").inner_text()
    assert "1 lines mended" in text and "1 changed" in text
    shot(page, "provider-4-mended")
    take_back_by_keyboard(page)


def test_the_wizard_works_without_javascript_and_on_a_phone(open_as: Open, home: Path, tmp_path: Path):
    page = open_as(f"{HERE}/submissions/new", who="analyst@demo", width=320, java_script_enabled=False)
    page.set_input_files("#file", changed(home, tmp_path))
    page.get_by_role("button", name="Look at the file").click()
    page.wait_for_url("**/waiting/**")
    page.wait_for_selector(READY, timeout=LONG)  # the page looks again by itself
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/submissions")
