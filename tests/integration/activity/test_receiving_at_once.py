"""Several people hand in files at the same moment."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from openpbc.activity import actions, reads
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    return tmp_path


def receive_all(paths: list[Path]) -> list[Any]:
    return at_once(*(partial(actions.receive, by=SYSTEM, place=PLACE, path=path) for path in paths))


def test_the_same_file_from_four_people_is_received_once(home: Path) -> None:
    receipts = receive_all([write(home, "op")] * 4)
    assert len({receipt.sha256 for receipt in receipts}) == 1
    assert sorted(receipt.already for receipt in receipts) == [False, True, True, True]
    assert len(reads.submissions(PLACE)) == 1
    assert len(audit.events(action="activity.receive")) == 1
    assert audit.verify().intact


def test_of_several_versions_at_once_one_is_current(home: Path) -> None:
    paths = []
    for number in range(1, 5):
        (home / str(number)).mkdir()
        paths.append(write(home / str(number), "op", rows("op", number)))
    made = receive_all(paths)
    received = [one for one in made if not isinstance(one, str)]
    held = reads.submissions(PLACE)
    assert received and len(held) == len(received)
    assert sum(not one.superseded for one in held) == 1
    replaced = {one.sha256: one.superseded_by for one in held if one.superseded}
    assert set(replaced.values()) <= {one.sha256 for one in held}
    assert audit.verify().intact
