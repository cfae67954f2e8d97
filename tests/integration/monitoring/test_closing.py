"""Closing a month: from received files to the figures that are shown, and never twice or half."""

from __future__ import annotations

import csv

import pytest

from openpbc.activity import reads as activity_reads
from openpbc.audit import reads as audit
from openpbc.contracts import actions as contracts
from openpbc.contracts import reads as contracts_reads
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions, reads
from openpbc.monitoring.actions import closing
from openpbc.monitoring.models import PublishedMonth
from openpbc.organisations.reads.installation import store
from openpbc.warehouse.engines import Engine

PLACE = "west-herts-2008"
APRIL, MAY = Month(2008, 4), Month(2008, 5)
ANALYST = Actor(id="user/1", name="An analyst", roles=frozenset({"analyst"}))

pytestmark = pytest.mark.django_db


def test_a_closed_month_shows_what_was_received(receive, files):
    receive("*_2008-04_*.csv")
    closed = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert (closed.already, closed.computed, closed.submissions) == (False, True, 12)
    kept = reads.conservation(PLACE, APRIL)
    assert kept.holds and kept.run_id == closed.run_id
    lines = sum(len(path.read_text().splitlines()) - 1 for path in files.glob("*_2008-04_*.csv"))
    assert sum(stage.received for stage in kept.stages) == lines
    total = reads.position(PLACE, APRIL).total.figures
    assert total["actual-activity"].value == sum(stage.counted for stage in kept.stages) > 0
    assert total["actual-charge"].value == sum(stage.counted_charge for stage in kept.stages) > 0
    (entry,) = reads.history(PLACE, APRIL)
    assert (entry.state, entry.by, entry.run_id) == ("closed", "An analyst", closed.run_id)


def test_every_planted_fault_is_found_and_nothing_else_is(receive, files):
    from openpbc.activity import reads as activity
    from openpbc.warehouse import runs

    receive("*_2008-04_*.csv")
    run = actions.close(by=ANALYST, place=PLACE, month=APRIL).run_id
    names = {each.file: each.file_name for each in activity.submissions(PLACE, APRIL)}
    found: dict[tuple[str, int], set[str]] = {}
    for row in runs.query(store(), [run], "select file, line, rule from findings where rule like 'V-%'"):
        found.setdefault((names[row["file"]], row["line"]), set()).add(row["rule"])
    with (files / "SYNTHETIC-faults.csv").open(newline="") as file:
        key = [row for row in csv.DictReader(file) if "_2008-04_" in row["file"]]
    planted = {(row["file"], int(row["line"])): row["rule"] for row in key}
    assert all(rule in found.get(place, set()) for place, rule in planted.items() if rule)
    # a faulty episode may put its neighbours in the same spell out of order, and leave A&E without the stay it tells of
    stray = {rule for place, rules in found.items() if place not in planted for rule in rules}
    assert stray <= {"V-APC-06", "V-APC-07", "V-AE-03"}


def test_closing_again_changes_nothing_and_computing_again_gives_the_same_bytes(receive):
    receive("*_2008-04_*.csv")
    first = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    before = {path.name: path.read_bytes() for path in (store().runs / first.run_id).iterdir()}
    events = len(audit.events())
    second = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert (second.run_id, second.already, second.computed) == (first.run_id, True, False)
    assert "nothing changed" in second.sentence
    third = actions.close(by=ANALYST, place=PLACE, month=APRIL, again=True)
    assert (third.run_id, third.already, third.computed) == (first.run_id, True, True)
    assert {path.name: path.read_bytes() for path in (store().runs / first.run_id).iterdir()} == before
    assert len(audit.events()) == events
    assert len(reads.history(PLACE, APRIL)) == 1


def test_a_changed_program_does_not_change_a_closed_month_behind_anybodys_back(receive, decided, monkeypatch):
    receive("*_2008-04_*.csv")
    first = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    monkeypatch.setattr("openpbc.warehouse.runs.code_version", lambda: "another program")
    with pytest.raises(UserError, match=r"the program has changed since and makes run .*reopen the month first"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL, again=True)
    assert PublishedMonth.objects.get(place=PLACE, month=str(APRIL)).run_id == first.run_id
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="The program was mended", decision=decided(APRIL))
    assert actions.close(by=ANALYST, place=PLACE, month=APRIL).run_id != first.run_id


def test_a_month_closed_with_one_engine_is_only_compared_with_another(receive, monkeypatch):
    receive("RWG_2008-04_*.csv")
    first = actions.close(by=ANALYST, place=PLACE, month=APRIL, engine=Engine(threads=1))
    events, differing = len(audit.events()), {}
    asked = []

    def recomputed(place, month, terms, engine, run_id, at):
        asked.append((place, month, engine.name, run_id))
        return differing

    monkeypatch.setattr("openpbc.activity.reads.recomputed", recomputed)
    second = actions.close(by=ANALYST, place=PLACE, month=APRIL, engine=Engine("spark"))
    assert asked == [(PLACE, APRIL, "spark", first.run_id)]
    assert (second.run_id, second.already, second.computed) == (first.run_id, True, True)
    assert "same figures" in second.sentence and "spark" in second.sentence
    differing["monitoring"] = 1_234
    with pytest.raises(UserError, match=r"other figures .*: monitoring \(1,234 rows\); nothing changed"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL, engine=Engine("spark"))
    assert actions.close(by=ANALYST, place=PLACE, month=APRIL, engine=Engine("duckdb")).computed is False
    assert len(audit.events()) == events
    assert PublishedMonth.objects.get(place=PLACE, month=str(APRIL)).run_id == first.run_id


def test_computing_again_keeps_nothing_and_counts_what_differs(receive, tmp_path):
    receive("RWG_2008-04_*.csv")
    first = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    runs = sorted(path.name for path in store().runs.iterdir())
    terms = contracts_reads.terms(PLACE, str(APRIL.year_of))
    assert activity_reads.recomputed(PLACE, APRIL, terms, Engine(threads=1), first.run_id) == {}
    receive("RC9_2008-04_op.csv")
    differing = activity_reads.recomputed(PLACE, APRIL, terms, Engine(threads=1), first.run_id)
    assert set(differing) >= {"monitoring", "priced", "rows_op"} and all(rows > 0 for rows in differing.values())
    assert sorted(path.name for path in store().runs.iterdir()) == runs


def test_a_closed_month_does_not_change_behind_anybodys_back(receive, decided):
    receive("RWG_2008-04_*.csv")
    first = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    receive("RC9_2008-04_op.csv")
    with pytest.raises(
        UserError, match=r"since then what was received changed\. Reopen it first, by a recorded decision"
    ):
        actions.close(by=ANALYST, place=PLACE, month=APRIL)
    reason = "Late file of Luton & Dunstable"
    opened = actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason=reason, decision=decided(APRIL))
    assert opened.run_id == first.run_id
    assert reads.position(PLACE, APRIL).run_id == first.run_id  # still shown, and marked
    assert {state.month: state.state for state in reads.months(PLACE)}[APRIL] == "reopened"
    second = actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert second.run_id != first.run_id and not second.already
    told = [(entry.state, entry.reason) for entry in reads.history(PLACE, APRIL)]
    assert told == [("closed", ""), ("reopened", "Late file of Luton & Dunstable"), ("closed", "")]
    (event,) = audit.events(action="monitoring.reopen")
    assert event.reason == "Late file of Luton & Dunstable"
    assert audit.verify().intact


def test_changed_terms_are_named(receive, tmp_path):
    receive("RWG_2008-04_ae.csv")
    actions.close(by=ANALYST, place=PLACE, month=APRIL)
    from openpbc.contracts.models import LocalPrice

    LocalPrice.objects.filter(pod="RADAY").update(price_pence=1)
    with pytest.raises(UserError, match="the contract terms changed"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL)
    contracts.load_register(by=SYSTEM, place=PLACE)
    assert actions.close(by=ANALYST, place=PLACE, month=APRIL).already


def test_months_are_closed_in_their_order(receive):
    receive("RWG_*_ae.csv")
    with pytest.raises(UserError, match="April 2008 comes first"):
        actions.close(by=ANALYST, place=PLACE, month=MAY)
    actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert not actions.close(by=ANALYST, place=PLACE, month=MAY).already


def test_a_place_that_starts_within_the_year_may_close_its_first_month(receive):
    receive("RWG_2008-05_ae.csv")
    assert not actions.close(by=ANALYST, place=PLACE, month=MAY).already
    assert reads.position(PLACE, MAY).missing == (APRIL,)


@pytest.mark.parametrize(
    ("month", "says"), [(Month(2008, 6), "nothing was received"), (Month(2007, 4), "lies outside 2008/09")]
)
def test_a_month_that_cannot_be_closed_says_why(place, month, says):
    with pytest.raises(UserError, match=says):
        actions.close(by=ANALYST, place=place, month=month)
    assert not PublishedMonth.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_reopening_needs_a_reason_and_a_closed_month(receive, decided, reason):
    own = decided(APRIL)
    with pytest.raises(UserError, match="not closed"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=own)
    receive("RWG_2008-04_ae.csv")
    actions.close(by=ANALYST, place=PLACE, month=APRIL)
    with pytest.raises(UserError, match="needs a reason"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason=reason, decision=own)
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=own)
    with pytest.raises(UserError, match="already reopened"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=own)


def test_of_two_who_close_at_once_one_is_told(receive, decided, monkeypatch):
    own = decided(APRIL)
    receive("RWG_2008-04_ae.csv")
    actions.close(by=ANALYST, place=PLACE, month=APRIL)
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=own)
    run = closing.activity.run

    def overtaken(**arguments):
        made = run(**arguments)
        PublishedMonth.objects.update(version=99)  # what the other one's close leaves behind
        return made

    monkeypatch.setattr(closing.activity, "run", overtaken)
    with pytest.raises(UserError, match="somebody else"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert len(reads.history(PLACE, APRIL)) == 2


def test_a_file_that_comes_during_a_close_is_neither_taken_in_nor_lost(receive, monkeypatch):
    receive("RWG_2008-04_ae.csv")
    run, made = closing.activity.run, []

    def meanwhile(**arguments):
        receive("RC9_2008-04_op.csv")
        made.append(run(**arguments))
        return made[-1]

    monkeypatch.setattr(closing.activity, "run", meanwhile)
    with pytest.raises(UserError, match="somebody else sent or decided on a file of April 2008 meanwhile"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert [one["provider"] for one in made[0].manifest["inputs"]] == ["RWG"]
    assert not PublishedMonth.objects.exists() and reads.history(PLACE, APRIL) == []
    monkeypatch.setattr(closing.activity, "run", run)
    assert actions.close(by=ANALYST, place=PLACE, month=APRIL).submissions == 2


def test_the_month_from_the_shell(receive, capsys):
    import json

    from openpbc.site.cli import main

    receive("RWG_2008-04_ae.csv")
    assert main(["month", "close", "2008-04", "--place", PLACE, "--json"]) == 0
    run = json.loads(capsys.readouterr().out)["run_id"]
    assert main(["month", "show", "2008-04", "--place", PLACE, "--by", "pod", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["run"] == run and shown["rows"][0]["code"] == "AE"
    assert all(stage["holds"] for stage in shown["conservation"])
    assert main(["month", "verify", "2008-04", "--place", PLACE]) == 0
    assert main(["month", "reopen", "2008-04", "--place", PLACE, "--reason", "", "--decision", "1"]) == 2
    assert main(["month", "close", "2008-13", "--place", PLACE]) == 2
    assert "'2008-13' is not a month" in capsys.readouterr().err
    assert main(["month", "show", "--place", PLACE]) == 0
    assert "2008-04  closed" in capsys.readouterr().out


def test_a_run_that_does_not_add_up_is_not_published(receive, monkeypatch):
    from dataclasses import replace

    receive("RWG_2008-04_ae.csv")
    kept = closing.of_run

    def doubled(place, month, run):
        found = kept(place, month, run)
        return replace(found, stages=tuple(replace(stage, received=stage.received + 1) for stage in found.stages))

    monkeypatch.setattr(closing, "of_run", doubled)
    with pytest.raises(RuntimeError, match="lost or doubled something in apc, op, ae"):
        actions.close(by=ANALYST, place=PLACE, month=APRIL)
    assert not PublishedMonth.objects.exists()
    assert reads.months(PLACE)[0].state == "open"
