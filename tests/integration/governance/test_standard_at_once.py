"""Two people who assess one group at the same moment: one is recorded, the other is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openpbc.governance import actions
from openpbc.governance.reads.standard import assessments
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once
from tests.integration.governance.standards import POINTS, lay
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def standard(settings, tmp_path: Path, transactional_db) -> None:
    settings.RULEBOOK = tmp_path / "own packs"
    lay(settings.RULEBOOK, *POINTS)
    organisations.load_place(by=SYSTEM, place=HERE)


@pytest.mark.parametrize("rounds", [4, pytest.param(250, marks=pytest.mark.soak)])
def test_of_two_at_once_one_is_recorded_and_the_other_told(rounds: int) -> None:
    for seed in range(rounds):

        def assess(result: str, number: int = seed) -> int:
            return actions.assess_standard(
                by=SYSTEM, place=HERE, unit="DATCOM", assessed_on=date(2008, 4, 1), results={"Lead": (result, "")},
                seen=number,
            )  # fmt: skip

        # Neither says what the last one said, since that would change nothing.
        pair = ("met", "partly") if seed % 2 else ("not met", "met")
        done = at_once(*(lambda each=each: assess(each) for each in pair), seed=seed)
        if told := [each for each in done if isinstance(each, str)]:
            assert len(told) == 1 and "Look at that" in told[0], done
        numbers = [each.number for each in assessments(HERE, "DATCOM")]
        assert numbers == list(range(seed + 1, 0, -1)), done
