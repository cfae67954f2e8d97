"""Cases: started once, moved by who has seen the last move, written down step by step, and kept with their diagram."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.casework import actions, reads
from openpbc.casework.models import Case, Definition
from openpbc.kernel.problems import Stale, UserError
from tests.integration.at_once import at_once
from tests.integration.casework.conftest import ANN, BEN, COMMON, CONCLAVE, at, do, start


@pytest.mark.django_db
def test_a_case_starts_on_the_diagram_of_its_place_with_an_event() -> None:
    case = start()
    assert (case.state, case.version, at(case)) == ("open", 1, ["S1"])
    assert reads.definition(case.definition).name == "West Herts process with the clinical conclave"
    assert reads.definition(start(COMMON).definition).name == "Hertfordshire common process"
    event = audit.events(action="casework.start")[-1]
    assert (event.subject, event.actor_id) == (f"case/{CONCLAVE}/{case.id}", "ann@x")
    assert event.after == {
        "process": "redesign", "definition": case.definition, "final_input": "before", "policies": "after_contract",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_step_is_completed_with_who_when_and_what_and_the_next_one_waits() -> None:
    case = do(start(), "S1", "agreed", by=BEN)
    assert (at(case), case.version) == (["S2"], 2)
    first, second = reads.history(case.id)
    assert (first.step, first.outcome, first.entered_by, first.by) == ("S1", "agreed", "Ann", "Ben")
    assert first.left_at == second.entered_at
    assert (second.step, second.left_at, second.lane) == ("S2", None, "L1")
    (event,) = audit.events(action="casework.do")
    assert (event.subject, event.after) == (case.address, {"step": "S1", "outcome": "agreed"})


@pytest.mark.django_db
def test_one_subject_has_one_open_case() -> None:
    case = start(by=BEN)
    with pytest.raises(Stale, match=f"Ben started case {case.id} on it on .*, which is open"):
        start()
    actions.signal(by=ANN, case=case.id, name="withdraw", seen=1)
    assert start().id != case.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "outcome", "sentence"),
    [
        ("S4", "submitted", "the step 'S4' does not wait. What waits: 'Priority proposed'"),
        ("S1", "approved", "'approved' is no outcome of 'Priority proposed'"),
        ("nothing", "x", "does not wait"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(step: str, outcome: str, sentence: str) -> None:
    case = start()
    with pytest.raises(UserError, match=sentence):
        actions.do(by=ANN, case=case.id, step=step, outcome=outcome, seen=1)
    assert reads.case(case.id) == case


@pytest.mark.django_db
def test_facts_are_few_plain_and_of_the_declared_values() -> None:
    case = start()
    for facts, sentence in (
        ({"route": "by phone"}, "route cannot be 'by phone'"),
        ({"a b": "x"}, "'a b' is no name of a fact"),
        ({"outcome": "x"}, "'outcome' is no name of a fact"),
        ({"x": {"typename": "Task"}}, "the fact x is no text"),
        ({"x": 1.5}, "the fact x is no text"),
        ({"x": "y" * 501}, "longer than 500"),
        ({f"x{number}": 1 for number in range(61)}, "61 facts"),
    ):
        with pytest.raises(UserError, match=sentence):
            actions.do(by=ANN, case=case.id, step="S1", outcome="agreed", facts=facts, seen=1)  # type: ignore[arg-type]
    assert at(do(case, "S1", "agreed", group="7")) == ["S2"]
    assert reads.facts(case.id)["group"] == "7"


@pytest.mark.django_db
def test_who_has_not_seen_the_last_move_is_told_who_made_it() -> None:
    case = start()
    do(case, "S1", "agreed", by=BEN)
    told = r"Ben finished 'Priority proposed': Agree the priority on .* after you looked"
    with pytest.raises(Stale, match=told):
        actions.do(by=ANN, case=case.id, step="S2", outcome="started", seen=case.version)
    with pytest.raises(Stale, match=told):
        actions.signal(by=ANN, case=case.id, name="withdraw", seen=case.version)


@pytest.mark.django_db
def test_a_block_holds_everything_else_up_until_it_is_cleared_and_may_come_again() -> None:
    case = do(start(), "S1", "agreed")
    for _ in range(2):
        actions.signal(by=BEN, case=case.id, name="block", facts={"owner": "cd@x"}, seen=reads.case(case.id).version)
        case = reads.case(case.id)
        assert at(case) == ["S2", "X3"]
        assert case.waiting[0].cannot_start.startswith("Ben held the case up on ")
        assert (case.waiting[1].cannot_start, case.waiting[1].lane) == ("", "L3")
        with pytest.raises(UserError, match="Ben held the case up .* blocked. Clear what holds it first"):
            do(case, "S2", "started")
        with pytest.raises(UserError, match="'block' cannot reach the case now"):
            actions.signal(by=BEN, case=case.id, name="block", seen=case.version)
        case = do(case, "X3", "cleared")
        assert at(case) == ["S2"]
    assert [stay.step for stay in reads.history(case.id)] == ["S1", "S2", "X3", "X3"]


@pytest.mark.django_db
def test_a_withdrawn_case_is_closed_with_what_waited_left_and_takes_nothing_more() -> None:
    case = start()
    actions.signal(by=BEN, case=case.id, name="withdraw", facts={"reason": "merged"}, seen=1)
    case = reads.case(case.id)
    assert (case.state, case.ended, case.waiting) == ("closed", "X4", ())
    assert [(stay.step, stay.outcome, stay.by) for stay in reads.history(case.id)] == [
        ("S1", "", "Ben"), ("X4", "", "Ben"),
    ]  # fmt: skip
    with pytest.raises(UserError, match="the case is closed"):
        do(case, "S1", "agreed")


@pytest.mark.django_db
def test_due_days_stand_in_a_column_that_all_cases_can_be_asked_by() -> None:
    case = start(COMMON)
    for step, outcome in (("S1", "agreed"), ("S2", "started"), ("S3", "opened"), ("S4", "submitted")):
        case = do(case, step, outcome)
    case = do(do(case, "S5", "closed"), "S6", "disagree")
    settle = case.waits_at("X3_settle")
    assert settle is not None and settle.due is not None
    assert (settle.due - settle.since.date()).days in (30, 31)
    assert Case.objects.filter(passage__due=settle.due, passage__left_at__isnull=True).get().pk == case.id


@pytest.mark.django_db
def test_what_waits_can_be_asked_by_lane() -> None:
    one, other = start(subject="copd"), do(do(start(subject="ent"), "S1", "agreed"), "S2", "started")
    assert [(case.id, each.step) for case, each in reads.waiting(CONCLAVE)] == [(one.id, "S1"), (other.id, "W1")]
    assert [(case.id, each.step) for case, each in reads.waiting(CONCLAVE, ["L3", "L9"])] == [(other.id, "W1")]
    assert reads.waiting(COMMON) == ()
    assert [case.id for case in reads.cases(CONCLAVE, subject="ent")] == [other.id]


@pytest.mark.django_db
def test_a_stored_diagram_cannot_be_changed_or_removed() -> None:
    start()
    for statement in ("UPDATE casework_definition SET name = 'x'", "DELETE FROM casework_definition"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Definition.objects.get().name.startswith("West Herts")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_move_a_case_at_once_one_wins_and_the_other_is_told() -> None:
    case = start()
    for step, outcome in (("S1", "agreed"), ("S2", "started"), ("W1", "chosen"), ("S3", "opened")):
        seen = reads.case(case.id).version
        acts = [
            lambda by=by, seen=seen, step=step, outcome=outcome: actions.do(
                by=by, case=case.id, step=step, outcome=outcome, seen=seen
            )
            for by in (ANN, BEN)
        ]
        withdrawn = at_once(*acts)
        assert withdrawn.count(None) == 1
        (told,) = [each for each in withdrawn if each is not None]
        assert "after you looked" in str(told)
        assert reads.case(case.id).version == seen + 1
    assert len(reads.history(case.id)) == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_start_a_case_at_once_one_wins() -> None:
    results = at_once(lambda: start(by=ANN).id, lambda: start(by=BEN).id)
    assert len([each for each in results if isinstance(each, int)]) == 1
    assert len(reads.cases(CONCLAVE)) == 1


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_two_thousand_meetings_of_two_people_have_one_winner_each() -> None:
    """A step against a step, a block and a withdrawal in turn; the loser is told by whom."""
    for number in range(2000):
        case = start(subject=f"{number}")
        other = ({"step": "S1", "outcome": "agreed"}, {"name": "block"}, {"name": "withdraw"})[number % 3]
        act = actions.do if "step" in other else actions.signal
        results = at_once(
            lambda case=case: actions.do(by=ANN, case=case.id, step="S1", outcome="agreed", seen=1),
            lambda case=case, act=act, other=other: act(by=BEN, case=case.id, seen=1, **other),
        )
        assert results.count(None) == 1, results
        (told,) = [str(each) for each in results if each is not None]
        assert "after you looked" in told
        assert reads.case(case.id).version == 2


@pytest.mark.django_db
def test_the_picture_of_a_case_marks_where_it_is_and_where_it_was() -> None:
    drawn = reads.picture(do(start(), "S1", "agreed"))
    assert drawn.count("(here)") == 1
    assert ">S2 (here)<" in drawn
    assert "The case is at: Prioritised." in drawn
