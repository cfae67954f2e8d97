"""Two people who reopen one month at the same moment: one does, the other is told."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions, reads
from openpbc.monitoring.models import MonthEvent, PublishedMonth
from openpbc.monitoring.reads.decisions import matter
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PLACE, APRIL = "west-herts-2008", Month(2008, 4)


@pytest.mark.parametrize("decisions", [1, 2], ids=["by one decision", "by a decision each"])
def test_a_month_is_reopened_once(settings, tmp_path, decisions: int) -> None:
    settings.HOME = tmp_path
    organisations.load_place(by=SYSTEM, place=PLACE)
    PublishedMonth.objects.create(place=PLACE, month=str(APRIL), run_id="r1", state="closed", basis={}, version=1)
    numbers = [
        governance.record_decision(
            by=SYSTEM, place=PLACE, body="board", taken_on=date(2008, 9, 1), minute=f"{at}", outcome="approved",
            text="SYNTHETIC", matter=matter(PLACE, APRIL), title="Reopen April 2008", synthetic=True,
        )
        for at in range(decisions)
    ]  # fmt: skip

    def reopen(who: str, decision: int):
        by = Actor(f"user/{who}", who, frozenset({"analyst"}))
        return lambda: actions.reopen(by=by, place=PLACE, month=APRIL, reason="why", decision=decision, seen=1)

    told = at_once(reopen("first", numbers[0]), reopen("second", numbers[-1]))
    refused = [each for each in told if isinstance(each, str)]
    assert len(refused) == 1 and "already reopened" in refused[0], told
    assert MonthEvent.objects.filter(state="reopened").count() == 1
    assert len(audit.events(action="monitoring.reopen")) == 1
    assert {each.month: each.state for each in reads.months(PLACE)}[APRIL] == "reopened"
