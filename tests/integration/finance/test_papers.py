"""Papers: the page, Word and PDF print the very same figures in the same order, and each page says what it rests on."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from click.testing import CliRunner

from openpbc.finance import actions as plan_actions
from openpbc.finance.commands.papers import paper_command
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions, reads
from openpbc.site import rooms
from tests.integration.finance.budget_setting import approved, drafted
from tests.integration.pages.walk import FIGURE
from tests.unit.ui.paper_text import docx_text, html_text, numbers, pdf_text

HERE, FOREIGN = "west-herts-2008", "blmk-2023"
PAPERS = ("board", "submission", "letters/WATCOM")


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


@pytest.mark.parametrize(
    ("place", "paper"), [*((HERE, paper) for paper in PAPERS), (FOREIGN, "board"), (FOREIGN, "submission")]
)
def test_every_number_is_the_one_on_the_screen(finance, place, paper):
    page, word, pdf = map(numbers, prints(finance, f"/p/{place}/papers/{paper}"))
    assert word == page
    assert pdf == page
    assert len(page) > (800 if place == HERE and "letters" not in paper else 3)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_figure_of_a_paper_opens_its_steps(finance, paper):
    assert unexplained(finance, f"/p/{HERE}/papers/{paper}") == []


def unexplained(client, path: str) -> list[tuple[str, int]]:
    """The figures of a page that their own explanation does not make."""
    page = client.get(path).content.decode()
    viewer = reads.viewer(reads.person_by_sign_in("finance@demo").id)
    figures = {(unescape(address), int(value)) for address, value, _, _ in FIGURE.findall(page)}
    assert len(figures) > 20
    return [(address, value) for address, value in figures if recompute(rooms.explain(address, viewer)) != value]


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
    for path in ("papers", *(f"papers/{paper}" for paper in PAPERS)):
        assert as_role(role).get(f"/p/{HERE}/{path}").status_code == status


def test_a_submission_names_what_it_rests_on_and_what_the_source_contradicts(finance):
    _, word, pdf = prints(finance, f"/p/{HERE}/papers/submission?scenario=deposit_as_asked")
    for made in (word, " ".join(pdf.split())):
        assert "This draft rests on the scenario “Deposit of 15.6 million, growth capped at 6.55%”" in made
        assert "15,600" in made
        assert "One passage bases the January draft on" in made
        assert "a later one on" in made


def test_a_letter_goes_to_a_group_that_there_is(finance):
    page, *_ = prints(finance, f"/p/{HERE}/papers/letters/DATCOM?scenario=no_deposit")
    assert "190,124" in page
    assert "gives up" not in page
    assert finance.get(f"/p/{HERE}/papers/letters/NOBODY").status_code == 422
    assert finance.get(f"/p/{FOREIGN}/papers/letters/WATCOM").status_code == 422


def test_the_shell_writes_the_very_bytes_of_the_page(finance, tmp_path):
    out = tmp_path / "paper.pdf"
    run = CliRunner().invoke(
        paper_command, ["--place", HERE, "--kind", "letter", "--group", "WATCOM", "--format", "pdf", "--out", str(out)]
    )
    assert run.exit_code == 0, run.output
    assert out.read_bytes() == finance.get(f"/p/{HERE}/papers/letters/WATCOM?download=paper.pdf").content


def test_a_paper_on_a_version_of_the_plan_names_it(finance):
    number = plan_actions.draft_plan(by=SYSTEM, place=HERE, source="book", title="First <draft> #1").number
    page, word, pdf = prints(finance, f"/p/{HERE}/papers/board?version={number}")
    assert numbers(word) == numbers(page) == numbers(pdf)
    assert f"Version {number}, First <draft> #1 (draft, revision" in word
    assert finance.get(f"/p/{HERE}/papers/board?version=99").status_code == 422


def test_a_paper_on_a_draft_set_says_that_nobody_has_decided(finance):
    number = drafted()
    page, word, pdf = prints(finance, f"/p/{HERE}/papers/board?set={number}")
    assert numbers(word) == numbers(page) == numbers(pdf)
    assert f"Budget set {number}, “Budgets”, is draft" in word
    assert "The Board has not decided on it." in word
    assert "0/4 have replied" in word
    assert finance.get(f"/p/{HERE}/papers/board?set=99").status_code == 422


def test_an_approved_set_takes_the_draft_off_its_papers(finance):
    number = approved()
    page, word, pdf = prints(finance, f"/p/{HERE}/papers/board")
    assert numbers(word) == numbers(page) == numbers(pdf)
    assert "DRAFT" not in word + pdf
    assert f"Decided: 26 March 2008, minute 08/{number}" in " ".join(pdf.split())
    letter = prints(finance, f"/p/{HERE}/papers/letters/WATCOM")[1]
    assert "in force, as the ledger holds it" in letter
    # Another scenario than the one in force is a what-if again.
    assert "DRAFT" in prints(finance, f"/p/{HERE}/papers/board?scenario=no_deposit")[1]


def test_every_figure_of_a_paper_on_a_set_opens_its_steps(finance):
    approved()
    for paper in ("board", "letters/WATCOM"):
        assert unexplained(finance, f"/p/{HERE}/papers/{paper}") == []
