"""Runs the cases that specify pathways, joint groups, shifts of money, specifications and complete cases."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.redesign.rules.completeness import CaseForChange, Prose, case_faults, limit_faults
from openpbc.redesign.rules.membership import GroupMember, KindWaived, member_faults, missing_kinds
from openpbc.redesign.rules.pathway import PathwayStage, pathway_faults
from openpbc.redesign.rules.shifts import Shift, ShiftTable, shift_faults
from openpbc.redesign.rules.specification import Outcome, specification_faults

LETTERS = {"s": "self", "p": "primary", "a": "acute"}
# The settings of a pathway in order, and the start of the sentence that refuses it; empty for a good one.
PATHWAYS = (
    ("spaps", ""),
    ("spap", ""),
    ("sp", ""),
    ("sps", ""),
    ("ssppaappss", ""),
    ("", "The pathway has no stage"),
    ("spa", "The pathway ends in acute hospital care"),
    ("pap", "The pathway starts in primary"),
    ("aps", "The pathway starts in acute"),
    ("sap", "The pathway goes from self care straight into hospital"),
    ("spapap", "The pathway enters hospital more than once"),
    ("s", "The pathway has no stage in primary care"),
    ("spspap", "The pathway goes back to self care before"),
    ("spsps", "The pathway goes back to self care before"),
    ("spasp", ""),
)


def stages(letters: str) -> tuple[PathwayStage, ...]:
    return tuple(PathwayStage(LETTERS[letter], "something") for letter in letters)


@pytest.mark.parametrize(("letters", "refused"), PATHWAYS)
def test_pathway(letters: str, refused: str) -> None:
    found = pathway_faults(stages(letters))
    assert (not refused and found == ()) or any(refused and sentence.startswith(refused) for sentence in found)


def test_a_stage_says_what_happens_and_names_a_setting() -> None:
    assert pathway_faults((PathwayStage("self", ""), PathwayStage("primary", "x"))) == (
        "Stage 1 does not say what happens.",
    )
    assert pathway_faults((PathwayStage("home", "x"),)) == ("'home' is no setting of care.",)


FULL = (
    GroupMember("gp@x", "A GP", "commissioner", leads=True, side="commissioner"),
    GroupMember("con@x", "A consultant", "clinician", "consultant", side="provider"),
    GroupMember("nur@x", "A nurse", "clinician", "nursing", side="provider"),
    GroupMember("ahp@x", "A therapist", "clinician", "allied", side="provider"),
    GroupMember("man@x", "A manager", "management", side="commissioner"),
    GroupMember("fin@x", "An accountant", "finance", side="commissioner"),
    GroupMember("ph@x", "A public health doctor", "public-health", side="commissioner"),
    GroupMember("pat@x", "A patient", "patient", side="commissioner"),
)


def test_a_full_group_lacks_nothing() -> None:
    assert member_faults(FULL, ()) == ()


@pytest.mark.parametrize("gone", range(1, len(FULL)))
def test_each_seat_is_missed_until_it_is_waived_with_day_and_reason(gone: int) -> None:
    left = FULL[:gone] + FULL[gone + 1 :]
    (seat,) = missing_kinds(left, ())
    assert len(member_faults(left, ())) == 1
    assert missing_kinds(left, (KindWaived(seat, "", date(2008, 4, 1)),)) == (seat,)
    assert missing_kinds(left, (KindWaived(seat, "none to be had", None),)) == (seat,)
    assert member_faults(left, (KindWaived(seat, "none to be had", date(2008, 4, 1)),)) == ()


def test_one_commissioner_leads() -> None:
    none = tuple(GroupMember(each.person, each.name, each.kind, each.sub_kind, side=each.side) for each in FULL)
    assert member_faults(none, ()) == ("The group has no lead; the lead is a clinician who commissions.",)
    wrong = (*none[:-1], GroupMember("pat@x", "A patient", "patient", leads=True, side="commissioner"))
    assert "A patient leads the group as patient" in member_faults(wrong, ())[0]
    two = (*FULL, GroupMember("gp2@x", "Another GP", "commissioner", leads=True, side="commissioner"))
    assert member_faults(two, ()) == ("2 members lead the group; one has to.",)


SHIFTS = (
    (ShiftTable((Shift("Trust", "Clinic", 100_00, 100_00),)), ""),
    (ShiftTable((Shift("Trust", "Clinic", 100_00, 60_00),), saving=40_00), ""),
    (ShiftTable((Shift("Trust", "Clinic", 100_00, 130_00),), new_money=30_00), ""),
    (ShiftTable((Shift("Trust", "Clinic", 100_00, 60_00),)), "does not balance: £40.00 more leaves or is new"),
    (ShiftTable((Shift("Trust", "Clinic", 60_00, 100_00),)), "does not balance: £40.00 more arrives or is saved"),
    (ShiftTable(), "No move of money"),
    (ShiftTable((Shift("", "Clinic", 1, 1),)), "does not name both"),
    (ShiftTable((Shift("Trust", "trust ", 1, 1),)), "to itself"),
    (ShiftTable((Shift("Trust", "Clinic", 0, 0),)), "moves no money"),
    (ShiftTable((Shift("Trust", "Clinic", -1, -1),)), "below nought"),
    (ShiftTable((Shift("Trust", "Clinic", 1, 0),), new_money=-1), "above nought"),
)


@pytest.mark.parametrize(("table", "refused"), SHIFTS)
def test_shift(table: ShiftTable, refused: str) -> None:
    found = shift_faults(table)
    assert (not refused and found == ()) or any(refused and refused in sentence for sentence in found)


def test_a_specification_has_an_outcome_that_can_be_measured() -> None:
    assert specification_faults(()) == ("The specification states no outcome.",)
    assert "has an indicator" in specification_faults((Outcome("Fewer admissions"),))[0]
    assert specification_faults((Outcome("Fewer admissions", "admissions in 1,000"), Outcome("Content patients"))) == ()


def whole(**changes: object) -> CaseForChange:
    prose = {code: Prose("Written.") for code in ("activity", "finance", "estates", "workforce", "risks", "summary")}
    facts = {
        "stages": stages("spaps"),
        "outcomes": (Outcome("Fewer admissions", "admissions"),),
        "shifts": ShiftTable((Shift("Trust", "Clinic", 1, 1),)),
        "prose": prose | changes.pop("prose", {}),  # type: ignore[operator]
    }
    return CaseForChange(**(facts | changes))  # type: ignore[arg-type]


def test_a_whole_case_lacks_nothing_and_an_empty_one_lacks_each_part() -> None:
    assert case_faults(whole()) == ()
    lacking = {fault.part for fault in case_faults(CaseForChange())}
    assert lacking == {
        "pathway",
        "specification",
        "shifts",
        "activity",
        "finance",
        "estates",
        "workforce",
        "risks",
        "summary",
    }


def test_care_that_leaves_hospital_needs_a_statement_of_safety() -> None:
    out = (PathwayStage("self", "a"), PathwayStage("primary", "a clinic", before="acute"))
    (fault,) = case_faults(whole(stages=out))
    assert (fault.part, "safe and effective" in fault.sentence) == ("safety", True)
    assert case_faults(whole(stages=out, prose={"safety": Prose("As safe.")})) == ()
    assert case_faults(whole(stages=out, prose={"safety": Prose("Not needed.", applies=False)})) != ()


def test_only_some_parts_may_be_marked_as_not_applying() -> None:
    assert case_faults(whole(prose={"estates": Prose("No room needed.", applies=False)})) == ()
    (fault,) = case_faults(whole(prose={"risks": Prose("None.", applies=False)}))
    assert fault.sentence == "Risks always applies; write it."


def test_every_limit_is_answered_with_yes() -> None:
    assert limit_faults({"budget": "yes", "targets": "yes", "strategy": "yes"}) == ()
    found = limit_faults({"budget": "no", "targets": "yes"})
    assert found == (
        "It stays within the budget: this is answered with no.",
        "It is in line with the local strategy: nobody has said so yet.",
    )
