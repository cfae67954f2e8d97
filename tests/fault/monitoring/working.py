"""A process that forks workers, each of which may be killed at any moment: ``python working.py FOLDER``.

It reads commands, one a line: ``work`` receives, corrects and closes one month after the other and says each result
when it is acknowledged; ``look`` says everything that stands. What takes long to import is imported before the fork, so
that a worker is at work within milliseconds; each has its own connection to the database and its own engine.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

PLACE = "west-herts-2008"
MONTHS = 3


def say(*words: object) -> None:
    """Write one line at once: a process that dies has written it whole or not at all."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def set_up() -> None:
    """Make the database with the place's organisations and contracts."""
    from openpbc.contracts import actions as contracts
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations
    from openpbc.site.cli import main

    assert main(["migrate"]) == 0
    organisations.load_place(by=SYSTEM, place=PLACE)
    contracts.load_register(by=SYSTEM, place=PLACE)


def work(folder: Path) -> None:
    """Do what is left to do: for each month receive its file, then the corrected one, and close."""
    from openpbc.activity import actions as activity
    from openpbc.kernel.actor import SYSTEM
    from openpbc.monitoring import actions, reads

    for state in reads.months(PLACE)[:MONTHS]:
        if state.published:
            continue
        for turn in ("first", "corrected"):
            (path,) = (folder / turn).glob(f"*{state.month}*")
            say("received", activity.receive(by=SYSTEM, place=PLACE, path=path).sha256)
        say("closed", state.month, actions.close(by=SYSTEM, place=PLACE, month=state.month).run_id)


def look(_: Path) -> None:
    """Say what stands: receipts, months and their closings, landed files and runs, and whether the log is whole."""
    from openpbc.activity import reads as activity
    from openpbc.audit import reads as audit
    from openpbc.monitoring import reads
    from openpbc.warehouse import landing, runs

    store = activity.store()
    closings = audit.events(action="monitoring.close")
    say(
        json.dumps(
            {
                "received": {one.sha256: one.superseded_by or "" for one in activity.submissions(PLACE)},
                "published": {str(one.month): one.run_id for one in reads.months(PLACE) if one.published},
                "closings": len(closings),
                "landed": {path.name: landing.is_whole(store, path.name) for path in sorted(store.landed.glob("*"))},
                "runs": {path.name: _files(store, path.name) for path in sorted(store.runs.glob("*"))},
                "faults": [fault for run_id in runs.listed(store) for fault in runs.verify(store, run_id)],
                "intact": audit.verify().intact,
            }
        )
    )


def _files(store: Any, run_id: str) -> dict[str, str]:
    from openpbc.warehouse.store import file_hash

    return {path.name: file_hash(path) for path in sorted((store.runs / run_id).iterdir())}


def forked(act: Callable[[Path], None], folder: Path) -> None:
    """Let a child act; say its number before, and how it ended after."""
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            say("begun", os.getpid())
            act(folder)
            ended = 0
        finally:
            if ended:
                traceback.print_exc()
            os._exit(ended)
    _, status = os.waitpid(child, 0)
    say("ended", os.waitstatus_to_exitcode(status))


def main(folder: Path) -> None:
    """Import what the workers need, and serve until nothing more is asked."""
    from openpbc.monitoring import actions, reads  # noqa: F401
    from openpbc.rulebook.reader import open_book

    open_book(PLACE)
    say("ready")
    for line in sys.stdin:
        forked({"work": work, "look": look}[line.strip()], folder)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "set up":
        set_up()
    else:
        main(Path(sys.argv[1]))
