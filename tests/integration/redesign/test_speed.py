"""The report of speed and fairness: for whom it opens, what it counts, and that nothing withheld is in a figure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.utils import timezone

import openpbc
from openpbc.governance import actions as governance
from openpbc.governance.models import Decision
from openpbc.governance.rules.interests import POSSIBLE_BIDDER, Party
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import reads as organisations
from openpbc.redesign import reads
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads import speed
from openpbc.redesign.reads.cases import Passed
from openpbc.redesign.reads.clocks import stays
from openpbc.redesign.reads.facts import facts_of
from openpbc.site import rooms
from tests.integration.redesign.conftest import UNIT, agreed, decide, handed_in, prioritised, step
from tests.integration.site.conftest import HERE, SIGN_INS, As

PAGE = f"/p/{HERE}/cases/speed"
PACKS = Path(openpbc.__file__).parent / "rulebook" / "packs"
pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]


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
    assert "All, each once,2,1,0,1,1,100" in csv.replace('"', "")
    assert client.get(f"{PAGE}?download=page.xlsx").status_code == 200


def test_every_figure_is_explained_by_its_cases() -> None:
    agreed(title="Knees", area="Bones")
    decide(1)
    step("committee_chair", "T11", 1, reason="SYNTHETIC")
    viewer = organisations.viewer_by_sign_in(SIGN_INS["committee_chair"])
    clocks = ("clock/decision/median", "clock/so-far/longest", "stage/review/median", "here/approved/count")
    fair = (f"group/{UNIT}/approval-rate", "route/existing-contract/count", "body/governance_committee/mean")
    hand_ins = (f"group/{UNIT}/handed-in", "all/all/approvals")
    for key in (*clocks, *fair, *hand_ins):
        found = rooms.explain(f"speed/{HERE}/{key}", viewer)
        assert recompute(found) == found.value, key
        assert "Knees" in " ".join(each.label for each in found.steps) or key.endswith("mean"), key


def test_the_clock_ends_when_the_body_decided_and_not_when_that_was_carried_out(monkeypatch) -> None:
    agreed(title="Knees", area="Bones")
    decide(1)
    matter, today, now = reads.address(HERE, 1), organisations.today(), timezone.now()
    Decision.objects.create(
        place=HERE, body="board", taken_on=today + timedelta(days=5), minute="9", matter=matter, title="The case",
        outcome="noted", text="SYNTHETIC", recorded_by="x", recorded_at=now,
    )  # fmt: skip
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: now + timedelta(days=17))
        step("committee_chair", "T11", 1, reason="SYNTHETIC")
    [round] = speed.speed_of(organisations.book(HERE), reads.cases(HERE)).rounds
    assert (round.outcome, round.body, round.days(today)) == ("approved", "governance_committee", 0)


def test_a_day_is_that_of_the_place_and_not_of_greenwich() -> None:
    late = datetime(2008, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight of 1 July in Hertfordshire
    passed = Passed("T01", "proposed", "prioritised", None, "", "", "x", late)
    [stay] = stays(SimpleNamespace(passages=(passed,)))  # type: ignore[arg-type]
    assert stay.since == date(2008, 7, 1)


def test_an_appeal_keeps_a_decision_from_being_carried_out_until_it_is_dismissed() -> None:
    agreed(title="Knees", area="Bones")
    decide(1)
    taken = Decision.objects.get(matter=reads.address(HERE, 1))
    lead = organisations.viewer_by_sign_in(SIGN_INS["group_manager"]).actor
    number = governance.lodge_appeal(by=lead, place=HERE, against=taken.pk, appellant=UNIT, grounds="SYNTHETIC")
    viewer, book = organisations.viewer_by_sign_in(SIGN_INS["committee_chair"]), organisations.book(HERE)
    told = {each.text: each.reason for each in rooms.work(book, viewer)}
    assert "Appeal 1 against the decision waits" in told["Carry out the decision on 'Knees'"]
    with pytest.raises(UserError, match="Appeal 1 against the decision waits to be decided"):
        step("committee_chair", "T11", 1, reason="SYNTHETIC")
    facts = {"place": HERE, "body": "board", "taken_on": organisations.today(), "matter": f"appeal/{HERE}/{number}"}
    heard = Decision.objects.create(
        minute="1", title="x", outcome="approved", text="x", recorded_by="x", recorded_at=timezone.now(), **facts
    )
    with pytest.raises(UserError, match="was allowed: the body has to decide again"):
        step("committee_chair", "T11", 1, reason="SYNTHETIC")
    Decision.objects.create(
        minute="1", title="x", outcome="refused", text="x", recorded_by="x", recorded_at=timezone.now(), replaces=heard,
        **facts,
    )  # fmt: skip
    step("committee_chair", "T11", 1, reason="SYNTHETIC")
    assert reads.case(HERE, 1).stage == "approved"


def test_a_rival_is_named_to_those_alone_who_may_see_it() -> None:
    handed_in(title="Hidden", area="Chests")
    prioritised(title="Second", area="Chests")
    with pytest.raises(UserError, match=r"a group for this area already \(case 1, review by functions\)"):
        step("group_manager", "T02", 2)
    governance.rule_on_interest(
        by=SYSTEM, place=HERE, matter=reads.address(HERE, 1), person=SIGN_INS["group_manager"], ruling="leaves",
        reason="A friend bids.",
    )  # fmt: skip
    with pytest.raises(UserError, match=r"a group for this area already \(another case\)"):
        step("group_manager", "T02", 2)
    assert facts_of(organisations.book(HERE), reads.case(HERE, 2)).rivals == ("another case",)


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


def with_weeks(settings, tmp_path, weeks: int) -> None:
    """The same rulebook with a target: within how many weeks a decision is due."""
    settings.RULEBOOK = tmp_path / "own"
    text = (PACKS / "england/common/redesign/decision_weeks.yaml").read_text()
    text = text.replace("value: null", f"value: {weeks}").replace("status: not set", "status: assumed")
    own = settings.RULEBOOK / "england/common/redesign/decision_weeks.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(text)


def test_without_a_target_the_share_of_long_term_conditions_is_not_set(as_role: As) -> None:
    handed_in(title="Breathing", area="Chests", long_term_condition=True)
    said = page(as_role("committee_chair"))
    assert "Long-term conditions are a known weak area" in said
    csv = as_role("committee_chair").get(f"{PAGE}?download=conditions.csv").content.decode().replace('"', "")
    assert "Long-term conditions,1,not set,not set,not set,not set" in csv and "All others,0,not set" in csv
    assert "Overdue: not set" in CliRunner().invoke(redesign, ["speed", "--place", HERE]).output
    assert "Chests; long-term condition" in page(as_role("committee_chair"), f"/p/{HERE}/cases")


def test_overdue_cases_of_long_term_conditions_stand_beside_the_others(
    as_role: As, monkeypatch, settings, tmp_path
) -> None:
    with_weeks(settings, tmp_path, 8)
    handed_in(title="Breathing", area="Chests", long_term_condition=True)
    handed_in(title="Knees", area="Bones")
    prioritised(title="Hearts", area="Hearts", long_term_condition=True)
    client, now = as_role("committee_chair"), timezone.now()
    assert "Long-term conditions,2,1,0,0 of 1,0" in conditions(client)
    later = organisations.today() + timedelta(weeks=8, days=1)
    with monkeypatch.context() as at:
        at.setattr(timezone, "now", lambda: now + timedelta(days=30))
        step("gp_lead", "T24", 2, reason="SYNTHETIC")  # taken back, so it was never put to a decision
        agreed(title="Hips", area="Hips")
        decide(4)
        step("committee_chair", "T11", 4, reason="SYNTHETIC")
    monkeypatch.setattr(organisations, "today", lambda: later)
    told = conditions(client)
    assert "Long-term conditions,2,1,1,1 of 1,100" in told
    assert "All others,2,1,0,0 of 1,0" in told and "All cases,4,2,1,1 of 2,50" in told
    viewer = organisations.viewer_by_sign_in(SIGN_INS["committee_chair"])
    for key in ("long-term/measured", "long-term/overdue", "both/overdue-share"):
        found = rooms.explain(f"speed/{HERE}/condition/{key}", viewer)
        assert recompute(found) == found.value and "Breathing: overdue" in " ".join(each.label for each in found.steps)
    with pytest.raises(UserError, match="no case stands behind"):
        rooms.explain(f"speed/{HERE}/condition/other/overdue", viewer)
    for wrong in ("condition/both/count", "all/all/overdue"):
        with pytest.raises(UserError, match="is no figure of speed"):
            rooms.explain(f"speed/{HERE}/{wrong}", viewer)
    shell = CliRunner().invoke(redesign, ["speed", "--place", HERE], catch_exceptions=False).output
    assert "Overdue, long-term conditions: 1 of 1 put to a decision" in shell


def conditions(client) -> str:
    return client.get(f"{PAGE}?download=conditions.csv").content.decode().replace('"', "")
