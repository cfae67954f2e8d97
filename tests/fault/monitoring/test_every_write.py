"""Each write of a receipt and of a close fails once: nothing is half done, and the next try completes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from openpbc.activity import actions as activity
from openpbc.activity import reads as activity_reads
from openpbc.audit import reads as audit
from openpbc.contracts import actions as contracts
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions, reads
from openpbc.organisations import actions as organisations
from tests.fault.points import Points, failing
from tests.unit.activity.rows import PLACE, rows, write

JUNE = Month(2008, 6)
MOST = 400
COMPUTED = ("activity.measure_quality", "activity.run")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    contracts.load_register(by=SYSTEM, place=PLACE)
    return settings.HOME


def remembered() -> dict[str, Any]:
    """Everything that counts of the files and the month, not what was computed on the way there and kept."""
    return {
        "files": [(one.sha256, one.superseded_by) for one in activity_reads.submissions(PLACE)],
        "month": [(each.month, each.run_id, each.published) for each in reads.months(PLACE)],
        "history": [(each.state, each.run_id) for each in reads.history(PLACE, JUNE)],
        "events": [event.action for event in audit.events() if event.action not in COMPUTED],
    }


def whole(home: Path) -> dict[str, str]:
    """The landed files and runs that can be seen, by their contents."""
    found = {}
    for folder in ("landed", "runs"):
        for path in sorted((home / "warehouse" / folder).rglob("*")):
            if path.is_file():
                found[path.relative_to(home).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fail_each(home: Path, act: Callable[[], object]) -> list[str]:
    """Try the operation until no write is left that did not fail once; give what it said each time."""
    before, said, points = remembered(), [], Points()
    for _ in range(MOST):
        with failing(points, home):
            try:
                act()
            except (UserError, OperationalError) as error:
                said.append(f"{points.at}: {error}")
            else:
                assert not points.at, f"it went on although this failed: {points.at}"
                return said
        assert points.at, f"it failed by itself: {said[-1]}"
        assert points.at.startswith("database") or "nothing was kept" in said[-1], said[-1]
        assert remembered() == before, f"half done after {said[-1]}"
        staging = home / "warehouse" / ".staging"
        assert [path.name for path in staging.glob("*") if path.name != "spill"] == [], points.at
        assert audit.verify().intact
    raise AssertionError(f"it never succeeded: {said[-1]}")


def test_each_write_of_a_receipt_fails_once(home: Path, tmp_path: Path):
    path = write(tmp_path, "op", rows("op", 5))
    failed = fail_each(home, lambda: activity.receive(by=SYSTEM, place=PLACE, path=path))
    assert len(failed) > 10
    assert [one.lines for one in activity_reads.submissions(PLACE)] == [5]
    kept = whole(home)
    assert activity.receive(by=SYSTEM, place=PLACE, path=path).already
    assert whole(home) == kept


def test_each_write_of_a_close_fails_once(home: Path, tmp_path: Path):
    activity.receive(by=SYSTEM, place=PLACE, path=write(tmp_path, "op", rows("op", 5)))
    failed = fail_each(home, lambda: actions.close(by=SYSTEM, place=PLACE, month=JUNE))
    assert len(failed) > 20
    kept = whole(home)
    again = actions.close(by=SYSTEM, place=PLACE, month=JUNE, again=True)
    assert again.already and again.computed
    assert whole(home) == kept
