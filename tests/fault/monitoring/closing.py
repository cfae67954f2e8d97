"""A process that closes a month and may be killed at a named moment: ``python closing.py MOMENT``."""

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


def killed_before(module: Any, name: str) -> None:
    setattr(module, name, die)


def killed_after(module: Any, name: str, calls: int = 1) -> None:
    original: Callable[..., Any] = getattr(module, name)
    made = 0

    def act(*arguments: Any, **named: Any) -> Any:
        nonlocal made
        result = original(*arguments, **named)
        made += 1
        return die() if made == calls else result

    setattr(module, name, act)


def arm(moment: str) -> None:
    """Lay the trap of a moment."""
    from openpbc.activity.flow import checking
    from openpbc.audit import recording
    from openpbc.monitoring import actions
    from openpbc.monitoring.actions import closing
    from openpbc.warehouse.session import Session
    from openpbc.warehouse.store import Store

    traps: dict[str, Callable[[], None]] = {
        "none": lambda: None,
        "before the checks": lambda: killed_before(checking, "check"),
        "between two files of the run": lambda: killed_after(Session, "write", 3),
        "with the run complete but not in place": lambda: killed_before(Store, "keep"),
        "with the run in place but not remembered": lambda: killed_after(Store, "keep"),
        "with the run remembered but not published": lambda: killed_before(closing, "_check_kept"),
        "within the transaction": lambda: killed_after(closing, "_publish"),
        "just before the commit": lambda: killed_after(recording, "_append", 3),
        "just after the commit": lambda: killed_after(actions, "close"),
    }
    traps[moment]()


def set_up(folder: Path) -> None:
    """Make the database and receive the files of a folder."""
    from openpbc.activity import actions as activity
    from openpbc.contracts import actions as contracts
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations
    from openpbc.site.cli import main

    assert main(["migrate"]) == 0
    organisations.load_place(by=SYSTEM, place=PLACE)
    contracts.load_register(by=SYSTEM, place=PLACE)
    for path in sorted(folder.glob("RWG_2008-04_*.csv")):
        activity.receive(by=SYSTEM, place=PLACE, path=path)


def close() -> None:
    """Close April and print what is shown."""
    from openpbc.audit import reads as audit
    from openpbc.kernel.actor import SYSTEM
    from openpbc.kernel.periods import Month
    from openpbc.monitoring import actions, reads

    april = Month(2008, 4)
    closed = actions.close(by=SYSTEM, place=PLACE, month=april)
    figures = reads.position(PLACE, april).total.figures
    print(closed.run_id, figures["actual-activity"].value, figures["actual-charge"].value)
    print(len(reads.history(PLACE, april)), len(audit.events(action="monitoring.close")), audit.verify().intact)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "set up":
        set_up(Path(sys.argv[2]))
    else:
        arm(sys.argv[1])
        close()
