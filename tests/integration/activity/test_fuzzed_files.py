"""Files spoilt by chance: a sentence each, or every line of them accounted for; never a traceback, nothing in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from tests.unit.activity.fuzzed_files import fuzzed

pytestmark = pytest.mark.one_database

CASES = pytest.mark.parametrize("cases", [200, pytest.param(20_000, marks=pytest.mark.soak)])
LOOKED_AT = 12  # of those that are received so many are checked line by line


@CASES
@pytest.mark.django_db
def test_a_file_spoilt_by_chance_is_refused_or_accounted_for(place, tmp_path: Path, cases: int) -> None:
    received: dict[str, int] = {}
    refused = 0
    for seed in range(cases):
        name, content = fuzzed(seed)
        path = tmp_path / name
        path.write_bytes(content)
        before = models.Submission.objects.count()
        try:
            receipt = actions.receive(by=SYSTEM, place=place, path=path)
        except UserError as problem:
            refused += 1
            assert "\n" not in problem.sentence and len(problem.sentence) < 500, (seed, problem.sentence)
            assert models.Submission.objects.count() == before, seed
            continue
        assert 0 <= receipt.unparsed <= receipt.lines, seed
        received[receipt.sha256] = seed
    assert refused > cases // 4 and len(received) > cases // 20
    for sha256, seed in list(received.items())[:: max(1, len(received) // LOOKED_AT)]:
        found = reads.checked(place, sha256)
        held = reads.submission(place, sha256)
        assert found.lines == found.accepted + found.rejected + found.excluded == held.lines, seed
    assert list((reads.store().root / "staging").glob("*")) == []
