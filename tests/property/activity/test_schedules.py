"""Files that come twice, late, revised and in any order end as a simple model says."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.organisations import actions as organisations
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db

PROVIDERS = ("RWG", "RWH")
MONTHS = ("2008-06", "2008-07")
VERSIONS = (1, 2, 3)
SCHEDULES, STEPS = 12, 14

Key = tuple[str, str]


@pytest.fixture
def files(settings, tmp_path: Path) -> dict[tuple[str, str, int], Path]:
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    made = {}
    for provider in PROVIDERS:
        for month in MONTHS:
            for version in VERSIONS:
                folder = tmp_path / str(version)
                folder.mkdir(exist_ok=True)
                records = rows("op", version, provider=provider, appointment_date=f"{month}-02")
                made[provider, month, version] = write(folder, "op", records, f"{provider}_{month}_op.csv")
    return made


def test_any_schedule_ends_as_the_model_says(files) -> None:
    for seed in range(SCHEDULES):
        models.Submission.objects.all().delete()
        dice = random.Random(seed)
        current: dict[Key, str] = {}
        replaced: dict[str, str] = {}
        seen: set[str] = set()
        for _ in range(STEPS):
            provider, month, version = dice.choice(sorted(files))
            receipt = actions.receive(by=SYSTEM, place=PLACE, path=files[provider, month, version])
            assert receipt.already == (receipt.sha256 in seen)
            if not receipt.already:
                former = current.get((provider, month), "")
                assert receipt.superseded == former
                replaced |= {former: receipt.sha256} if former else {}
                current[provider, month] = receipt.sha256
                seen.add(receipt.sha256)
        held = reads.submissions(PLACE)
        assert {one.sha256 for one in held} == seen
        assert {(one.provider, one.month): one.sha256 for one in held if not one.superseded} == current
        assert {one.sha256: one.superseded_by for one in held if one.superseded} == replaced
        for month in MONTHS:
            taken = reads.submitted(PLACE, Month.parse(month))
            assert {one.sha256 for one in taken if not one.superseded} == {
                sha256 for (_, own), sha256 in current.items() if own == month
            }
