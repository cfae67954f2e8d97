"""Two people at one case at the same moment: one wins, the other is told, and the diagram and the case agree."""

from __future__ import annotations

import pytest

from openpbc.casework import actions as running
from openpbc.casework import reads as casework
from openpbc.kernel.actor import SYSTEM
from openpbc.redesign import actions, reads
from openpbc.redesign.reads import conclave
from openpbc.redesign.rules.diagram import stage_of
from tests.integration.at_once import at_once
from tests.integration.redesign.conftest import PROCESSES, UNIT, as_actor, drafting, forming, reviewed, revision, step
from tests.integration.site.conftest import HERE

# Pairs that meet in one case: many rounds before a release, one or two at every push.
ROUNDS = pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.soak)])
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("people")]


def agrees_with_its_diagram(number: int) -> bool:
    known = reads.case(HERE, number)
    running = casework.case(known.process)
    return known.stage == stage_of(tuple(each.step for each in running.waiting), running.ended)


def test_two_answers_of_one_group_leave_one() -> None:
    number = reviewed()

    def answer(agreed: bool) -> None:
        who = as_actor("gp_lead" if agreed else "group_manager")
        actions.agree(by=who, place=HERE, number=number, unit=UNIT, version=1, agreed=agreed,
                      route="tender" if agreed else "", reason="SYNTHETIC")  # fmt: skip

    told = [each for each in at_once(lambda: answer(True), lambda: answer(False)) if isinstance(each, str)]
    assert len(told) == 1 and len(reads.agreements(reads.case(HERE, number))) == 1
    assert agrees_with_its_diagram(number)


def test_of_a_block_and_a_withdrawal_one_happens_and_the_other_is_told() -> None:
    number = drafting()
    seen = revision(number)

    def step(role: str, way: str) -> None:
        actions.take_step(by=as_actor(role), place=HERE, number=number, way=way, revision=seen, reason="SYNTHETIC",
                          owner="SYNTHETIC")  # fmt: skip

    told = [each for each in at_once(lambda: step("gp_lead", "T23"), lambda: step("group_manager", "T24"))
            if isinstance(each, str)]  # fmt: skip
    assert len(told) == 1 and "changed case 1 on" in told[0]
    assert reads.case(HERE, number).stage in ("held", "withdrawn") and agrees_with_its_diagram(number)


def test_two_who_write_one_part_are_told_and_two_parts_are_both_kept() -> None:
    number = drafting()

    def write(role: str, part: str) -> None:
        actions.write_prose(by=as_actor(role), place=HERE, number=number, part=part, revision=0, text=role)

    same = at_once(lambda: write("gp_lead", "risks"), lambda: write("group_manager", "risks"))
    assert len([each for each in same if isinstance(each, str) and "changed this part" in each]) == 1
    assert at_once(lambda: write("gp_lead", "estates"), lambda: write("group_manager", "workforce")) == [None, None]


def told_of(results: list[object]) -> str:
    """The one sentence with which one of two was refused."""
    (sentence,) = [each for each in results if isinstance(each, str)]
    return sentence


@ROUNDS
def test_two_name_the_lead_and_one_is_told(rounds: int) -> None:
    number = forming()
    for seed in range(rounds):
        now = revision(number)
        pair = ("conclave@demo", "chair@demo") if seed % 2 else ("finance@demo", "analyst@demo")

        def name(person: str, now: int = now) -> None:
            actions.name_lead(
                by=as_actor("group_manager"), place=HERE, number=number, revision=now, unit=UNIT, person=person,
                reason="SYNTHETIC",
            )  # fmt: skip

        told = told_of(at_once(lambda: name(pair[0]), lambda: name(pair[1]), seed=seed))  # noqa: B023 - done in the round
        assert "changed case 1 on" in told or "at this very moment" in told
        assert len(reads.case(HERE, number).leads) == seed + 1


@ROUNDS
def test_a_block_against_a_changed_case(rounds: int) -> None:
    """A step of the process and a change of what the case says: whoever comes second is told."""
    number = forming()
    for seed in range(rounds):
        now = revision(number)
        says = {"title": f"Clinics {seed}", "area": "Respiratory", "need": "SYNTHETIC"}
        acts = (
            lambda now=now: actions.take_step(
                by=as_actor("conclave_chair"), place=HERE, number=number, way="T23", revision=now, reason="x", owner="y"
            ),
            lambda now=now, says=says: actions.change_case(
                by=as_actor("group_manager"), place=HERE, number=number, revision=now, **says
            ),
        )
        assert "changed case 1 on" in told_of(at_once(*acts, seed=seed))
        assert agrees_with_its_diagram(number)
        if reads.case(HERE, number).stage == "held":
            step("conclave_chair", "T23B", number, reason="Cleared.")


@ROUNDS
def test_a_move_to_another_diagram_against_a_step(rounds: int) -> None:
    """The diagram of a live case changes while somebody takes a step: the case is on one, and knows where it is."""
    number = forming()
    process = reads.case(HERE, number).process
    texts = [(PROCESSES / "common.bpmn").read_bytes().replace(b"Agree", word) for word in (b"Agreee", b"Agree ")]
    hashes = [
        running.store(by=SYSTEM, place=HERE, process="redesign", name="own", text=text, reason="x", seen=at)
        for at, text in enumerate(texts, start=1)
    ]
    for seed in range(rounds):
        known = reads.case(HERE, number)
        now, held = known.revision, known.stage == "held"
        seen = casework.case(process).version
        told = at_once(
            lambda seen=seen, to=hashes[seed % 2]: running.move(
                by=SYSTEM, case=process, to_hash=to, decision="SYNTHETIC", seen=seen
            ),
            lambda now=now, way="T23B" if held else "T23": actions.take_step(
                by=as_actor("conclave_chair"), place=HERE, number=number, way=way, revision=now, reason="x", owner="y"
            ),
            seed=seed,
        )
        assert len([each for each in told if isinstance(each, str)]) <= 1, told
        assert told[1] is None or "after you looked" in str(told[1]), "the step is taken, or told who moved the case"
        assert agrees_with_its_diagram(number)


@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.soak)])
def test_an_answer_against_a_withdrawal(rounds: int) -> None:
    for seed in range(rounds):
        number = reviewed(title=f"Case {seed}", area=f"Area {seed}")
        now = revision(number)
        acts = (
            lambda number=number: actions.agree(
                by=as_actor("group_manager"), place=HERE, number=number, unit=UNIT, version=1, agreed=True,
                route="tender",
            ),
            lambda number=number, now=now: actions.take_step(
                by=as_actor("group_manager"), place=HERE, number=number, way="T24", revision=now, reason="x"
            ),
        )  # fmt: skip
        told = told_of(at_once(*acts, seed=seed))
        assert f"changed case {number} on" in told or "The case is at 'Withdrawn'" in told
        found = reads.case(HERE, number)
        assert (found.stage == "withdrawn") == (not reads.agreements(found)) and agrees_with_its_diagram(number)


def test_of_two_reports_of_the_conclave_one_is_issued_and_a_receipt_counts_once() -> None:
    chair, gp = as_actor("conclave_chair"), as_actor("gp_lead")

    def issue(note: str) -> None:
        actions.issue_conclave_report(by=chair, place=HERE, note=note, seen=0)

    def receive() -> None:
        actions.receive_conclave_report(by=gp, place=HERE, number=1, audience="groups")

    told = [each for each in at_once(lambda: issue("One"), lambda: issue("Two")) if isinstance(each, str)]
    assert len(told) == 1 and "issued report 1 on" in told[0]
    told = [each for each in at_once(receive, receive) if isinstance(each, str)]
    assert len(told) == 1 and "the receipt is on record already" in told[0]
    assert len(conclave.report(HERE, 1).received) == 1
