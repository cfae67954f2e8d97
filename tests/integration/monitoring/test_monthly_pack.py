"""The monthly pack in one click: a month that is closed and one that is not, the same on the page and on paper."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.integration.site.conftest import as_role, people, quick_hashing
from tests.unit.ui.paper_text import docx_text, html_text, numbers, pdf_text

__all__ = ["as_role", "people", "quick_hashing"]
PACK = "/p/west-herts-2008/months/2008-06/pack"


def test_a_month_that_is_not_closed_has_a_pack_that_says_so(as_role):
    client = as_role("finance_manager")
    page = client.get(PACK).content.decode()
    word = docx_text(client.get(f"{PACK}?download=paper.docx").content)
    pdf = pdf_text(client.get(f"{PACK}?download=paper.pdf").content)
    assert numbers(word) == numbers(pdf) == numbers(html_text(page))
    for made in (page, word, pdf):
        assert "June 2008 is not closed" in " ".join(made.split())
        assert "No decision is recorded." in made
        assert "declared interests" in made
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PACK}?download=page.xlsx").content))
    assert "decisions" in book.sheetnames


@pytest.mark.parametrize(("role", "status"), [("group_manager", 200), ("sha_manager", 200), ("provider_lead", 403)])
def test_who_may_open_a_pack(as_role, role, status):
    assert as_role(role).get(PACK).status_code == status


def test_a_month_that_is_none_is_a_persons_mistake(as_role):
    assert as_role("finance_manager").get("/p/west-herts-2008/months/2008-13/pack").status_code == 422
