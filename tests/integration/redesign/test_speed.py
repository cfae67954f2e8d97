"""The report of speed and fairness: for whom it opens, what it counts, and that nothing withheld is in a figure."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from openpbc.governance import actions as governance
from openpbc.governance.rules.interests import POSSIBLE_BIDDER, Party
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import reads as organisations
from openpbc.redesign import reads
from openpbc.redesign.commands import redesign
from openpbc.site import rooms
from tests.integration.redesign.conftest import UNIT, agreed, decide, handed_in, step
from tests.integration.site.conftest import HERE, SIGN_INS, As

PAGE = f"/p/{HERE}/cases/speed"
pytestmark = pytest.mark.usefixtures("people")


def page(client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_report_tells_what_waits_why_and_what_was_decided(as_role: As) -> None:
    client = as_role("committee_chair")
    assert "No case has moved yet" in page(client)
    agreed(title="Knees", area="Bones")
    decide(1)
    step("committee_chair", "T11", 1, reason="SYNTHETIC")
    handed_in(title="Breathing", area="Chests")
    said = page(client)
    assert "2 cases are under way, 1 of them cannot go on yet." in said
    assert "Of 1 decision the one in the middle took 0 days" in said
    assert "Public health has neither returned its review nor been waived." in said
    assert "twelve" not in said and "takes 12 months on average" in said
    assert "No target is set, so no case is late." in said and "decision_weeks.yaml" in said
    csv = client.get(f"{PAGE}?download=fairness-group.csv").content.decode()
    assert "All cases,2,1,0,1,1,100" in csv.replace('"', "")
    assert client.get(f"{PAGE}?download=page.xlsx").status_code == 200


def test_every_figure_is_explained_by_its_cases() -> None:
    agreed(title="Knees", area="Bones")
    decide(1)
    step("committee_chair", "T11", 1, reason="SYNTHETIC")
    viewer = organisations.viewer_by_sign_in(SIGN_INS["committee_chair"])
    clocks = ("clock/decision/median", "clock/so-far/longest", "stage/review/median", "here/approved/count")
    fair = (f"group/{UNIT}/approval-rate", "route/existing-contract/count", "body/governance_committee/mean")
    for key in (*clocks, *fair):
        found = rooms.explain(f"speed/{HERE}/{key}", viewer)
        assert recompute(found) == found.value, key
        assert "Knees" in " ".join(each.label for each in found.steps) or key.endswith("mean"), key


def test_a_withheld_case_is_in_no_figure_and_said_to_be_left_out(as_role: As) -> None:
    handed_in(title="Breathing", area="Chests")
    governance.declare_interest(
        by=SYSTEM, place=HERE, person=SIGN_INS["finance_manager"], organisation="Chest Company", role="owner",
        nature="financial-personal", held_from=organisations.today() - timedelta(days=30),
    )  # fmt: skip
    governance.set_parties(
        by=SYSTEM, place=HERE, matter=reads.address(HERE, 1), parties=[Party("Chest Company", POSSIBLE_BIDDER)]
    )
    said = page(as_role("finance_manager"))
    assert "Breathing" not in said and "No case has moved yet" in said
    assert "1 more case is withheld from you, and in no figure." in said
    assert "Breathing" in page(as_role("committee_chair"))


def test_the_report_is_for_those_who_plan_and_not_for_providers(as_role: As) -> None:
    assert as_role("provider_lead").get(PAGE).status_code == 403
    for role in ("gp_lead", "group_manager", "sha_manager", "committee_secretary"):
        page(as_role(role))


def test_the_shell_says_the_same(as_role: As, monkeypatch) -> None:
    handed_in(title="Breathing", area="Chests")
    client, later = as_role("committee_chair"), organisations.today() + timedelta(days=400)
    monkeypatch.setattr(organisations, "today", lambda: later)
    words = ("speed", "--place", HERE)
    told = CliRunner().invoke(redesign, words, catch_exceptions=False).output
    assert "case 1 waits 400 days for functions of the commissioner: Breathing" in told
    facts = json.loads(CliRunner().invoke(redesign, [*words, "--json"], catch_exceptions=False).output)
    assert facts["over"]["so-far"]["took"][0]["days"] == 400 and facts["waits"][0]["case"] == 1
    assert ">400</a>" in page(client)
