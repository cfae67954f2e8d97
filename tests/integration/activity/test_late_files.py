"""Files that come after the freeze wait, and change nothing until somebody who is named has decided."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once
from tests.unit.activity.rows import PLACE, rows, write

JUNE = Month(2008, 6)
# The freeze of June 2008 is 21 August at 17:00 (summer time).
IN_TIME, LATE = datetime(2008, 8, 21, 15, 59, tzinfo=UTC), datetime(2008, 8, 21, 16, 0, tzinfo=UTC)
MANAGER = Actor("user/7", "A contract manager", frozenset({"contract_manager"}))


@pytest.fixture
def late(place, receive, tmp_path: Path) -> str:
    receive(write(tmp_path, "op", rows("op", 3)), arrived=IN_TIME)
    return receive(write(tmp_path, "op", rows("op", 4)), arrived=LATE).sha256


def standing(sha256: str) -> tuple[str, bool]:
    found = reads.submission(PLACE, sha256)
    return found.standing, found.superseded


@pytest.mark.django_db
def test_a_late_file_waits_and_changes_nothing(late):
    first = reads.submitted(PLACE, JUNE)
    assert [one.superseded for one in first] == [False] and first[0].sha256 != late
    assert [one.sha256 for one in reads.waiting(PLACE, JUNE)] == [late]
    assert standing(late) == ("waiting", False)


@pytest.mark.django_db
def test_an_accepted_file_replaces_the_former_and_says_who_and_why(late):
    before = reads.submitted(PLACE, JUNE)
    said = actions.decide_late(by=MANAGER, place=PLACE, sha256=late, accept=True, reason="Theatre system was down")
    assert "is accepted and counts from now on" in said
    assert {one.sha256: one.superseded for one in reads.submitted(PLACE, JUNE)} == {before[0].sha256: True, late: False}
    found = reads.late_decision(PLACE, late)
    assert (found.accepted, found.coordinator, found.agreed_by, found.decided_by) == (
        True, "5P4", "A contract manager", "A contract manager",
    )  # fmt: skip
    (event,) = audit.events(action="activity.decide_late")
    assert event.reason == "Theatre system was down" and event.after["standing"] == "counts"
    again = actions.decide_late(by=MANAGER, place=PLACE, sha256=late, accept=True, reason="Again")
    assert "nothing changed" in again and len(audit.events(action="activity.decide_late")) == 1
    with pytest.raises(Stale, match="A contract manager accepted this file on"):
        actions.decide_late(by=MANAGER, place=PLACE, sha256=late, accept=False, reason="No")


@pytest.mark.django_db
def test_a_refused_file_stays_in_the_log_and_changes_nothing(late):
    before = reads.submitted(PLACE, JUNE)
    said = actions.decide_late(by=MANAGER, place=PLACE, sha256=late, accept=False, reason="Three weeks too late")
    assert "is refused" in said and reads.submitted(PLACE, JUNE) == before
    assert standing(late) == ("refused", False) and reads.waiting(PLACE) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "why"), [({"reason": " "}, "the reason"), ({"sha256": "0" * 64}, "no file")])
def test_a_decision_without_a_reason_or_file_is_refused(late, said, why):
    with pytest.raises(UserError, match=why):
        actions.decide_late(**{"by": MANAGER, "place": PLACE, "sha256": late, "accept": True, "reason": "x"} | said)
    assert standing(late) == ("waiting", False) and not models.LateDecision.objects.exists()


@pytest.mark.django_db
def test_where_another_commissioner_co_ordinates_somebody_there_is_named(place, receive, tmp_path):
    receive(write(tmp_path, "op", rows("op", 3, provider="RWH"), "RWH_2008-06_op.csv"), arrived=IN_TIME)
    sha256 = receive(write(tmp_path, "op", rows("op", 4, provider="RWH"), "RWH_2008-06_op.csv"), arrived=LATE).sha256
    with pytest.raises(UserError, match="who agreed for the co-ordinating commissioner"):
        actions.decide_late(by=MANAGER, place=PLACE, sha256=sha256, accept=True, reason="x")
    actions.decide_late(
        by=MANAGER, place=PLACE, sha256=sha256, accept=True, reason="x", agreed_by="SYNTHETIC director of contracts"
    )
    assert reads.late_decision(PLACE, sha256).coordinator == "5P3"


@pytest.mark.django_db
def test_a_file_in_time_does_not_wait_and_one_for_which_nothing_is_decided_cannot_be(place, receive, tmp_path):
    first = receive(write(tmp_path, "op"), arrived=IN_TIME)
    assert (first.standing, first.waits) == ("counts", False)
    with pytest.raises(UserError, match="waits for no decision"):
        actions.decide_late(by=MANAGER, place=PLACE, sha256=first.sha256, accept=True, reason="x")


@pytest.mark.django_db
def test_what_was_recorded_later_but_came_earlier_does_not_replace_what_counts(place, receive, tmp_path):
    newest = receive(write(tmp_path, "op", rows("op", 4)), arrived=datetime(2008, 7, 20, tzinfo=UTC))
    older = receive(write(tmp_path, "op", rows("op", 3)), arrived=datetime(2008, 7, 10, tzinfo=UTC))
    assert "which arrived later, stays current" in older.sentence
    assert standing(older.sha256) == ("counts", True) and standing(newest.sha256) == ("counts", False)
    at = reads.submitted_at(PLACE, JUNE, datetime(2008, 7, 15, tzinfo=UTC))
    assert [(one.sha256, one.superseded) for one in at] == [(older.sha256, False)]


@pytest.mark.django_db
def test_a_month_that_was_frozen_lets_no_first_file_in_either(place, receive, tmp_path):
    actions.freeze_month(by=SYSTEM, place=PLACE, month=JUNE)
    assert receive(write(tmp_path, "op"), arrived=LATE).waits


@pytest.mark.django_db
def test_an_arrival_in_the_future_is_refused(place, receive, tmp_path):
    with pytest.raises(UserError, match="cannot have arrived in the future"):
        receive(write(tmp_path, "op"), arrived=datetime(2190, 1, 1, tzinfo=UTC))
    assert not models.Submission.objects.exists()


@pytest.mark.django_db
def test_late_files_from_the_shell(late, capsys):
    from openpbc.site.cli import main

    assert main(["activity", "late", "list", "--place", PLACE]) == 0
    assert late[:12] in capsys.readouterr().out
    assert main(["activity", "late", "accept", late[:12], "--place", PLACE, "--reason", "Agreed"]) == 0
    assert "accepted" in capsys.readouterr().out
    assert main(["activity", "late", "refuse", late[:12], "--place", PLACE, "--reason", "No"]) == 2
    assert main(["activity", "late", "list", "--place", PLACE]) == 0
    assert "No file waits" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    actions.receive(by=SYSTEM, place=PLACE, path=write(tmp_path, "op", rows("op", 3)), arrived=IN_TIME)
    late = actions.receive(by=SYSTEM, place=PLACE, path=write(tmp_path, "op", rows("op", 4)), arrived=LATE).sha256

    def decide(accept: bool):
        return lambda: actions.decide_late(by=MANAGER, place=PLACE, sha256=late, accept=accept, reason="x")

    told = at_once(decide(True), decide(False))
    assert sum("A contract manager" in each for each in told) == 1, told
    assert models.LateDecision.objects.count() == 1
    assert len(audit.events(action="activity.decide_late")) == 1
    assert sum(one.current for one in reads.submissions(PLACE)) == 1
