"""Papers: the page, Word and PDF print the very same figures in the same order, and each page says what it rests on."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions, reads
from openpbc.site import rooms
from tests.integration.pages.walk import FIGURE
from tests.unit.ui.paper_text import docx_text, html_text, numbers, pdf_text

HERE, FOREIGN = "west-herts-2008", "blmk-2023"
PAPERS = ("board",)


@pytest.fixture
def finance(as_role):
    """A finance manager of both places."""
    person = reads.person_by_sign_in("finance@demo")
    actions.assign_role(
        by=SYSTEM, user_id=person.id, role="finance_manager", place=FOREIGN, valid_from=date(2008, 4, 1), reason="test"
    )
    return as_role("finance_manager")


def prints(client, path: str) -> tuple[str, str, str]:
    """The words of a paper on its page, for Word and as PDF."""
    joint = "&" if "?" in path else "?"
    made = [client.get(f"{path}{joint}download=paper.{kind}") for kind in ("docx", "pdf")]
    page = client.get(path)
    assert [each.status_code for each in (page, *made)] == [200, 200, 200]
    return html_text(page.content.decode()), docx_text(made[0].content), pdf_text(made[1].content)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("place", [HERE, FOREIGN])
def test_every_number_is_the_one_on_the_screen(finance, place, paper):
    page, word, pdf = map(numbers, prints(finance, f"/p/{place}/papers/{paper}"))
    assert word == page
    assert pdf == page
    assert len(page) > (900 if (place, paper) == (HERE, "board") else 3)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_figure_of_a_paper_opens_its_steps(finance, paper):
    page = finance.get(f"/p/{HERE}/papers/{paper}").content.decode()
    viewer = reads.viewer(reads.person_by_sign_in("finance@demo").id)
    figures = {(unescape(address), int(value)) for address, value, _, _ in FIGURE.findall(page)}
    wrong = [(address, value) for address, value in figures if recompute(rooms.explain(address, viewer)) != value]
    assert wrong == []
    assert len(figures) > 50


def test_a_paper_names_its_scenario_by_title_and_says_draft(finance):
    page, word, pdf = prints(finance, f"/p/{HERE}/papers/board?scenario=deposit_as_asked")
    for made in (word, pdf):
        assert "Scenario: Deposit of 15.6 million, growth capped at 6.55%" in made
        assert "DRAFT" in made
        assert "The Board is asked" in made
    assert "DRAFT" in page


def test_a_place_without_figures_gets_a_short_and_honest_paper(finance):
    page, _, pdf = prints(finance, f"/p/{FOREIGN}/papers/board")
    assert "cannot be asked yet" in page
    assert pdf.count("not set") > 20
    assert len(pdf) < 8_000


@pytest.mark.parametrize("code", ["nothing", "%23panic()", "scenario=x"])
def test_an_unknown_scenario_is_a_persons_mistake(finance, code):
    assert finance.get(f"/p/{HERE}/papers/board?scenario={code}").status_code == 422


@pytest.mark.parametrize(("role", "status"), [("group_manager", 200), ("sha_manager", 200), ("provider_lead", 403)])
def test_who_may_read_papers(as_role, role, status):
    for path in ("papers", "papers/board"):
        assert as_role(role).get(f"/p/{HERE}/{path}").status_code == status
