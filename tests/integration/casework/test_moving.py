"""Diagrams of one's own: kept by hash, taken by new cases only; a live case goes over by a decision or not at all."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.casework import actions, choosing, reads
from openpbc.casework.models import Case, Definition
from openpbc.kernel.problems import Stale, UserError
from tests.integration.at_once import at_once
from tests.integration.casework.conftest import ANN, BEN, COMMON, CONCLAVE, at, do, start

DECISION = f"decision/{CONCLAVE}/4"


def changed(*pairs: tuple[str, str], place: str = COMMON) -> bytes:
    """Give the place's diagram with some text replaced by other text."""
    text = choosing.shipped(choosing.book_of(place), "redesign").text.decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def store(text: bytes, seen: int = 0, place: str = COMMON, by=ANN) -> str:
    return actions.store(
        by=by, place=place, process="redesign", name="own.bpmn", text=text, reason="Agreed.", seen=seen
    )


# The step S11 gets a step before it: a case that has not come there may go over.
STEP = '<bpmn:userTask id="S10b" name="Publish the policies"><bpmn:incoming>F99</bpmn:incoming></bpmn:userTask>'
ARROW = '<bpmn:sequenceFlow id="F99" sourceRef="S10b" targetRef="S11" />'
BOUNDS = '<dc:Bounds x="1" y="1" width="9" height="9" />'
SHAPE = f'<bpmndi:BPMNShape id="S10b_di" bpmnElement="S10b">{BOUNDS}</bpmndi:BPMNShape>'
NEW_STEP = (
    ('<bpmn:userTask id="S11"', f'{STEP}<bpmn:userTask id="S11"'),
    ('<bpmn:sequenceFlow id="F01"', f'{ARROW}<bpmn:sequenceFlow id="F01"'),
    ('targetRef="S11" name="T21"', 'targetRef="S10b" name="T21"'),
    ('<bpmndi:BPMNShape id="S11_di"', f'{SHAPE}<bpmndi:BPMNShape id="S11_di"'),
)
TO_APPROVED = ("S1:agreed", "S2:started", "S3:opened", "S4:submitted", "S5:closed", "S6:all_agreed", "S7_D3:approved")


def walked(case: reads.Case, *moves: str) -> reads.Case:
    for move in moves:
        step, outcome = move.split(":")
        facts = {"route": "tender"} if outcome == "all_agreed" else {}
        case = do(case, step, outcome, **facts)
    return case


@pytest.mark.django_db
def test_a_case_keeps_the_diagram_with_which_it_began_and_a_new_one_takes_the_new() -> None:
    """The trap: swapped under a stored case, the new step would be passed over without a word."""
    old = walked(start(COMMON), *TO_APPROVED, "S8:started", "S9C_tender:contracted")
    hash = store(changed(*NEW_STEP))
    assert at(do(old, "S10", "agreed")) == ["S11"]
    new = walked(start(COMMON, subject="ent"), *TO_APPROVED, "S8:started", "S9C_tender:contracted", "S10:agreed")
    assert (new.definition, at(new)) == (hash, ["S10b"])


@pytest.mark.django_db
def test_a_live_case_goes_over_where_nothing_that_it_passed_changes_and_then_meets_the_new_step() -> None:
    case = walked(start(COMMON), "S1:agreed")
    hash = store(changed(*NEW_STEP))
    actions.move(by=BEN, case=case.id, to_hash=hash, decision=DECISION, seen=case.version)
    moved = reads.case(case.id)
    assert (moved.definition, at(moved), moved.version) == (hash, ["S2"], case.version + 1)
    assert [stay.left_at for stay in reads.history(case.id)][-1] is None
    event = audit.events(action="casework.move")[0]
    assert (event.subject, event.reason, event.before["definition"]) == (case.address, DECISION, case.definition)
    moved = walked(moved, *TO_APPROVED[1:], "S8:started", "S9C_tender:contracted", "S10:agreed")
    assert at(moved) == ["S10b"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        ([('value="agreed" name="Agree the priority"', 'value="agreed" name="Agree it"')], "'Priority proposed'"),
        ([('id="S2" name="Prioritised"', 'id="S2" name="Ranked"')], "'Prioritised'"),
    ],
)
def test_a_case_does_not_go_over_where_a_finished_step_changed(pairs: list[tuple[str, str]], named: str) -> None:
    case = walked(start(COMMON), "S1:agreed", "S2:started")
    hash = store(changed(*pairs))
    with pytest.raises(UserError, match=f"the case has passed {named}, which the new diagram changes"):
        actions.move(by=BEN, case=case.id, to_hash=hash, decision=DECISION, seen=case.version)
    assert reads.case(case.id) == case


@pytest.mark.django_db
def test_a_case_does_not_go_over_to_a_diagram_without_the_step_at_which_it_stands() -> None:
    case = walked(start(COMMON), *TO_APPROVED[:6])
    hash = store(changed(("S7_D3", "S7_C")))
    with pytest.raises(UserError, match="'Approval by the Governance Committee'"):
        actions.move(by=BEN, case=case.id, to_hash=hash, decision=DECISION, seen=case.version)


@pytest.mark.django_db
def test_moving_needs_a_decision_a_known_diagram_and_the_last_version() -> None:
    case = walked(start(COMMON), "S1:agreed")
    hash = store(changed(("Live", "Alive")))
    for given, sentence in (
        ({"decision": " "}, "by a decision only"),
        ({"to_hash": "0" * 64}, "no diagram of 'redesign' has the hash 000000000000"),
        ({"to_hash": case.definition}, "runs along this diagram already"),
    ):
        known = {"to_hash": hash, "decision": DECISION} | given
        with pytest.raises(UserError, match=sentence):
            actions.move(by=ANN, case=case.id, seen=case.version, **known)
    with pytest.raises(Stale, match="Ann finished 'Priority proposed'"):
        actions.move(by=ANN, case=case.id, to_hash=hash, decision=DECISION, seen=1)


@pytest.mark.django_db
def test_storing_keeps_versions_and_refuses_the_same_again_or_without_a_reason() -> None:
    one, two = changed(("Live", "Alive")), changed(("Live", "Running"))
    first = store(one)
    store(two, seen=1)
    assert store(one, seen=2) == first
    assert [each.number for each in reads.versions(COMMON, "redesign")] == [3, 2, 1]
    assert Definition.objects.count() == 2
    with pytest.raises(UserError, match="in force already"):
        store(one, seen=3)
    with pytest.raises(Stale, match="Ann stored version 3 on"):
        store(two, seen=2, by=BEN)
    with pytest.raises(UserError, match="needs a reason"):
        actions.store(by=ANN, place=COMMON, process="redesign", name="x", text=two, reason=" ", seen=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_store_at_once_one_wins_and_the_other_is_told() -> None:
    texts = [changed(("Live", word)) for word in ("Alive", "Running")]
    results = at_once(*(lambda text=text: store(text) for text in texts))
    told = [str(each) for each in results if " stored version 1 on " in str(each)]
    assert len(told) == 1
    assert len(reads.versions(COMMON, "redesign")) == 1


@pytest.mark.django_db
def test_a_case_is_kept_small_and_without_its_diagram() -> None:
    case = walked(start(COMMON), *TO_APPROVED, "S8:started", "S9C_tender:contracted")
    kept = Case.objects.get(pk=case.id).kept
    assert len(kept) < 25_000
    assert "Priority proposed" not in kept and "final_input ==" not in kept
