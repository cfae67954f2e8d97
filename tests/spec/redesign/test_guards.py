"""Runs the cases that specify the process: which way leads where, and what keeps a case from taking it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openpbc.redesign.rules.guards import GUARDS, Facts, refusal_told, refusals, waits_for
from openpbc.redesign.rules.roles import turn_fault
from openpbc.redesign.rules.transitions import LANES, STAGES, TRANSITIONS, ways_from
from tests.told import told as held_to

# Facts with which nothing keeps a case from taking any way.
READY = Facts(
    stage="", variant="", ranks=1, lead_group="DATCOM", signed_version=True, refusals=2, routes=("tender",),
    outcome="approved", decided_route="tender", evidence="A contract", owner="A manager", reason="Because.",
)  # fmt: skip
# Way, what is otherwise, and a piece of the sentence that then refuses it.
REFUSED = (
    ("T01", {"ranks": 0}, "No group has agreed this priority"),
    (
        "T02",
        {"rivals": ("case 3, drafting",), "reason": ""},
        "There is a group for this area already (case 3, drafting)",
    ),
    ("W02", {"lead_group": ""}, "No group is named to lead"),
    ("T03", {"seats": ("Nobody sits for finance, and nobody waived it.",)}, "Nobody sits for finance"),
    ("T03", {"constraints": {"K1": ("Demo has not declared.",)}}, "Demo has not declared."),
    ("T03", {"constraints": {"K3": ("The lead may bid.",)}}, "The lead may bid."),
    ("T04", {"faults": ("Risks is not written.",)}, "Risks is not written."),
    ("W03", {"clinical_faults": ("The pathway has no stage yet.",)}, "no stage"),
    ("W02", {"outcome": ""}, "No decision of the conclave is recorded"),
    ("W04", {"outcome": "returned"}, "The body has not agreed the case: its decision is returned."),
    ("W05", {"outcome": "agreed"}, "The body has not returned the case"),
    ("W05", {"outcome": "returned", "reason": " "}, "needs a reason"),
    ("W04", {"limits": ("It stays within the budget: nobody has said so yet.",)}, "budget"),
    ("W06", {"faults": ("Estates.",)}, "Estates."),
    ("T05", {"reason": ""}, "needs a reason"),
    ("T06", {"reviews_open": ("Finance",)}, "Finance has neither returned its review nor been waived."),
    ("T07", {"signed_version": False}, "There is no version to agree"),
    ("T08", {"waiting": ("WatCom",)}, "WatCom has not agreed yet."),
    ("T08", {"against": ("WatCom",)}, "WatCom said no."),
    ("T08", {"routes": ()}, "No group has named a route"),
    ("T08", {"routes": ("tender", "existing-contract")}, "different routes: tender and existing contract"),
    ("T10", {"refusals": 1}, "disagree twice"),
    ("T11", {"outcome": ""}, "No decision of the body"),
    ("T11", {"outcome": "returned"}, "The body has not approved the case: its decision is returned."),
    ("T11", {"decided_route": "existing-contract"}, "another route than the groups agreed"),
    ("T11", {"constraints": {"K11": ("A member of the group may bid.",)}}, "may bid"),
    ("T11", {"appealed": "Appeal 1 waits."}, "Appeal 1 waits."),
    ("T12", {"outcome": "returned", "appealed": "Appeal 1 waits."}, "Appeal 1 waits."),
    ("T13", {"outcome": "refused", "appealed": "Appeal 1 waits."}, "Appeal 1 waits."),
    ("T14", {"decided_route": "existing-contract", "appealed": "Appeal 1 waits."}, "Appeal 1 waits."),
    ("T12", {"outcome": "returned", "reason": ""}, "needs a reason"),
    ("T12", {"outcome": "refused"}, "The body has not returned the case"),
    ("T13", {"outcome": "refused", "reason": ""}, "needs a reason"),
    ("T13", {"outcome": ""}, "No decision of the body"),
    ("T14", {}, "This is the route that the groups agreed"),
    ("T14", {"decided_route": ""}, "Say which route"),
    ("T15A", {}, "approved for tender, not for existing contract"),
    ("T15B", {}, "approved for tender, not for any willing provider"),
    ("T15C", {"decided_route": "any-willing-provider"}, "not for tender"),
    ("T15C", {"constraints": {"K4": ("The lead was replaced without a reason.",)}}, "replaced"),
    ("T16", {"evidence": ""}, "Name the contract"),
    ("T19", {"reason": ""}, "needs a reason"),
    ("T21", {"evidence": ""}, "No operational policy"),
    ("T22", {"evidence": ""}, "Write what was measured"),
    ("T23", {"owner": ""}, "Name who clears"),
    ("T23B", {"reason": ""}, "needs a reason"),
    ("T24", {"reason": ""}, "needs a reason"),
    *(
        (way, {"unconsulted": ("It falls on primary care.",)}, "falls on primary care")
        for way in ("T11", "T13", "T22", "T22F", "T24")
    ),
)


def ready(way: str) -> Facts:
    step = TRANSITIONS[way]
    other = {"W02": {"outcome": "agreed"}, "W04": {"outcome": "agreed"}, "W05": {"outcome": "refused"},
             "T12": {"outcome": "returned"}, "T13": {"outcome": "refused"},
             "T14": {"decided_route": "existing-contract"}, "T15A": {"decided_route": "existing-contract"},
             "T15B": {"decided_route": "any-willing-provider"}}  # fmt: skip
    return replace(READY, stage=step.start[0], variant=step.variant or "common", **other.get(way, {}))


@pytest.mark.parametrize("way", TRANSITIONS)
def test_every_way_is_open_when_all_is_ready_and_from_its_stages_alone(way: str) -> None:
    facts = ready(way)
    assert refusals(way, facts) == ()
    for stage in STAGES:
        if stage not in TRANSITIONS[way].start:
            (sentence,) = refusals(way, replace(facts, stage=stage))
            assert sentence.startswith(f"The case is at '{STAGES[stage].title}'")


@pytest.mark.parametrize(("way", "otherwise", "sentence"), REFUSED)
def test_what_keeps_a_case(way: str, otherwise: dict[str, object], sentence: str) -> None:
    step = TRANSITIONS[way]
    facts = replace(READY, stage=step.start[0], variant=step.variant or "common", **otherwise)
    found = refusals(way, facts)
    assert sentence in " ".join(found)
    told = refusal_told(way, found)
    for each in found:
        held_to(told, why=each, who=f"It is for: {LANES[step.lane].lower()}", until=", once nothing keeps it.")


def test_every_guard_of_the_table_is_known_and_tried() -> None:
    named = {name for step in TRANSITIONS.values() for name in step.guards if not name.startswith("K")}
    assert named == set(GUARDS)
    tried = {way for way, _, _ in REFUSED}
    assert {way for way, step in TRANSITIONS.items() if step.guards or step.reason} - tried <= {
        "W07", "T09", "T17", "T18", "T20", "T13B", "T22F"
    }  # fmt: skip


def test_a_way_of_the_other_process_is_refused() -> None:
    assert refusals("W02", replace(READY, stage="chosen", variant="common")) == (
        "'Choose as a shared pathway' is no step of the process that this case follows.",
    )
    assert refusals("T99", READY) == ("There is no step 'T99' in the process.",)


def test_what_a_way_waits_for_leaves_out_what_is_still_to_be_written() -> None:
    facts = replace(READY, stage="review", variant="common", reason="")
    assert waits_for("T05", facts) == ()
    assert refusals("T05", facts) == ("This step needs a reason; write it.",)


@pytest.mark.parametrize("variant", ["common", "conclave"])
def test_every_open_stage_of_a_variant_is_reached_and_left(variant: str) -> None:
    reached, seen = {"proposed"}, set()
    while reached - seen:
        stage = (reached - seen).pop()
        seen.add(stage)
        reached |= {way.to or "proposed" for way in ways_from(stage, variant)}
    other = {"chosen", "clinical", "planning"}
    assert set(STAGES) - reached == (set() if variant == "conclave" else other)
    for stage in reached:
        assert ways_from(stage, variant) or stage in ("measured", "withdrawn")


def test_nobody_reviews_or_approves_a_case_of_their_own() -> None:
    for lane in ("functions", "committee"):
        told = turn_fault(lane, frozenset({"committee_chair", "finance_manager"}), is_member=True)
        held_to(told, why="of their own", who="Somebody who does not sit there", until="as long as you sit there")
    assert turn_fault("committee", frozenset({"committee_chair"}), is_member=False) == ""
    told = turn_fault("procurement", frozenset({"gp_lead"}), is_member=False)
    held_to(told, why="in any of your roles", who="commissioning and procurement", until="as long as you hold none")
    told = turn_fault("team", frozenset({"gp_lead"}), is_member=False)
    held_to(told, why="Only members", who="The group's page shows who", until="until you are one")
    assert turn_fault("team", frozenset(), is_member=True) == ""
