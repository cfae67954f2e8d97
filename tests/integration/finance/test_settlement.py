"""What is stated around the budgets: each agreement with a record of its own, each plan with its body's decision."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.finance import actions
from openpbc.finance.models import SchemeCompetency
from openpbc.finance.reads import plan_versions
from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as places
from openpbc.organisations import reads as organisations
from tests.integration.at_once import at_once
from tests.integration.finance.budget_setting import ANN, BOB, PLACE, YEAR

MET = date(2008, 3, 27)
BUDGETED, ASKED, NONE = "deposit_as_budgeted", "deposit_as_asked", "no_deposit"
COMPETENCY = {"place": PLACE, "title": "Reads its budget", "basis": "group", "amount": 100_00, "part_pays": False}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    places.load_place(by=SYSTEM, place=PLACE)


def met(matter: str, body: str = "board", minute: str = "08/1", outcome: str = "approved") -> int:
    return governance.record_decision(
        by=SYSTEM, place=PLACE, body=body, taken_on=MET, minute=minute, outcome=outcome, matter=matter,
        title="A matter", text="A test.",
    )  # fmt: skip


def state(**changes: object) -> None:
    said = {"status": "agreed", "scenario": BUDGETED, "pence": 100_00, "on": MET, "waiver": "a test", "seen": 0}
    said |= {"reason": "a test"}
    actions.state_deposit(by=ANN, place=PLACE, **(said | changes))


def submit(**changes: object) -> int:
    said = {"scenario": BUDGETED, "plan_version": None, "deposit": None, "on": MET, "seen": 0, "basis": "a test"}
    return actions.submit_to_region(by=ANN, place=PLACE, **(said | changes))


def test_one_record_of_a_meeting_stands_behind_one_agreement() -> None:
    matter = f"deposit/{PLACE}/{YEAR}"
    record = met(matter)
    state(decision=record)
    with pytest.raises(UserError, match=f"decision {record} stands behind an agreed deposit already"):
        state(decision=record, pence=200_00, seen=1)
    state(decision=met(matter, minute="08/2"), pence=200_00, seen=1)
    assert [each.pence for each in deposit_states(organisations.book(PLACE))] == [200_00, 100_00]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pence": -1}, "a deposit is nought or more"),
        ({"status": "wished"}, "is no status"),
        ({"on": date(2999, 1, 1)}, "has not come yet"),
        ({}, "needs the record of a meeting"),
    ],
)
def test_a_deposit_that_cannot_be_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        state(**changes)
    with pytest.raises(UserError, match="a deposit is nought or more"):
        submit(deposit=-1)
    assert not deposit_states(organisations.book(PLACE)) and not plan_submissions(organisations.book(PLACE))


def test_nobody_follows_a_statement_that_was_never_made() -> None:
    with pytest.raises(Stale, match="No deposit was stated yet, and you had seen number 3"):
        state(status="assumed", seen=3)
    with pytest.raises(Stale, match="No submission was recorded yet"):
        submit(seen=7)
    state(status="assumed")
    assert submit() == 1
    with pytest.raises(Stale, match="Ann of finance stated it as assumed"):
        state(status="assumed")
    with pytest.raises(Stale, match="Ann of finance recorded submission 1"):
        submit(seen=7)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"scenario": NONE, "deposit": 1_560_000_000}, "deposit", "“No deposit” sets nothing aside, and this states"),
        ({"scenario": ASKED, "deposit": 0}, "deposit", "sets £15,600,000.00 aside, and this states nothing"),
        ({"scenario": NONE}, "deposit", "The plan .As published: Table 2, .* sets £15,600,000.00 aside"),
        ({"basis": " "}, "basis", "Table 2, .* sets £15,600,000.00 aside, and this states £13,700,000.00"),
        ({"scenario": ASKED, "deposit": 1, "basis": ""}, "basis", "sets £15,600,000.00 aside, and this states £0.01"),
        ({"plan_version": 1}, "plan_version", "Draft is draft: no draft can rest on it"),
        ({"plan_version": 2, "scenario": ASKED, "basis": ""}, "basis", "submitted under “Deposit of 13.7 million"),
        ({"plan_version": 3}, "plan_version", "Gone is withdrawn"),
        ({"plan_version": 4}, "", "there is no version 4"),
    ],
)
def test_a_draft_that_contradicts_itself_is_refused_or_needs_a_reason(changes, field, sentence) -> None:
    for title in ("Draft", "Sent", "Gone"):
        actions.draft_plan(by=ANN, place=PLACE, source="book", title=title)
    submit_plan(2), actions.withdraw_plan(by=ANN, place=PLACE, version=3, revision=1, reason="a test")
    with pytest.raises(UserError, match=sentence) as told:
        submit(**changes)
    assert told.value.where == field
    assert not plan_submissions(organisations.book(PLACE))


def test_what_the_papers_contradict_is_recorded_with_its_reason() -> None:
    actions.draft_plan(by=ANN, place=PLACE, source="book", title="Sent")
    submit_plan(1)
    assert submit(plan_version=1, scenario=ASKED, basis="The January passage.") == 1
    assert submit(scenario=ASKED, basis="", seen=1) == 2, "scenario, published plan and sum agree"
    kept = plan_submissions(organisations.book(PLACE))
    assert [(each.plan_version, each.deposit, each.basis) for each in kept] == [
        (None, 1_560_000_000, ""),
        (1, 1_560_000_000, "The January passage."),
    ]
    with pytest.raises(UserError, match="“No deposit” sets nothing aside, and this states £1,000.00"):
        state(status="assumed", scenario=NONE, pence=1_000_00)
    with pytest.raises(UserError, match="sets £13,700,000.00 aside, and this states £100.00"):
        state(status="assumed", reason="")
    state(status="assumed", reason="", pence=1_370_000_000)


def submit_plan(number: int) -> None:
    actions.submit_plan(by=ANN, place=PLACE, version=number, revision=1, scenario=BUDGETED, unlinked="a test")


def test_a_plan_is_approved_by_its_own_body_after_it_was_submitted() -> None:
    made = actions.draft_plan(by=ANN, place=PLACE, source="book", title="Draft")
    matter = plan_versions.plan_version(PLACE, YEAR, made.number).facts.matter
    early = met(matter)
    sent = actions.submit_plan(
        by=ANN, place=PLACE, version=made.number, revision=made.revision, scenario="no_deposit", unlinked="a test"
    )
    told = {"by": ANN, "place": PLACE, "version": made.number, "revision": sent.revision}
    with pytest.raises(UserError, match="recorded before the version was submitted as it stands"):
        actions.approve_plan(**told, decision=early)
    with pytest.raises(UserError, match="this body does not approve plans; Board does"):
        actions.approve_plan(**told, decision=met(matter, "governance_committee", "GC/1"))
    with pytest.raises(UserError, match="is not an approval of version 1"):
        actions.approve_plan(**told, decision=met(matter, minute="08/2", outcome="deferred"))
    assert plan_versions.plan_version(PLACE, YEAR, made.number).facts.state == "submitted"
    actions.approve_plan(**told, decision=met(matter, minute="08/3"))
    assert plan_versions.plan_version(PLACE, YEAR, made.number).facts.state == "approved"


@pytest.mark.django_db(transaction=True)
def test_competencies_added_at_once_get_codes_of_their_own(transactional_db: None) -> None:
    codes = at_once(*[lambda by=by: actions.write_competency(by=by, **COMPETENCY) for by in (ANN, BOB) * 3])
    assert sorted(codes) == [f"C{number:02d}" for number in range(1, 7)]
    assert SchemeCompetency.objects.count() == 6
