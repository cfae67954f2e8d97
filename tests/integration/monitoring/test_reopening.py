"""Closing at flex and at freeze, reopening by a recorded decision, and the signed difference that it makes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from openpbc.activity import actions as activity
from openpbc.activity import reads as activity_reads
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads.difference_explaining import difference_address, explain_difference
from openpbc.organisations import actions as organisations
from tests.unit.activity.rows import rows, write

PLACE = "west-herts-2008"
APRIL, MAY = Month(2008, 4), Month(2008, 5)
ANALYST = Actor(id="user/1", name="An analyst", roles=frozenset({"analyst"}))
# Flex of April 2008 ends on 22 May, freeze on 20 June, both at 17:00.
EARLY, BETWEEN, LATE = (datetime(2008, *day, 9, tzinfo=UTC) for day in ((5, 10), (6, 10), (7, 10)))

pytestmark = pytest.mark.django_db


def sent(tmp_path, number: int, arrived: datetime, **changes: str) -> str:
    """Outpatients of April as RWG sent them at a moment: ``number`` appointments."""
    records = rows("op", number, appointment_date="2008-04-02", referral_received_date="2008-03-01", **changes)
    folder = tmp_path / f"{number}-{arrived:%m%d}"
    folder.mkdir()
    path = write(folder, "op", records, "RWG_2008-04_op.csv")
    return activity.receive(by=SYSTEM, place=PLACE, path=path, arrived=arrived).sha256


def close(month: Month = APRIL, point: str = "") -> str:
    return actions.close(by=ANALYST, place=PLACE, month=month, point=point).run_id


def test_flex_takes_what_was_in_by_then_and_freeze_what_came_after(place, tmp_path):
    sent(tmp_path, 5, EARLY)
    sent(tmp_path, 7, BETWEEN)
    sent(tmp_path, 9, LATE)
    assert len(activity_reads.waiting(PLACE, APRIL)) == 1
    flex = close(point="flex")
    assert reads.position(PLACE, APRIL).total.figures["actual-activity"].value == 5
    freeze = close(point="freeze")
    assert freeze != flex
    assert reads.position(PLACE, APRIL).total.figures["actual-activity"].value == 7
    found = reads.flex_and_freeze(PLACE, APRIL, "provider")
    assert (found.before.run_id, found.after.run_id) == (flex, freeze)
    assert found.total.difference.activity == 2 and found.total.causes["new"].activity == 2
    assert found.conserved and found.total.difference.charge == found.total.causes["new"].charge > 0
    assert [(each.state, each.point) for each in reads.history(PLACE, APRIL)] == [
        ("closed", "flex"),
        ("closed", "freeze"),
    ]
    with pytest.raises(UserError, match="closed at the freeze, which comes after flex"):
        close(point="flex")
    assert activity_reads.frozen(PLACE, APRIL)


def test_closing_at_a_point_that_has_not_come_is_refused(place, tmp_path, monkeypatch):
    sent(tmp_path, 5, EARLY)
    monkeypatch.setattr(timezone, "now", lambda: BETWEEN)
    with pytest.raises(UserError, match=r"freeze of April 2008 ends on 20 June 2008 at 17:00"):
        close(point="freeze")
    assert reads.months(PLACE)[0].state == "open"
    with pytest.raises(UserError, match="no point of the calendar"):
        close(point="thaw")


def test_nothing_in_by_the_end_of_flex_is_said(place, tmp_path):
    sent(tmp_path, 5, BETWEEN)
    with pytest.raises(UserError, match="nothing was received for April 2008 by the end of flex"):
        close(point="flex")


def test_a_late_file_that_is_accepted_counts_only_after_a_reopening(place, tmp_path, decided):
    sent(tmp_path, 7, EARLY)
    late = sent(tmp_path, 9, LATE)
    first = close(point="freeze")
    assert close() == first, "a file that waits changes nothing"
    activity.decide_late(by=ANALYST, place=PLACE, sha256=late, accept=True, reason="x", agreed_by="x")
    with pytest.raises(UserError, match="what was received changed. Reopen it first, by a recorded decision"):
        close()
    number = decided(APRIL)
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="Late file", decision=number)
    close()
    assert [each.point for each in reads.history(PLACE, APRIL)] == ["freeze"] * 3
    found = reads.difference(PLACE, APRIL)
    assert found.opened.decision == number and found.opened.reason == "Late file" and found.opened.by == "An analyst"
    assert found.total.difference.activity == 2 and found.conserved
    assert found.total.difference.charge == found.total.after.charge - found.total.before.charge
    assert sum(row.difference.charge for row in found.rows) == found.total.difference.charge
    assert found.before.sha256 != found.after.sha256


def test_a_membership_corrected_later_moves_a_closed_month_only_by_a_reopening(place, tmp_path, decided):
    sent(tmp_path, 6, EARLY)
    first = close()
    before = reads.position(PLACE, APRIL).total.figures["actual-charge"].value
    organisations.record_membership(
        by=SYSTEM, place=PLACE, practice="E82901", unit="DATCOM", valid_from=date(2008, 4, 1),
        known_from=date(2008, 7, 1), reason="SYNTHETIC: it had moved already",
    )  # fmt: skip
    assert reads.position(PLACE, APRIL).run_id == first
    with pytest.raises(UserError, match="who belongs to which group changed. Reopen it first"):
        close()
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="E82901 had moved", decision=decided(APRIL))
    close()
    found = reads.difference(PLACE, APRIL)
    moved = {row.code: row for row in found.rows if row.difference.charge}
    assert set(moved) == {"WATCOM", "DATCOM"} and moved["DATCOM"].difference.charge == before
    assert moved["WATCOM"].difference.charge == -before == moved["WATCOM"].causes["reattributed"].charge
    assert found.total.difference.charge == 0 and found.total.difference.activity == 0 and found.conserved
    address = difference_address(found, "DATCOM", "difference-charge")
    explained = explain_difference(address)
    assert explained.value == before == recompute(explained)
    assert recompute(explain_difference(difference_address(found, "", "before-charge"))) == before
    cause = explain_difference(difference_address(found, "WATCOM", "reattributed-charge"))
    assert recompute(cause) == cause.value == -before


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"body": "clinical_committee"}, "of a body that may not reopen months"),
        ({"outcome": "refused"}, "does not approve"),
        ({"matter": f"month/{PLACE}/2008-05"}, "is not on reopening April 2008"),
    ],
)
def test_a_decision_that_is_none_for_this_month_is_refused(receive, decided, said, why):
    receive("RWG_2008-04_ae.csv")
    close()
    with pytest.raises(UserError, match=why):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=decided(APRIL, **said))
    assert reads.months(PLACE)[0].state == "closed" and audit.events(action="monitoring.reopen") == []


def test_a_decision_reopens_once(receive, decided):
    receive("RWG_2008-04_ae.csv")
    close()
    number = decided(APRIL)
    actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=number)
    close()
    with pytest.raises(UserError, match=f"decision {number} has reopened a month before"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=number)
    with pytest.raises(UserError, match="there is no decision 999"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=999)
    with pytest.raises(Stale, match="April 2008 changed since you looked: An analyst closed it on"):
        actions.reopen(by=ANALYST, place=PLACE, month=APRIL, reason="why", decision=decided(APRIL), seen=1)


def test_the_difference_from_the_shell(receive, decided, capsys):
    from openpbc.site.cli import main

    receive("RWG_2008-04_ae.csv")
    assert main(["month", "close", "2008-04", "--place", PLACE, "--at", "freeze"]) == 0
    assert main(["month", "difference", "2008-04", "--place", PLACE]) == 2
    assert "has nothing to compare" in capsys.readouterr().err
    number = str(decided(APRIL))
    assert main(["month", "reopen", "2008-04", "--place", PLACE, "--reason", "x", "--decision", number]) == 0
    assert main(["month", "close", "2008-04", "--place", PLACE]) == 0
    capsys.readouterr()
    assert main(["month", "difference", "2008-04", "--place", PLACE, "--by", "pod", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["conserved"] and told["total"]["before"] == told["total"]["after"]
    assert main(["month", "difference", "2008-04", "--place", PLACE]) == 0
    assert "reopened by" in capsys.readouterr().out
    assert main(["month", "difference", "2008-04", "--place", PLACE, "--flex-and-freeze"]) == 2
