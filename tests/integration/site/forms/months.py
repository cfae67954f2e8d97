"""Closing a month, reopening it, and deciding on a file that came after the freeze."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from openpbc.activity import actions as activity
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.monitoring.models import PublishedMonth
from tests.integration.site.conftest import HERE, As, form, send
from tests.unit.activity.rows import rows, write

MONTHS = f"/p/{HERE}/months"
SURE = {"confirmed": "yes"}
IN_TIME, LATE = datetime(2008, 7, 10, tzinfo=UTC), datetime(2008, 9, 10, tzinfo=UTC)


def received(number: int = 3, arrived: datetime = IN_TIME) -> str:
    """Receive a file of outpatients of June, and give its hash."""
    folder = Path(tempfile.mkdtemp())
    return activity.receive(by=SYSTEM, place=HERE, path=write(folder, "op", rows("op", number)), arrived=arrived).sha256


def _published() -> None:
    PublishedMonth.objects.create(place=HERE, month="2008-06", run_id="r1", state="closed", basis={}, version=1)


def reopen(as_role: As):
    browser = as_role("analyst")
    _published()
    number = governance.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2008, 9, 1), minute="1", outcome="approved",
        text="SYNTHETIC", matter=f"month/{HERE}/2008-06", title="Reopen June", synthetic=True,
    )  # fmt: skip
    given = {"decision": f"{number}", "reason": "Late file", "seen": "1"}
    return lambda: send(browser, f"{MONTHS}/2008-06/reopen", given | SURE)


def late(as_role: As):
    browser = as_role("contract_manager")
    received()
    sha = received(4, LATE)
    return lambda: send(
        browser, f"/p/{HERE}/submissions/{sha[:12]}/late", {"verdict": "accept", "reason": "Agreed"} | SURE
    )


FORMS = {
    "monitoring:close-month": form("analyst", f"{MONTHS}/2008-06/close", {"point": "freeze"} | SURE, received),
    "monitoring:reopen-month": reopen,
    "activity:late": late,
}
