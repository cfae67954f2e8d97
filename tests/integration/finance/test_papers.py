"""Papers: the page, Word and PDF print the very same figures in the same order, and each page says what it rests on."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date
from html import unescape
from itertools import pairwise

import pytest
from click.testing import CliRunner
from docx import Document as read_word
from docx.oxml.ns import qn

from openpbc.finance import actions as plan_actions
from openpbc.finance.commands.papers import paper_command
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions, reads
from openpbc.site import rooms
from tests.integration.finance.budget_setting import ANN, IN, approved, drafted
from tests.integration.pages.walk import FIGURE
from tests.integration.site.conftest import send
from tests.unit.ui.paper_text import docx_text, html_text, numbers, pdf_text

pytestmark = pytest.mark.one_database

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
    assert "Moved since" not in letter
    assert "What the Board decided" in word and f"On 26 March 2008 the Board approved budget set {number}" in word
    assert "The Board is asked" not in word and ".yaml" not in word, "what was decided is not asked again"
    assert "the sum is not agreed yet" in word
    # Another scenario than the one in force is a what-if again.
    assert "DRAFT" in prints(finance, f"/p/{HERE}/papers/board?scenario=no_deposit")[1]


def test_what_moved_after_the_set_is_told_on_the_letter_and_at_home(finance, as_role):
    approved()
    moved = Draft(
        "reserve", (Entry(IN, -25_000_000), Entry("held/unallocated", 25_000_000)), date(2008, 6, 2), "A test"
    )
    plan_actions.post_many(by=ANN, place=HERE, journals=(moved,))
    path = f"/p/{HERE}/papers/letters/WATCOM"
    word = prints(finance, path)[1]
    assert "Moved since budget set 1" in word and "-250" in word.replace("\N{MINUS SIGN}", "-")
    assert unexplained(finance, path) == []
    assert "in force; -£250,000.00 moved since" in finance.get(f"/p/{HERE}").content.decode().replace(
        "\N{MINUS SIGN}", "-"
    )
    home = as_role("group_manager").get(f"/p/{HERE}").content.decode()
    assert "See what budget set 1 gives" in home
    assert "whether the growth fits" not in home


def test_every_figure_of_a_paper_on_a_set_opens_its_steps(finance):
    approved()
    for paper in ("board", "letters/WATCOM"):
        assert unexplained(finance, f"/p/{HERE}/papers/{paper}") == []


def test_a_draft_that_was_sent_keeps_its_scenario_plan_and_deposit(finance):
    for seen, scenario in enumerate(("deposit_as_asked", "deposit_as_budgeted")):
        plan_actions.submit_to_region(
            by=SYSTEM, place=HERE, scenario=scenario, plan_version=None, deposit=None, on=date(2008, 1, 24), seen=seen,
            basis="The later passage counts.",
        )  # fmt: skip
    plan_actions.reply_on_funding(
        by=SYSTEM, place=HERE, scenario="deposit_as_asked", unit="DATCOM", answer="too low", pence=100_000,
        reason="#panic(1)", seen=0,
    )  # fmt: skip
    board = f"/p/{HERE}/papers/board?scenario=deposit_as_asked"
    assert "1/4 have replied" in prints(finance, board)[1]
    assert unexplained(finance, board) == []
    page, word, pdf = prints(finance, f"/p/{HERE}/papers/submission?number=1")
    assert numbers(word) == numbers(page) == numbers(pdf)
    assert "Sent: 24 January 2008, as submission 1" in " ".join(pdf.split())
    assert "The record of submission 1 holds a deposit with the strategic health authority of £15,600 thousand." in word
    for printed in (page, word, pdf):
        assert "thousand. The later passage counts." in " ".join(printed.split()), "the reason is printed with the sum"
    assert unexplained(finance, f"/p/{HERE}/papers/submission?number=1") == []
    assert "Submission 2, sent on" in finance.get(f"/p/{HERE}/papers").content.decode()
    assert finance.get(f"/p/{HERE}/papers/submission?number=3").status_code == 422


def test_a_paper_that_lists_four_groups_says_where_the_fifth_unit_stands(finance):
    for paper in ("board", "submission"):
        for shown in prints(finance, f"/p/{HERE}/papers/{paper}"):
            assert "Red House, a single-practice team, has no line of its own" in " ".join(shown.split())
            assert "no source says it" in " ".join(shown.split())


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_is_built_for_those_who_listen(finance, paper):
    word = read_word(io.BytesIO(finance.get(f"/p/{HERE}/papers/{paper}?download=paper.docx").content))
    levels = [int(line.style.name[-1]) for line in word.paragraphs if line.style.name.startswith("Heading")]
    assert all(after - before <= 1 for before, after in pairwise([0, *levels]))
    for table in word.tables:
        first = table.rows[0]._tr.trPr
        assert first is not None and first.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    pdf = finance.get(f"/p/{HERE}/papers/{paper}?download=paper.pdf").content
    assert b"/MarkInfo<</Marked true" in pdf and b"/Lang(en-GB)" in pdf and b"/S/TH" in pdf
    assert pdf.count(b"/S/Table") == pdf.count(b"/S/THead") == len(word.tables)
    assert pdf.count(b"/S/Figure") == len(word.inline_shapes)


def test_the_same_figures_give_the_same_bytes_in_five_processes(tmp_path):
    settings = [("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8"), ("3", "America/Lima", "POSIX")]
    settings += [("4", "Europe/London", "en_GB.UTF-8"), ("5", "Pacific/Apia", "tr_TR.UTF-8")]
    home = {"OPENPBC_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    shell(home, "migrate")
    made = set()
    for seed, zone, tongue in settings:
        env = home | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": tongue, "LANG": tongue}
        out = tmp_path / f"{seed}.pdf"
        shell(env, "finance", "paper", "--place", HERE, "--kind", "board", "--format", "pdf", "--out", str(out))
        made.add(out.read_bytes())
    assert len(made) == 1


def shell(env: dict[str, str], *words: str) -> None:
    """Run the command in a process of its own."""
    run = [sys.executable, "-m", "openpbc.site.cli", *words]
    subprocess.run(run, env=os.environ | env, check=True, capture_output=True, text=True)


def test_a_commissioning_plan_is_a_paper_too_and_hostile_words_stay_words(as_role):
    hostile = '#panic("x") $x$ <b>&amp;</b> "); #import "@preview/evil:1.0.0": * \u202e1,234'
    group = as_role("group_manager")
    here = f"/p/{HERE}/units/DATCOM/plan"
    assert send(group, f"{here}/context", {"context": hostile, "revision": "0"}).status_code == 302
    word = docx_text(group.get(f"{here}?download=paper.docx").content)
    pdf = " ".join(pdf_text(group.get(f"{here}?download=paper.pdf").content).split())
    assert hostile.replace("\u202e", "\ufffd") in word
    assert '#panic("x") $x$ <b>&amp;</b> "); #import "@preview/evil:1.0.0": *' in pdf
    assert "DRAFT" in word
    assert "download=paper.pdf" in group.get(here).content.decode()
