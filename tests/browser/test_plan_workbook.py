"""A finance manager works on the plan in a spreadsheet: takes it away, sends it back, and sees what it would change."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, Open
from tests.browser.test_pages import RULES

WORKBOOK = "/p/west-herts-2008/plan/versions/1/workbook"


def edited(content: bytes, amount: object) -> dict[str, object]:
    """The workbook that was downloaded, with one amount changed and a line more, as a browser sends it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Plan"]
    next(row for row in sheet.iter_rows() if row[0].value == "prescribing")[4].value = amount
    sheet.append(["stroke", "Stroke unit", "investment", "investment", 1_000])
    out = io.BytesIO()
    book.save(out)
    return {"name": "plan.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def taken(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the workbook").click()
    return Path(download.value.path()).read_bytes()


def refused_by_axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    return [json.dumps([each["id"], [node["html"][:200] for node in each["nodes"][:3]]]) for each in found]


def send(page: Page, file: dict[str, object]) -> None:
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Show what would change").click()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_there_and_back(width: int, scripts: bool, open_as: Open):
    page = open_as(WORKBOOK, width=width, java_script_enabled=scripts)
    handed = taken(page)
    send(page, edited(handed, 3_500.5))
    assert page.get_by_role("heading", level=1).inner_text() == "What the workbook would change"
    assert "1 added, 1 changed" in page.locator("#changes").inner_text()
    assert "-£1,042,500.00" in page.locator(".nhsuk-summary-list").inner_text()
    assert page.get_by_role("button", name="Take these lines into the plan").is_visible()
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert refused_by_axe(page) == []
        assert page.complaints == []  # type: ignore[attr-defined]


def test_what_must_be_mended_comes_back_as_a_workbook(open_as: Open):
    page = open_as(WORKBOOK, width=320)
    handed = taken(page)
    send(page, edited(handed, "three thousand"))
    assert "1 of 21 rows must be mended" in page.locator("#changes").inner_text()
    assert refused_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    with page.expect_download() as download:
        page.get_by_role("link", name="Download it with what to mend").click()
    mend = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))["Plan"]
    told = [row[18].value for row in mend.iter_rows(min_row=5) if row[18].value]
    assert len(told) == 1
    assert "where money belongs" in told[0]


def test_a_file_that_is_no_workbook_is_told_beside_its_field(open_as: Open):
    page = open_as(WORKBOOK)
    send(page, {"name": "plan.csv", "mimeType": "text/csv", "buffer": b"Code,Line\n"})
    assert "the file is not a workbook" in page.locator(".nhsuk-error-summary").inner_text()
    assert page.locator("#workbook-error, .nhsuk-error-message").first.is_visible()
    assert refused_by_axe(page) == []
