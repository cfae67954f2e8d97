"""The process that checks a draft: seen while it lives, missed when it is killed, run again; and several at once."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.activity.reads.drafts import is_working
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    return tmp_path


def opened(path: Path, by: Actor = SYSTEM) -> str:
    return actions.open_draft(by=by, place=PLACE, scope="", name=path.name, content=[path.read_bytes()])


def waited(code: str) -> reads.Draft:
    end = time.monotonic() + PATIENCE
    while (found := reads.draft(PLACE, "", code)).state == "working" and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_a_killed_check_says_so_and_can_be_run_again(home: Path, settings) -> None:
    settings.DRAFTS_WORK_HERE = False
    code = opened(write(home, "op"))
    found = reads.draft(PLACE, "", code)
    assert found.state == "working", "there is no moment at which it looks idle"
    assert found.stage == "land"
    os.kill(int((found.folder / "lock").read_text()), signal.SIGKILL)
    found = waited(code)
    assert (found.state, found.preview) == ("stopped", None)
    actions.check_again(by=SYSTEM, place=PLACE, scope="", code=code)
    found = waited(code)
    assert found.state == "ready" and found.preview is not None and found.preview.accepted == 3
    assert actions.receive_draft(by=SYSTEM, place=PLACE, scope="", code=code, seen="").lines == 3


def test_what_is_at_work_can_be_taken_back(home: Path, settings) -> None:
    settings.DRAFTS_WORK_HERE = False
    code = opened(write(home, "op"))
    folder = reads.draft(PLACE, "", code).folder
    actions.cancel_draft(by=SYSTEM, place=PLACE, scope="", code=code)
    assert not folder.exists() and not is_working(folder)


def test_of_two_who_receive_the_same_draft_one_wins(home: Path) -> None:
    code = opened(write(home, "op"))

    people = [Actor(str(number), f"P{number}") for number in range(4)]
    made = at_once(*(partial(actions.receive_draft, by=by, place=PLACE, scope="", code=code, seen="") for by in people))
    won = [one for one in made if not isinstance(one, str)]
    assert len(won) == 1, made
    assert len(reads.submissions(PLACE)) == 1 and not models.Draft.objects.exists()
    assert len(audit.events(action="activity.receive_draft")) == 1
    assert all("not waiting any more" in one for one in made if isinstance(one, str))


def test_of_two_drafts_of_one_month_the_second_must_look_again(home: Path) -> None:
    codes = []
    for number in (2, 3):
        (home / str(number)).mkdir()
        codes.append(opened(write(home / str(number), "op", rows("op", number)), Actor(str(number), f"P{number}")))

    made = at_once(*(partial(actions.receive_draft, by=SYSTEM, place=PLACE, scope="", code=x, seen="") for x in codes))
    assert sorted(isinstance(one, str) for one in made) == [False, True]
    assert len(reads.submissions(PLACE)) == 1 and models.Draft.objects.count() == 1


def test_slots_hold_when_many_files_come_at_once(home: Path, settings) -> None:
    settings.DRAFTS_EACH = 2
    path = write(home, "op")

    made = at_once(*[lambda: reads.draft(PLACE, "", opened(path))] * 4)
    kept = [one for one in made if isinstance(one, reads.Draft)]
    assert 1 <= len(kept) <= 2
    assert models.Draft.objects.count() == len(kept) == len(list(kept[0].folder.parent.iterdir()))
