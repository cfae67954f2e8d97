"""Two people at one case at the same moment: one wins, the other is told, and the diagram and the case agree."""

from __future__ import annotations

import pytest

from openpbc.casework import reads as casework
from openpbc.kernel.actor import Actor
from openpbc.redesign import actions, reads
from openpbc.redesign.rules.diagram import stage_of
from tests.integration.at_once import at_once
from tests.integration.redesign.conftest import UNIT, as_actor, drafting, reviewed, revision
from tests.integration.site.conftest import HERE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("people")]


def agrees_with_its_diagram(number: int) -> bool:
    known = reads.case(HERE, number)
    running = casework.case(known.process)
    return known.stage == stage_of(tuple(each.step for each in running.waiting), running.ended)


def test_two_answers_of_one_group_leave_one() -> None:
    number = reviewed()

    def answer(agreed: bool) -> None:
        who = Actor(f"{agreed}", f"Somebody who says {agreed}", frozenset({"group_manager"}))
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
