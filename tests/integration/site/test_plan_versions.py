"""The plan's pages: a finance manager drafts, changes, compares and submits; everybody else may at most look."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions
from openpbc.finance.reads import plan_versions as reads
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.site import rooms
from tests.integration.site.conftest import FOREIGN, HERE, As, send

VERSIONS = f"/p/{HERE}/plan/versions"
ONE = f"{VERSIONS}/1"
FIGURE = re.compile(r'data-figure="([^"]*)" data-value="(-?\d+)"')
LINE = {
    "label": "Stroke unit", "section": "investment", "method": "investment", "amount": "1,234.5", "origin": "new",
    "link": "PCT", "priority": "LAA 4", "runs_on": "yes", "heading": "Acute",
}  # fmt: skip


@pytest.fixture
def published(people: None) -> None:
    actions.load_published_plan(by=SYSTEM, place=HERE)


@pytest.fixture
def finance(as_role: As, published: None):
    return as_role("finance_manager")


def version(number: int = 1) -> reads.Version:
    return reads.plan_version(HERE, "2008-09", number)


def seen(number: int = 1) -> dict[str, str]:
    return {"revision": str(version(number).facts.revision)}


def test_the_list_names_the_scenario_of_every_version(finance):
    text = finance.get(VERSIONS).content.decode()
    assert "Published draft of January 2008" in text
    assert "Deposit of 15.6 million" in text
    assert "Draft a version" in text
    assert "Versions of the financial plan" in finance.get(f"/p/{HERE}/plan").content.decode()


def test_a_budget_whose_base_nobody_split_has_a_change_and_no_draft(finance):
    text = finance.get(ONE).content.decode()
    table = text[text.index('id="table-budgets"') :]
    rows = re.findall(r"<tr.*?</tr>", table[: table.index("</table>")], re.S)
    split, unsplit = ([row for row in rows[1:] if ("base not split" in row) is flag] for flag in (False, True))
    assert split and unsplit
    assert not [row for row in unsplit if "/base" in row], "no base is made up"


@pytest.mark.parametrize("role", ["gp_lead", "sha_manager", "committee_chair", "analyst"])
def test_others_look_and_are_offered_nothing_that_they_may_not(role, as_role, published):
    client = as_role(role)
    for path in (VERSIONS, ONE, f"/p/{HERE}/plan/compare?a=book&b=1"):
        assert client.get(path).status_code == 200
    text = client.get(ONE).content.decode()
    assert "Add a line" not in text and "/lines/acute" not in text
    for path in (f"{VERSIONS}/new", f"{ONE}/submit", f"{ONE}/withdraw", f"{ONE}/lines/new", f"{ONE}/lines/acute"):
        assert client.get(path).status_code == 403
        assert client.post(path, {}).status_code == 403


def test_a_provider_and_a_stranger_see_no_plan(as_role, published):
    assert as_role("provider_lead").get(VERSIONS).status_code == 403
    assert as_role("public").get(VERSIONS).status_code == 302


def test_every_figure_of_the_pages_is_explained_as_printed(finance):
    send(finance, f"{VERSIONS}/new", {"source": "1", "title": "Second"})
    two = f"{VERSIONS}/2"
    send(finance, f"{two}/lines/new", LINE | seen(2))
    tariff = {
        "label": "Hospitals",
        "section": "inflation",
        "method": "uplift",
        "base": "300000",
        "rate_source": "tariff",
    }
    send(finance, f"{two}/lines/new", tariff | {"rate_source": "tariff"} | seen(2))
    paths = (VERSIONS, ONE, two, f"{two}?efficiency=2.5&combination=compound", f"/p/{HERE}/plan/compare?a=1&b=2")
    count = 0
    for path in paths:
        for address, value in set(FIGURE.findall(finance.get(path).content.decode())):
            explained = rooms.explain(unescape(address), None)
            assert (address, recompute(explained)) == (address, int(value))
            count += 1
    assert count > 150


def test_a_line_is_added_changed_and_removed(finance):
    answer = send(finance, f"{ONE}/lines/new", LINE | seen())
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ONE}#table-lines")
    made = version().line("stroke_unit")
    assert (made.amount, made.runs_on, made.heading) == (1_234_500_00, True, "Acute")
    text = finance.get(f"{ONE}/lines/stroke_unit").content.decode()
    assert 'value="1234.5"' in text and "Remove this line" in text
    send(finance, f"{ONE}/lines/stroke_unit", LINE | seen() | {"amount": "1000"})
    assert version().line("stroke_unit").amount == 1_000_000_00
    assert "it stays in" not in finance.get(f"{ONE}/lines/stroke_unit/remove").content.decode()
    checked = send(finance, f"{ONE}/lines/stroke_unit/remove", seen())
    assert "The line leaves the draft" in checked.content.decode()
    assert version().line("stroke_unit")
    send(finance, f"{ONE}/lines/stroke_unit/remove", seen() | {"confirmed": "yes"})
    assert "stroke_unit" not in {line.code for line in version().lines}
    assert audit.verify().intact


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"label": ""}, "label", "Say what the money is for."),
        ({"amount": "much"}, "amount", "is not a number"),
        ({"amount": ""}, "amount", "Enter the amount"),
        ({"method": "uplift", "section": "inflation"}, "base", "needs the amount that the rate is applied to"),
        ({"method": "uplift", "section": "inflation", "base": "10"}, "rate", "needs a rate"),
        ({"section": "saving", "method": "saving"}, "amount", "written with a minus"),
        ({"section": "deposit"}, "method", "does not fit"),
        ({"link": "NOBODY"}, "link", "not one of the choices"),
        ({"amount": "99999999999999"}, "amount", "larger than any budget"),
    ],
)
def test_a_mistake_in_a_line_is_told_beside_its_field(finance, changes, field, sentence):
    answer = send(finance, f"{ONE}/lines/new", LINE | seen() | changes)
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert f'href="#{field}"' in text and sentence in text
    assert version().facts.revision == 1


def test_who_comes_second_gets_the_form_back_with_the_name_of_the_first(finance):
    stale = seen()
    actions.remove_line(by=SYSTEM, place=HERE, version=1, revision=1, code="corporate")
    answer = send(finance, f"{ONE}/lines/new", LINE | stale)
    text = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "OpenPBC itself" in text and "removed Corporate and capital charges" in text
    assert "Stroke unit" in text, "what was written is not lost"


def test_a_plan_is_submitted_after_a_check_and_then_stays(finance):
    refused = send(finance, f"{ONE}/submit", seen())
    assert refused.status_code == 422
    assert "a plan that names none cannot be submitted" in refused.content.decode()
    chosen = {"scenario": "deposit_as_budgeted"} | seen()
    unlinked = unescape(send(finance, f"{ONE}/submit", chosen).content.decode())
    assert "Link each line to a plan or to the commissioner, or say why they name none." in unlinked
    chosen |= {"unlinked": "The printed table names none."}
    checked = unescape(send(finance, f"{ONE}/submit", chosen).content.decode())
    assert "15,600 thousand aside, the scenario deposits 13,675 thousand" in checked or "13,700" in checked
    assert "Dental allocation, change" in checked
    assert "6 investment lines name no plan, for the reason: The printed table names none." in checked
    assert version().is_draft
    assert send(finance, f"{ONE}/submit", chosen | {"confirmed": "yes"}).status_code == 302
    assert version().facts.state == "submitted"
    text = finance.get(ONE).content.decode()
    assert "Add a line" not in text and "Approve it" in text
    assert "6 investment lines name no plan: The printed table names none." in text
    late = finance.get(f"{ONE}/lines/new")
    assert late.status_code == 422 and "its lines are fixed" in late.content.decode()


def test_a_plan_is_approved_by_the_decision_on_it_and_no_other(finance):
    actions.submit_plan(by=SYSTEM, place=HERE, version=1, revision=1, scenario="no_deposit", unlinked="a test")
    said = {"by": SYSTEM, "place": HERE, "body": "board", "taken_on": date(2008, 3, 27), "text": "Approved."}
    other = governance.record_decision(
        minute="1", outcome="approved", matter=f"plan-version/{HERE}/2008-09/9", title="Another", **said
    )
    assert send(finance, f"{ONE}/approve", {"decision": str(other)} | seen()).status_code == 422
    number = governance.record_decision(
        minute="2", outcome="approved", matter=version().facts.matter, title="The plan", **said
    )
    checked = send(finance, f"{ONE}/approve", {"decision": str(number)} | seen())
    assert "Nothing of this version can be changed any more" in checked.content.decode()
    send(finance, f"{ONE}/approve", {"decision": str(number), "confirmed": "yes"} | seen())
    assert (version().facts.state, version().facts.decision) == ("approved", str(number))
    assert f"/decisions/{number}" in finance.get(ONE).content.decode()


def test_what_waits_is_told_on_the_first_page_to_whoever_it_waits_for(finance, as_role):
    home = f"/p/{HERE}"
    assert "Finish version 1 of the financial plan" in finance.get(home).content.decode()
    actions.submit_plan(by=SYSTEM, place=HERE, version=1, revision=1, scenario="no_deposit", unlinked="a test")
    assert "Finish version" not in finance.get(home).content.decode()
    asked = unescape(as_role("committee_secretary").get(home).content.decode())
    assert "Record the decision on version 1" in asked and f"matter=plan-version%2F{HERE}" in asked
    governance.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2008, 3, 27), minute="2", outcome="approved",
        matter=version().facts.matter, title="The plan", text="Approved.",
    )  # fmt: skip
    assert "Approve version 1" in finance.get(home).content.decode()


def test_a_version_is_withdrawn_for_a_reason(finance):
    assert send(finance, f"{ONE}/withdraw", seen()).status_code == 422
    send(finance, f"{ONE}/withdraw", {"reason": "wrong deposit", "confirmed": "yes"} | seen())
    assert version().facts.state == "withdrawn"


def test_a_place_without_figures_starts_an_empty_plan(as_role, published):
    from openpbc.organisations import actions as organisations

    organisations.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")
    client, versions = as_role("finance_manager"), f"/p/{FOREIGN}/plan/versions"
    assert "No version is drafted yet" in client.get(versions).content.decode()
    answer = send(client, f"{versions}/new", {"source": "empty", "title": "First"})
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "The plan has no line yet" in page.content.decode()
    assert client.get(f"/p/{FOREIGN}/plan/compare").status_code == 200


@pytest.mark.parametrize("path", ["versions/9", "compare?a=9&b=1", "compare?a=x&b=1", "versions/9/lines/new"])
def test_what_is_not_there_is_told_in_a_sentence(path, finance):
    answer = finance.get(f"/p/{HERE}/plan/{path}")
    assert answer.status_code in (200, 422)
    assert "There is a problem" in answer.content.decode()
