"""Two people at one plan at the same moment: one wins, the other is told, and the plan is never half of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, models
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PLACE, YEAR = "west-herts-2008", "2008-09"
ANN, BOB = Actor("1", "Ann"), Actor("2", "Bob")
STROKE = PlanLine("stroke", "Stroke unit", "investment", "investment", amount=120_000_00, origin="new", link="PCT")
ROUNDS = 6


@pytest.fixture(autouse=True)
def loaded(transactional_db) -> None:
    organisations.load_place(by=SYSTEM, place=PLACE)


def drafted() -> int:
    return actions.draft_plan(by=ANN, place=PLACE, source="book", title="Draft").number


def decided(number: int) -> int:
    return governance.record_decision(
        by=SYSTEM, place=PLACE, body="board", taken_on=date(2008, 3, 27), minute=str(number), outcome="approved",
        matter=f"plan-version/{PLACE}/{YEAR}/{number}", title="The plan", text="Approved.",
    )  # fmt: skip


def one_won(results: list[object]) -> None:
    assert sum(isinstance(each, actions.PlanChanged) for each in results) == 1, results
    told = next(str(each) for each in results if isinstance(each, str))
    assert "Ann" in told or "Bob" in told


def test_an_approval_against_an_edit():
    for _ in range(ROUNDS):
        number = drafted()
        actions.submit_plan(by=ANN, place=PLACE, version=number, revision=1, scenario="no_deposit", unlinked="a test")
        decision = decided(number)
        results = at_once(
            lambda n=number, d=decision: actions.approve_plan(by=ANN, place=PLACE, version=n, revision=2, decision=d),
            lambda n=number: actions.change_line(
                by=BOB, place=PLACE, version=n, revision=1, line=replace(STROKE, code="acute", amount=0)
            ),
            lambda n=number: actions.withdraw_plan(by=BOB, place=PLACE, version=n, revision=2, reason="not this one"),
        )
        assert sum(isinstance(each, actions.PlanChanged) for each in results) == 1, results
        assert isinstance(results[1], str), "what was submitted is not edited, whoever comes first"
        found = reads.plan_version(PLACE, YEAR, number)
        assert found.facts.state in ("approved", "withdrawn")
        assert found.line("acute").amount == -1_687_000_00
    assert models.PlanVersion.objects.filter(state="approved").count() <= 1
    assert audit.verify().intact


def test_a_submission_against_an_edit():
    for _ in range(ROUNDS):
        number = drafted()
        results = at_once(
            lambda n=number: actions.submit_plan(
                by=ANN, place=PLACE, version=n, revision=1, scenario="deposit_as_asked", unlinked="a test"
            ),
            lambda n=number: actions.add_line(by=BOB, place=PLACE, version=n, revision=1, line=STROKE),
        )
        one_won(results)
        found = reads.plan_version(PLACE, YEAR, number)
        has_line = "stroke" in {line.code for line in found.lines}
        assert has_line == (found.facts.state == "draft")


def test_two_edits_of_one_draft():
    number = drafted()
    for revision in range(1, ROUNDS + 1):
        results = at_once(
            lambda r=revision: actions.add_line(
                by=ANN, place=PLACE, version=number, revision=r, line=replace(STROKE, code=f"ann_{r}")
            ),
            lambda r=revision: actions.add_line(
                by=BOB, place=PLACE, version=number, revision=r, line=replace(STROKE, code=f"bob_{r}")
            ),
        )
        one_won(results)
    found = reads.plan_version(PLACE, YEAR, number)
    assert len([line for line in found.lines if line.label == "Stroke unit"]) == ROUNDS
    assert [each.revision for each in found.changes] == list(range(ROUNDS + 1, 0, -1))


def test_two_drafts_at_once_have_two_numbers_or_one_is_told():
    results = at_once(*[lambda: actions.draft_plan(by=ANN, place=PLACE, source="book", title="Draft")] * 4)
    numbers = [each.number for each in results if isinstance(each, actions.PlanChanged)]
    assert numbers and len(set(numbers)) == len(numbers)
    assert all("at this moment" in each for each in results if isinstance(each, str))
    assert models.PlanVersion.objects.count() == len(numbers)


def test_two_versions_approved_at_once_leave_one_that_counts():
    for _ in range(ROUNDS):
        pair = [drafted(), drafted()]
        for number in pair:
            actions.submit_plan(
                by=ANN, place=PLACE, version=number, revision=1, scenario="no_deposit", unlinked="a test"
            )
        decisions = [decided(number) for number in pair]
        at_once(
            *(
                lambda n=number, d=decision: actions.approve_plan(
                    by=ANN, place=PLACE, version=n, revision=2, decision=d
                )
                for number, decision in zip(pair, decisions, strict=True)
            )
        )
        assert models.PlanVersion.objects.filter(state="approved").count() == 1
