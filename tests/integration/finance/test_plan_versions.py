"""Versions of the plan: drafted, changed line by line, submitted, withdrawn; what was decided stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import Error, connection, transaction

from openpbc.audit import reads as audit
from openpbc.finance import actions, models
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations

PLACE, YEAR, ELSEWHERE = "west-herts-2008", "2008-09", "blmk-2023"
ANN, BOB = Actor("1", "Ann"), Actor("2", "Bob")
STROKE = PlanLine("stroke", "Stroke unit", "investment", "investment", amount=120_000_00, origin="new", link="PCT")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db) -> None:
    organisations.load_place(by=SYSTEM, place=PLACE)
    organisations.load_place(by=SYSTEM, place=ELSEWHERE)


@pytest.fixture
def draft() -> actions.PlanChanged:
    return actions.draft_plan(by=ANN, place=PLACE, source="book", title="Draft")


def version(number: int = 1) -> reads.Version:
    return reads.plan_version(PLACE, YEAR, number)


def test_the_published_plan_is_loaded_once():
    first = actions.load_published_plan(by=SYSTEM, place=PLACE)
    again = actions.load_published_plan(by=SYSTEM, place=PLACE)
    assert first is not None and again is not None
    assert (first.number, first.already, again.number, again.already) == (1, False, 1, True)
    found = version()
    assert found.facts is not None
    assert (found.facts.title, str(found.facts.dated)) == ("Published draft of January 2008", "2008-01-24")
    assert found.facts.scenario == "scenario=deposit_as_asked"
    assert [event.action for event in audit.events(action="finance.")] == ["finance.load_published_plan"]


def test_a_place_without_figures_starts_an_empty_plan():
    assert actions.load_published_plan(by=SYSTEM, place=ELSEWHERE) is None
    with pytest.raises(UserError, match="start from an empty plan"):
        actions.draft_plan(by=ANN, place=ELSEWHERE, source="book", title="Plan")
    made = actions.draft_plan(by=ANN, place=ELSEWHERE, source="empty", title="Plan")
    money = PlanLine("money", "Money", "allocation", amount=100)
    actions.add_line(by=ANN, place=ELSEWHERE, version=made.number, revision=1, line=money)
    assert reads.plan_version(ELSEWHERE, "2023-24", 1).balance == 100


def test_a_version_is_drafted_from_another_with_its_scenario(draft):
    actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=STROKE)
    made = actions.draft_plan(by=BOB, place=PLACE, source="1", title="Second")
    second = version(made.number)
    assert second.lines == version(1).lines
    assert second.facts is not None
    assert (second.facts.parent, second.facts.scenario) == (1, "scenario=deposit_as_asked")
    assert second.printed == (), "what the table printed stays with the version drafted from it"


def test_a_development_that_runs_on_is_carried_into_another_year_with_where_it_was_begun(draft):
    line = replace(STROKE, runs_on=True, note="Opens in May")
    actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=line)
    made = actions.draft_plan(by=ANN, place=ELSEWHERE, source=f"{PLACE}/1", title="Next year")
    found = reads.plan_version(ELSEWHERE, "2023-24", made.number)
    assert [each.code for each in found.lines] == ["stroke"]
    assert found.lines[0].note == "Begun in 2008/09 (west-herts-2008/1, draft). Opens in May"
    assert found.facts is not None and found.facts.basis == f"{PLACE}/1"
    for source in (f"{PLACE}/9", f"{PLACE}/book", "nowhere/1"):
        with pytest.raises(UserError):
            actions.draft_plan(by=ANN, place=ELSEWHERE, source=source, title="Next year")


@pytest.mark.parametrize(
    ("source", "title", "sentence"),
    [
        ("book", "  ", "title is empty"),
        ("7", "T", "no version 7"),
        ("x", "T", "no version"),
        ("book", "x" * 201, "200"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(source, title, sentence):
    with pytest.raises(UserError, match=sentence):
        actions.draft_plan(by=ANN, place=PLACE, source=source, title=title)
    assert reads.plan_versions(PLACE, YEAR) == ()


def test_lines_are_added_changed_and_removed_each_with_its_effect(draft):
    before = version().balance
    added = actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=STROKE)
    assert version().balance == before - 120_000_00
    changed = actions.change_line(
        by=BOB, place=PLACE, version=1, revision=added.revision, line=replace(STROKE, amount=100_000_00, scope="in")
    )
    assert changed.what == "changed Stroke unit: amount £120,000.00 to £100,000.00; scope nothing to 'in'"
    removed = actions.remove_line(by=ANN, place=PLACE, version=1, revision=changed.revision, code="stroke")
    assert version().balance == before
    told = [(each.revision, each.by, each.effect) for each in version().changes]
    assert told == [(4, "Ann", 100_000_00), (3, "Bob", 20_000_00), (2, "Ann", -120_000_00), (1, "Ann", 0)]
    assert removed.revision == 4
    events = [event.action for event in audit.events(action="finance.")]
    assert sorted(events) == ["finance.add_line", "finance.change_line", "finance.draft_plan", "finance.remove_line"]


def test_a_notified_figure_replaces_a_provisional_line_and_the_change_is_written_down(draft):
    dental = version().line("dental")
    assert dental.provisional and dental.amount == 0
    before = version().totals
    actions.change_line(
        by=ANN, place=PLACE, version=1, revision=1, line=replace(dental, amount=1_234_567_00, provisional=False)
    )
    after = version()
    assert after.totals.allocation == before.allocation + 1_234_567_00
    assert "dental" not in {line.code for line in after.provisional}
    assert "provisional yes to no" in after.changes[0].what
    assert after.changes[0].effect == 1_234_567_00


def test_a_computed_line_takes_its_rate_from_the_rulebook(draft):
    line = PlanLine("gp", "Prescribing", "inflation", "uplift", base=1_000_00, rate_source="prescribing")
    actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=line)
    made = version().line("gp")
    assert (made.rate, made.amount) == (75_000, 75_00)
    once = replace(line, code="once", recurrence="non-recurrent")
    actions.add_line(by=ANN, place=PLACE, version=1, revision=2, line=once)
    assert (version().line("once").rate, version().line("once").amount) == (None, 0)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (replace(STROKE, code="acute"), "names 2 lines"),
        (replace(STROKE, link="NOBODY"), "no plan that a line can be linked to"),
        (replace(STROKE, label=""), "has no name"),
        (replace(STROKE, section="inflation", method="uplift", rate_source="weather"), "no rate of the plan"),
        (replace(STROKE, section="inflation", method="uplift", rate_source="pay"), "needs the amount"),
    ],
)
def test_a_line_at_fault_is_refused_and_nothing_is_kept(draft, line, sentence):
    with pytest.raises(UserError, match=sentence):
        actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=line)
    assert version().facts.revision == 1


def test_who_comes_second_is_told_who_changed_what(draft):
    actions.add_line(by=ANN, place=PLACE, version=1, revision=1, line=STROKE)
    with pytest.raises(Stale, match="since you looked .Ann, .*: added Stroke unit"):
        actions.remove_line(by=BOB, place=PLACE, version=1, revision=1, code="acute")
    assert version().line("acute")
    with pytest.raises(UserError, match="no line 'gone'"):
        actions.remove_line(by=BOB, place=PLACE, version=1, revision=2, code="gone")
    with pytest.raises(UserError, match="is already so"):
        actions.change_line(by=BOB, place=PLACE, version=1, revision=2, line=version().line("stroke"))


def test_a_whole_set_of_lines_is_replaced_or_refused_whole(draft):
    lines = version().lines
    wanted = (*(replace(line, amount=5) if line.code == "acute" else line for line in lines[:-1]), STROKE)
    with pytest.raises(UserError, match="plan.xlsx: row 11: A saving is written with a minus"):
        actions.replace_lines(by=ANN, place=PLACE, version=1, revision=1, lines=wanted, source="plan.xlsx")
    with pytest.raises(UserError, match="nothing was changed"):
        actions.replace_lines(by=ANN, place=PLACE, version=1, revision=1, lines=lines, source="plan.xlsx")
    done = actions.replace_lines(
        by=ANN, place=PLACE, version=1, revision=1, lines=(*lines[:-1], STROKE), source="plan.xlsx"
    )
    assert done.what == "took the lines of plan.xlsx: 1 added, 1 removed"
    assert {line.code for line in version().lines} == {line.code for line in (*lines[:-1], STROKE)}


def test_a_plan_is_submitted_only_with_its_scenario_named(draft):
    for scenario in ("", "  "):
        with pytest.raises(UserError, match="names no scenario"):
            actions.submit_plan(by=ANN, place=PLACE, version=1, revision=1, scenario=scenario, unlinked="a test")
    with pytest.raises(UserError, match="there is no scenario 'none'"):
        actions.submit_plan(by=ANN, place=PLACE, version=1, revision=1, scenario="none", unlinked="a test")
    actions.submit_plan(by=ANN, place=PLACE, version=1, revision=1, scenario="deposit_as_budgeted", unlinked="a test")
    facts = version().facts
    assert facts is not None
    assert (facts.state, facts.scenario) == ("submitted", "scenario=deposit_as_budgeted")
    assert (facts.deposit_assumed, facts.submitted_by) == (15_600_000_00, "Ann")
    assert facts.submitted_at is not None


def test_an_investment_names_a_plan_or_the_submission_says_why_not(draft):
    said = {"by": ANN, "place": PLACE, "version": 1, "scenario": "deposit_as_budgeted"}
    with pytest.raises(UserError, match="6 investment lines name no plan that asks for them") as told:
        actions.submit_plan(revision=1, **said)
    assert told.value.where == "unlinked" and version().is_draft
    seen = 1
    for line in version().unlinked:
        seen = actions.change_line(
            by=ANN, place=PLACE, version=1, revision=seen, line=replace(line, link="PCT")
        ).revision
    assert not version().unlinked
    done = actions.submit_plan(revision=seen, **said)
    assert "name no plan" not in done.what, "nothing needs a reason where each line names one"


def test_an_empty_plan_is_not_submitted():
    actions.draft_plan(by=ANN, place=PLACE, source="empty", title="Empty")
    with pytest.raises(UserError, match="has no line"):
        actions.submit_plan(by=ANN, place=PLACE, version=1, revision=1, scenario="no_deposit", unlinked="a test")


def test_what_was_submitted_is_not_changed_any_more(draft):
    actions.submit_plan(by=ANN, place=PLACE, version=1, revision=1, scenario="no_deposit", unlinked="a test")
    for change in (
        lambda: actions.add_line(by=BOB, place=PLACE, version=1, revision=2, line=STROKE),
        lambda: actions.remove_line(by=BOB, place=PLACE, version=1, revision=2, code="acute"),
        lambda: actions.submit_plan(
            by=BOB, place=PLACE, version=1, revision=2, scenario="no_deposit", unlinked="a test"
        ),
    ):
        with pytest.raises(UserError, match="was submitted .Ann, .*Draft a new version from it"):
            change()


def test_a_version_is_withdrawn_for_a_reason_and_can_be_drafted_from(draft):
    with pytest.raises(UserError, match="reason is empty"):
        actions.withdraw_plan(by=ANN, place=PLACE, version=1, revision=1, reason=" ")
    actions.withdraw_plan(by=ANN, place=PLACE, version=1, revision=1, reason="the wrong deposit")
    assert version().facts.state == "withdrawn"
    with pytest.raises(UserError, match="was withdrawn"):
        actions.withdraw_plan(by=ANN, place=PLACE, version=1, revision=2, reason="again")
    assert actions.draft_plan(by=ANN, place=PLACE, source="1", title="Again").number == 2


@pytest.mark.parametrize("state", ["submitted", "approved", "superseded", "withdrawn"])
def test_the_database_keeps_what_left_the_drafters_desk(draft, state):
    rows = models.PlanVersion.objects.filter(number=1)
    for number, step in enumerate(("submitted", "approved", "superseded") if state != "withdrawn" else ("withdrawn",)):
        rows.update(state=step, scenario="scenario=no_deposit", decision="1", revision=number + 2)
        if step == state:
            break
    line = models.PlanVersionLine.objects.filter(version__number=1)
    for change in (
        lambda: line.filter(code="acute").update(amount=1),
        lambda: line.filter(code="acute").delete(),
        lambda: models.PlanVersionLine.objects.create(
            version=rows.get(), position=99, code="x", label="X", section="outturn", method="entered", amount=1
        ),
        lambda: rows.update(title="Another", state="draft", revision=99),
        lambda: rows.update(number=9, revision=99),
        lambda: models.PlanVersion.objects.filter(number=1)._raw_delete("default"),
    ):
        refused(change)


def test_changes_of_a_plan_are_only_added(draft):
    refused(lambda: models.PlanChange.objects.update(by="Nobody"))
    refused(lambda: models.PlanChange.objects.all()._raw_delete("default"))


@pytest.mark.one_database  # only SQLite can insert or replace
def test_a_row_is_not_replaced_behind_the_guards(draft):
    for table in ("finance_planversion", "finance_planchange"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def refused(change: Callable[[], object]) -> None:
    with pytest.raises(Error), transaction.atomic():
        change()
