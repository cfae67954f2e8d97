"""A process that receives a file and may be killed at a named moment: ``python receiving.py MOMENT FILE``."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

PLACE = "west-herts-2008"


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_before(holder: Any, name: str) -> None:
    setattr(holder, name, die)


def killed_after(holder: Any, name: str) -> None:
    original: Callable[..., Any] = getattr(holder, name)

    def act(*arguments: Any, **named: Any) -> Any:
        original(*arguments, **named)
        return die()

    setattr(holder, name, act)


def arm(moment: str) -> None:
    """Lay the trap of a moment."""
    from openpbc.activity import actions
    from openpbc.activity.actions import receiving
    from openpbc.activity.models import Submission
    from openpbc.audit import recording
    from openpbc.warehouse import landing
    from openpbc.warehouse.store import Store

    traps: dict[str, Callable[[], None]] = {
        "none": lambda: None,
        "before it is read": lambda: killed_before(landing, "_convert"),
        "with rows written and not described": lambda: killed_after(landing, "_convert"),
        "with the file complete but not in place": lambda: killed_before(Store, "keep"),
        "with the file in place but not remembered": lambda: killed_after(Store, "keep"),
        "with the former one superseded": lambda: killed_before(Submission.objects, "create"),
        "within the transaction": lambda: killed_after(receiving, "_remember"),
        "just before the commit": lambda: killed_after(recording, "_append"),
        "just after the commit": lambda: killed_after(actions, "receive"),
    }
    traps[moment]()


def set_up() -> None:
    """Make the database with the place's organisations."""
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations
    from openpbc.site.cli import main

    assert main(["migrate"]) == 0
    organisations.load_place(by=SYSTEM, place=PLACE)


def receive(path: Path) -> None:
    """Receive the file and print everything that is remembered of the place's files."""
    from openpbc.activity import actions, reads
    from openpbc.audit import reads as audit
    from openpbc.kernel.actor import SYSTEM

    receipt = actions.receive(by=SYSTEM, place=PLACE, path=path)
    print(receipt.sha256, receipt.lines)
    for held in reads.submissions(PLACE):
        found = reads.checked(PLACE, held.sha256)
        print(held.sha256, held.superseded_by or "current", found.lines, found.accepted, found.rejected, found.excluded)
    print(len(audit.events(action="activity.receive")), audit.verify().intact)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "set up":
        set_up()
    else:
        arm(sys.argv[1])
        receive(Path(sys.argv[2]))
